/**
 * Milliseconds on the way between strategy and venue at a time, each its own leg: market data to the strategy, orders, cancels and amendments to the venue, and the venue's answers back. A model is a
 * function of its options, its seed and the sequence of calls only.
 */
export interface LatencyModel {
  /** From an exchange event at `ts` to the strategy, for market data. `line` names the series that the datum is of: what is drawn for one does not hang on how many others there are. */
  feed(ts: number, line?: string): number;
  /** From a decision at `now` to the venue. */
  order(now: number): number;
  cancel(now: number): number;
  /** From an answer at the venue at `ts` to the strategy. */
  report(ts: number): number;
}
