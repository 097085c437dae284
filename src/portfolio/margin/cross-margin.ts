import type { MarginTier } from '../../market/margin-tiers.js';
import { initialMargin } from './initial-margin.js';
import { maintenanceMargin } from './maintenance-margin.js';
import { positionValue } from './position-value.js';

/** One holding of an account that shares its equity: a contract, a leg of a hedged one, or coins held beside them. */
export interface CrossHolding {
  /** Settles in the base asset. */
  readonly inverse: boolean;
  /** Signed: base units, quote currency for inverse contracts. */
  readonly quantity: number;
  /** Average, quote currency. */
  readonly entryPrice: number;
  readonly markPrice: number;
  /** None for spot: no maintenance margin. */
  readonly tiers: readonly MarginTier[];
  /** Of the symbol; 1 for spot, which is paid in full. */
  readonly leverage: number;
  /** Share of a spot holding's value that counts as equity; 1 when left out. */
  readonly collateralRatio?: number;
}

/** What an account stands at, settlement asset. */
export interface CrossMargin {
  /** Wallet + unrealised profit. */
  readonly equity: number;
  /** What the venue asks to keep everything open: liquidated when equity is not above it. */
  readonly maintenance: number;
  /** What it asked to open everything, at mark prices. */
  readonly initial: number;
  /** Equity that is free for more; negative when there is too little. */
  readonly available: number;
}

/** Profit that a holding adds to equity at its mark. Coins count at their collateral ratio. */
const profitOf = ({ inverse, quantity, entryPrice, markPrice, collateralRatio = 1 }: CrossHolding): number =>
  positionValue(inverse, quantity, markPrice) * collateralRatio - positionValue(inverse, quantity, entryPrice);

const maintenanceOfHolding = ({ tiers, inverse, quantity, markPrice }: CrossHolding): number =>
  maintenanceMargin(tiers, inverse, quantity, markPrice);

/**
 * Equity and margins of an account whose holdings share it. `wallet` is the cash without unrealised profit and without what coins were paid with. Legs of one symbol each have their
 * own maintenance margin, and their profits offset one another.
 */
export const crossMargin = (wallet: number, holdings: readonly CrossHolding[]): CrossMargin => {
  let equity = wallet;
  let maintenance = 0;
  let initial = 0;
  for (const holding of holdings) {
    equity += profitOf(holding);
    maintenance += maintenanceOfHolding(holding);
    initial += initialMargin(
      holding.tiers,
      Math.abs(positionValue(holding.inverse, holding.quantity, holding.markPrice)),
      holding.leverage,
    );
  }
  return { equity, maintenance, initial, available: equity - initial };
};

/**
 * Margin behind one holding of a crossed account, before its own profit: the wallet + the others' unrealised profit − the others' maintenance margin, all at their marks (Binance: WB −
 * TMM + UPNL). With it the formulas for isolated positions give the price at which the account is liquidated when only this one's price moves.
 */
export const crossedMargin = (wallet: number, others: readonly CrossHolding[]): number => {
  let margin = wallet;
  for (const other of others) margin += profitOf(other) - maintenanceOfHolding(other);
  return margin;
};
