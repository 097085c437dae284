import { MISSING_BIN } from './feature-bins.js';

/** What a split must satisfy. */
export interface SplitLimits {
  readonly minLeaf: number;
  readonly l2: number;
  readonly minGain: number;
}

/** Places in the array of a node's best split. `PACKED` sums are hessian with count, see `roundForExactSums`. */
export const GAIN = 0;
export const FEATURE = 1;
export const BIN = 2;
export const MISSING_LEFT = 3;
export const LEFT_GRADIENT = 4;
export const LEFT_PACKED = 5;
export const SPLIT_DOUBLES = 6;

const between = (w: number, low: number, high: number): number => (w < low ? low : w > high ? high : w);

/** Half the fall of the second-order loss for a leaf held within its bounds. */
const boundedScore = (g: number, h: number, l2: number, low: number, high: number): number => {
  const w = between(-g / (h + l2), low, high);
  return -(g * w + 0.5 * (h + l2) * w * w);
};

/** Newton's leaf value −G ÷ (H + λ), held within bounds (Chen & Guestrin 2016, equation 5). */
export const leafWeight = (g: number, h: number, l2: number, low: number, high: number): number => between(-g / (h + l2), low, high);

/**
 * Looks through the bins of one feature for a split with a higher gain than `best` holds, and writes it there. The gain is Chen & Guestrin's (KDD 2016, equation 7)
 * without γ: ½ (G_L² ÷ (H_L + λ) + G_R² ÷ (H_R + λ) − G² ÷ (H + λ)). Missing values go to the side with the higher gain; where the node has none, to the side with
 * more rows. Equal gains: the lower bin, and missing values to the left. `sign` is the feature's monotone constraint, 0 for none; weights of both children are held
 * within `low` and `high`, infinite where no constraint is above.
 */
export const searchFeature = (
  sums: Float64Array,
  offset: number,
  lastBin: number,
  feature: number,
  gradient: number,
  packed: number,
  unit: number,
  { minLeaf, l2 }: SplitLimits,
  sign: number,
  low: number,
  high: number,
  best: Float64Array,
): void => {
  const perUnit = 1 / unit;
  const count = Math.floor(packed * perUnit);
  const hessian = packed - count * unit;
  const bounded = sign !== 0 || low > -Infinity || high < Infinity;
  const whole = bounded ? boundedScore(gradient, hessian, l2, low, high) : (0.5 * gradient * gradient) / (hessian + l2);
  const missingGradient = sums[offset + 2 * MISSING_BIN]!;
  const missingPacked = sums[offset + 2 * MISSING_BIN + 1]!;
  const hasMissing = missingPacked > 0;
  // The last bin is a cut only where missing values would be all that is on the right.
  const end = hasMissing ? lastBin : lastBin - 1;
  let foundGain = best[GAIN]!;
  let foundBin = -1;
  let foundLeft = 0;
  let foundGradient = 0;
  let foundPacked = 0;
  let seenGradient = 0;
  let seenPacked = 0;
  for (let bin = 0; bin <= end; bin++) {
    const more = sums[offset + 2 * bin + 1]!;
    if (more === 0) continue;
    seenGradient += sums[offset + 2 * bin]!;
    seenPacked += more;
    for (let side = hasMissing ? 1 : 0; side >= 0; side--) {
      const g = side === 1 ? seenGradient + missingGradient : seenGradient;
      const p = side === 1 ? seenPacked + missingPacked : seenPacked;
      const n = Math.floor(p * perUnit);
      if (n < minLeaf || count - n < minLeaf) continue;
      const h = p - n * unit;
      const gOther = gradient - g;
      const hOther = hessian - h;
      if (!(h + l2 > 0) || !(hOther + l2 > 0)) continue;
      let gain: number;
      if (bounded) {
        if (sign !== 0 && sign * (leafWeight(gOther, hOther, l2, low, high) - leafWeight(g, h, l2, low, high)) < 0) continue;
        gain = boundedScore(g, h, l2, low, high) + boundedScore(gOther, hOther, l2, low, high) - whole;
      } else {
        gain = 0.5 * ((g * g) / (h + l2) + (gOther * gOther) / (hOther + l2)) - whole;
      }
      if (gain > foundGain) {
        foundGain = gain;
        foundBin = bin;
        foundLeft = side === 1 || (!hasMissing && 2 * n >= count) ? 1 : 0;
        foundGradient = g;
        foundPacked = p;
      }
    }
  }
  if (foundBin < 0) return;
  best[GAIN] = foundGain;
  best[FEATURE] = feature;
  best[BIN] = foundBin;
  best[MISSING_LEFT] = foundLeft;
  best[LEFT_GRADIENT] = foundGradient;
  best[LEFT_PACKED] = foundPacked;
};
