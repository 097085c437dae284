/** What a trade may bring, as its size is chosen. Fractions of notional, in the direction of the trade, after the costs of the round trip unless said otherwise. */
export interface SizingBasis {
  /** Calibrated probability that the direction is right, 0…1. */
  readonly confidence: number;
  /** What is kept when the take-profit fills; 0 or less when costs eat it. */
  readonly gain: number;
  /** What is lost when the stop-loss fills, above 0. */
  readonly loss: number;
  /** Expected return of the whole trade. */
  readonly mean: number;
  /** Variance of the return of the whole trade. */
  readonly variance: number;
  /** Standard deviation of the price's return over the horizon, costs left out. */
  readonly sd: number;
  /** Length of the horizon in years of 365 days. */
  readonly years: number;
}

/** How much to hold: notional ÷ equity, before any cap. 0 or less says not to trade. */
export type Sizer = (basis: SizingBasis) => number;
