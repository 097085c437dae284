/** What boosting brings down. Margins are `outputs` numbers a row; `pairs` are (gradient, hessian) by row, already times the row's weight. */
export interface Loss {
  readonly kind: string;
  /** Trees in a round: margins of a row. */
  readonly outputs: number;
  /** Margins that all rows begin with, from the first `count` rows. */
  readonly base: (target: Float64Array, weight: Float64Array, count: number) => Float64Array;
  /** Derivatives of the first `count` rows by their margins, one array of pairs for each output. */
  readonly derivatives: (
    margin: Float64Array,
    target: Float64Array,
    weight: Float64Array,
    count: number,
    pairs: readonly Float64Array[],
  ) => void;
  /** Weighted mean loss of rows from `from` to before `to`. */
  readonly mean: (margin: Float64Array, target: Float64Array, weight: Float64Array, from: number, to: number) => number;
  /** Level of the quantile of residuals that a leaf is set to instead of Newton's step; null where that step is right. */
  readonly refit: number | null;
}
