/** What the detectors of forecast drift said in a session; see `forecastDrift`. */
export interface ForecastDrift {
  /** Length of a stretch that detectors judge as one observation: the label's horizon, ms. */
  readonly stretchMs: number;
  /** How often calibration or residuals came to `drift` since the record begins. */
  readonly episodes: number;
  /** Where every detector stands that ever spoke, by subject. */
  readonly now: readonly { readonly subject: string; readonly level: 'none' | 'warning' | 'drift'; readonly since: number }[];
}

/** What a promoted strategy did since it was promoted, or since the last step of its ramp, whichever is later. */
export interface LiveRecord {
  /** Per complete UTC day, simple, after costs, a fraction of the equity at the day's beginning; the first day first. */
  readonly returns: readonly number[];
  /** Closed trades. */
  readonly trades: { readonly wins: number; readonly count: number };
  /** What its takers paid against the market's price at arrival: mean and standard deviation over fills, basis points of the price; null where fills have no such price. */
  readonly slippage: { readonly bps: number; readonly sd: number; readonly fills: number } | null;
  /** Null for a strategy without forecasts. */
  readonly drift: ForecastDrift | null;
}
