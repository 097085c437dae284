/** Who pays what when a liquidated position has been closed; in the unit of the inputs. */
export interface LiquidationClearing {
  /** Liquidation fee that could be taken. */
  readonly fee: number;
  /** Paid by the insurance fund: the loss beyond the margin. */
  readonly insurance: number;
  /** Stays with the trader: nothing below the bankruptcy price, what the fee leaves above it. */
  readonly rest: number;
}

/**
 * Settles a closed position: `margin` stood behind it and closing realised `profit` (a loss is negative; trading fees included). Margin + insurance = loss + fee + rest. The fund covers
 * what the loss exceeds the margin by; the fee is taken only from what is left. Whole amounts give whole amounts. Some venues keep what is left for the fund: that flatters nobody but
 * the venue, and is not modelled.
 */
export const clearLiquidation = (margin: number, profit: number, feeDue: number): LiquidationClearing => {
  const left = margin + profit;
  if (left <= 0) return { fee: 0, insurance: -left + 0, rest: 0 };
  const fee = Math.min(feeDue, left);
  return { fee, insurance: 0, rest: left - fee };
};
