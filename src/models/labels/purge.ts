import { usageError } from '../../errors.js';

/** Which rows are asked for. */
export interface PurgeOptions {
  /** When the outcome of each row became known, epoch ms; NaN while it is not. */
  readonly maturedAt: Float64Array;
  /** When the training was requested, epoch ms. */
  readonly at: number;
  /** Time that must have gone by since a label ended, ms: keeps rows away whose features go on to tell of the label. 0 when left out. */
  readonly embargoMs?: number;
}

/**
 * Indices of the rows that may be learned from at `at`: their outcome was known by then, and for at least the embargo. No other row can leak what came later.
 * Source: López de Prado, Advances in Financial Machine Learning (2018), §7.4. Throws a usage error for a negative embargo.
 */
export const purged = ({ maturedAt, at, embargoMs = 0 }: PurgeOptions): Int32Array => {
  if (!(embargoMs >= 0)) throw usageError('bad-embargo', `${embargoMs} ms is not an embargo.`, 'Use a duration of 0 or more.');
  const rows: number[] = [];
  for (let i = 0; i < maturedAt.length; i++) if (maturedAt[i]! <= at - embargoMs) rows.push(i);
  return Int32Array.from(rows);
};
