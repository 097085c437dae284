/** A stretch of time, epoch ms: bars that open at `from` or later and before `to`. Their closes lie in (from, to]. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One step of a walk: parameters are chosen on `train` and judged on `test`. */
export interface Fold {
  readonly index: number;
  readonly train: Span;
  readonly test: Span;
}

/**
 * One step of a cross-validation, where training may follow a test as well as precede it. Spans ascend and do not overlap; neighbouring test spans are not
 * joined, so that each can be judged by itself.
 */
export interface SplitFold {
  readonly index: number;
  readonly train: readonly Span[];
  readonly test: readonly Span[];
}
