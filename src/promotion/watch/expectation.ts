/**
 * What a promoted strategy is expected to do: made once from its walk-forward when it is promoted, kept as `promotions/<id>/expectation.json`. Returns are per UTC day, simple, after costs, a fraction of the equity at the day's beginning.
 */
export interface Expectation {
  readonly version: 1;
  readonly run: string;
  /** Out-of-sample returns that everything here was drawn from. */
  readonly returns: readonly number[];
  readonly mean: number;
  readonly sd: number;
  /** Share of closed trades that won, and how many there were. */
  readonly hitRate: { readonly share: number; readonly trades: number } | null;
  /** Modelled slippage of a taker, basis points of the price. */
  readonly slippageBps: number | null;
  /** Quantiles of the equity path by block bootstrap, the error of the expected mean included; one row a day from day 1: growth since the beginning (1 is even). */
  readonly cone: { readonly levels: readonly number[]; readonly days: readonly (readonly number[])[] };
  /** How the sequential test of profit decides. */
  readonly test: {
    readonly falseAlarm: number;
    readonly horizon: number;
    /** What each monitor may spend of `falseAlarm`; they add up to it. */
    readonly shares: { readonly profit: number; readonly hitRate: number; readonly slippage: number; readonly drift: number };
    /** Largest cumulative shortfall, in standard deviations of a day, that chance explains within the horizon. */
    readonly threshold: number;
    readonly block: number;
    readonly paths: number;
    readonly seed: string;
    /** Days after which a strategy that lost its whole edge (mean 0 after costs, on any day of a horizon) is caught in the stated share of cases; null when longer than ten horizons, or without an edge to lose. */
    readonly delay: { readonly days: number | null; readonly power: number };
  };
}

/** What one monitor says of live against expected. */
export interface MonitorVerdict {
  readonly monitor: 'profit' | 'cone' | 'hit-rate' | 'slippage' | 'forecast-drift';
  readonly verdict: 'inside' | 'alarm' | 'cannot-tell';
  readonly statistic: number | null;
  readonly threshold: number | null;
  /** One sentence with the figures. */
  readonly sentence: string;
}
