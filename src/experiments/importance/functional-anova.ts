import type { Box } from './box-tree.js';

/** A function over the unit cube, its variance split by what it is owed to. */
export interface VarianceParts {
  readonly mean: number;
  /** Variance of the function over the cube, each point as likely as any other. */
  readonly total: number;
  /** By side: of the mean over all other sides. */
  readonly mains: Float64Array;
  /** By pair of sides, (0, 1), (0, 2), …, (1, 2), …: what both together decide beyond what each does. */
  readonly pairs: Float64Array;
}

const breaksOf = (boxes: readonly Box[], side: number): Float64Array =>
  Float64Array.from(new Set([0, 1, ...boxes.flatMap(({ low, high }) => [low[side]!, high[side]!])])).sort();

/**
 * The functional analysis of variance of a function that is constant in boxes, by exact sums (Hoeffding's decomposition). Source: Hutter, Hoos & Leyton-Brown,
 * An Efficient Approach for Assessing Hyperparameter Importance, ICML 2014.
 */
export const functionalAnova = (boxes: readonly Box[]): VarianceParts => {
  const dimensions = boxes[0]!.low.length;
  const volumes = boxes.map(({ low, high }) => low.reduce((volume, from, d) => volume * (high[d]! - from), 1));
  let mean = 0;
  let total = 0;
  for (const [b, { value }] of boxes.entries()) mean += volumes[b]! * value;
  for (const [b, { value }] of boxes.entries()) total += volumes[b]! * (value - mean) * (value - mean);

  const breaks = Array.from({ length: dimensions }, (_, side) => breaksOf(boxes, side));
  const places = breaks.map(list => new Map(Array.from(list, (x, k) => [x, k])));
  const placeOf = (side: number, x: number): number => places[side]!.get(x)!;

  const mains = new Float64Array(dimensions);
  for (let side = 0; side < dimensions; side++) {
    const list = breaks[side]!;
    // What a box adds to the marginal begins at its lower border and ends at its upper one.
    const change = new Float64Array(list.length);
    for (const [b, { low, high, value }] of boxes.entries()) {
      const weight = ((value - mean) * volumes[b]!) / (high[side]! - low[side]!);
      change[placeOf(side, low[side]!)]! += weight;
      change[placeOf(side, high[side]!)]! -= weight;
    }
    let marginal = 0;
    for (let k = 0; k + 1 < list.length; k++) {
      marginal += change[k]!;
      mains[side]! += marginal * marginal * (list[k + 1]! - list[k]!);
    }
  }

  const pairs = new Float64Array((dimensions * (dimensions - 1)) / 2);
  let pair = 0;
  for (let one = 0; one < dimensions; one++)
    for (let other = one + 1; other < dimensions; other++, pair++) {
      const [rows, columns] = [breaks[one]!, breaks[other]!];
      const width = columns.length;
      const change = new Float64Array(rows.length * width);
      for (const [b, { low, high, value }] of boxes.entries()) {
        const weight = ((value - mean) * volumes[b]!) / ((high[one]! - low[one]!) * (high[other]! - low[other]!));
        const [top, bottom] = [placeOf(one, low[one]!) * width, placeOf(one, high[one]!) * width];
        const [left, right] = [placeOf(other, low[other]!), placeOf(other, high[other]!)];
        change[top + left]! += weight;
        change[top + right]! -= weight;
        change[bottom + left]! -= weight;
        change[bottom + right]! += weight;
      }
      let variance = 0;
      const above = new Float64Array(width);
      for (let i = 0; i + 1 < rows.length; i++) {
        let marginal = 0;
        for (let j = 0; j + 1 < width; j++) {
          above[j]! += change[i * width + j]!;
          marginal += above[j]!;
          variance += marginal * marginal * (rows[i + 1]! - rows[i]!) * (columns[j + 1]! - columns[j]!);
        }
      }
      // Rounding can leave a little less than nothing.
      pairs[pair] = Math.max(0, variance - mains[one]! - mains[other]!);
    }
  return { mean, total, mains, pairs };
};
