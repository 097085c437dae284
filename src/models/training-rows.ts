/**
 * Rows to learn from: features as they were known at a bar's close, and what came of it later. Rows are ascending in time and, within one moment, in group order.
 * Only rows whose label had matured when the training was requested are in it (purge), so that nothing in here was unknown then.
 */
export interface TrainingRows {
  readonly count: number;
  /** Features in a row. */
  readonly width: number;
  /** Names of the features, `width` of them. */
  readonly names: readonly string[];
  /** count × width, row-major, as scaled; NaN is a missing value. */
  readonly x: Float64Array;
  /** Outcome class of each row: 0 down, 1 flat, 2 up. */
  readonly label: Uint8Array;
  /** Realised return over the label's horizon, a fraction. */
  readonly outcome: Float64Array;
  /** Standard deviation of the return over the horizon as estimated at the row: `outcome / scale` is comparable between rows. Above 0. */
  readonly scale: Float64Array;
  /** Weight of each row, mean 1: uniqueness of its label × recency. */
  readonly weight: Float64Array;
  /** Which symbol a row is of, from 0. Sequence models look back along rows of one group. */
  readonly group: Int32Array;
  /** When the row was known, epoch ms. */
  readonly ts: Float64Array;
}
