/**
 * A figure that is a smooth function of means: the Sharpe ratio of the means of r and r², say. Most figures of a track record are one, and
 * such a figure has a standard error in closed form from its gradient. On a scale where errors are even: a log for what cannot be negative.
 * Source: Bhattacharya & Ghosh, On the Validity of the Formal Edgeworth Expansion, Annals of Statistics 6 (1978).
 */
export interface FunctionOfMeans {
  /** The figure at these means of the columns; NaN or infinite where it is not defined. */
  readonly value: (means: Float64Array) => number;
  /** Writes the partial derivatives by the means into `out`, which comes filled with zeros. */
  readonly gradient: (means: Float64Array, out: Float64Array) => void;
  /** Whether what a row moves it may remember for longer than a block: true of spreads and tails, whose calm and wild months last. */
  readonly lasting?: boolean;
}
