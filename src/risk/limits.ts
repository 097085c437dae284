/**
 * What the gate holds an account or a strategy to. null, or left out, switches a limit off. Money is in the settlement asset, multiples are of equity, fractions are of 1, times are market time. What only
 * reduces a position passes all of them but the price collar.
 */
export interface RiskLimits {
  /** Largest value of one order. */
  readonly maxOrderNotional: number | null;
  /** Gross notional over all symbols ÷ equity. */
  readonly maxLeverage: number | null;
  /** |Notional| in one symbol ÷ equity. */
  readonly maxExposure: number | null;
  /** Largest distance of a limit price from the last price on the paying side, as a fraction. */
  readonly priceCollar: number | null;
  /** HALTED when equity is this fraction below its peak. */
  readonly maxDrawdown?: number | null | undefined;
  /** |Notional| in one symbol, in money. */
  readonly maxPosition?: number | null | undefined;
  /** Gross notional over all symbols, in money. */
  readonly maxGross?: number | null | undefined;
  /** |Longs − shorts| over all symbols ÷ equity. */
  readonly maxNet?: number | null | undefined;
  /** Largest share of the gross notional in one symbol; holds only above `concentrationFrom`. */
  readonly maxConcentration?: number | null | undefined;
  /** Notional ÷ equity in one symbol up to which nothing is called concentrated: the first position is always all there is. 1 when left out. */
  readonly concentrationFrom?: number | null | undefined;
  /** Notional ÷ equity, on one side of the market, of symbols that move together. */
  readonly maxCorrelated?: number | null | undefined;
  /** Correlation of returns from which two symbols count as moving together. 0.8 when left out. */
  readonly correlationAt?: number | null | undefined;
  /** Bars that the correlation looks back. 100 when left out. */
  readonly correlationWindow?: number | null | undefined;
  /** Orders, amendments and cancels per `rateWindow`. */
  readonly maxOrderRate?: number | null | undefined;
  /** ms. A minute when left out. */
  readonly rateWindow?: number | null | undefined;
  /** Orders at work at one time. */
  readonly maxOpenOrders?: number | null | undefined;
  /** Loss of one UTC day, as a fraction of the equity that it began with: open profit and all costs included, deposits and withdrawals not. REDUCING up to the next day. */
  readonly maxDailyLoss?: number | null | undefined;
  /** A daily loss beyond the limit is HALTED instead. */
  readonly dailyLossHalts?: boolean | undefined;
  /** REDUCING for `lossPause` after so many losing round trips in a row. */
  readonly pauseAfterLosses?: number | null | undefined;
  /** ms. A day when left out. */
  readonly lossPause?: number | null | undefined;
  /** Realised volatility of a symbol, per year, above which nothing is opened in it. */
  readonly maxVolatility?: number | null | undefined;
  /** Bars that the volatility looks back. 60 when left out. */
  readonly volatilityWindow?: number | null | undefined;
  /** Quoted spread, bp of the middle, above which nothing is opened in a symbol; where no quotes are known it holds nothing up. */
  readonly maxSpread?: number | null | undefined;
  /** Age of a symbol's latest price, in bars, above which nothing is opened in it. */
  readonly maxDataAge?: number | null | undefined;
  /** Adverse move of every position at once, as a fraction, that must be left before liquidation. */
  readonly minMarginDistance?: number | null | undefined;
  /** Whether a halt by drawdown or daily loss closes positions at the market, or leaves them to their protective orders. true when left out. */
  readonly haltFlattens?: boolean | undefined;
}

/** Values of what is left out and has no off. */
export const LIMIT_DEFAULTS = {
  concentrationFrom: 1,
  correlationAt: 0.8,
  correlationWindow: 100,
  rateWindow: 60_000,
  lossPause: 86_400_000,
  volatilityWindow: 60,
} as const;

/** Room for rounding: a limit is passed by more than this share of itself. */
export const LIMIT_SLACK = 1 + 1e-9;
