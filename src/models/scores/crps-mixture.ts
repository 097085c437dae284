import type { Vector } from '../../numeric/vector.js';
import { normalCdf, normalDensity } from '../../statistics/normal.js';

/** Normal laws that are mixed: weights add up to 1, standard deviations ≥ 0. */
export interface NormalMixture {
  readonly weight: Vector;
  readonly mean: Vector;
  readonly sd: Vector;
}

/** Mean |X| of a normal X. */
const meanAbsolute = (mean: number, sd: number): number =>
  sd > 0 ? 2 * sd * normalDensity(mean / sd) + mean * (2 * normalCdf(mean / sd) - 1) : sd === 0 ? Math.abs(mean) : NaN;

/**
 * Continuous ranked probability score of a mixture of normal laws, in the unit of the value: Σ wᵢ A(y − μᵢ, σᵢ) − ½ ΣΣ wᵢ wⱼ A(μᵢ − μⱼ, √(σᵢ² + σⱼ²)), where A(μ, σ) is
 * the mean of |X|. Source: Grimit, Gneiting, Berrocal & Johnson, Quarterly Journal of the Royal Meteorological Society 132 (2006), eq. 5–6.
 */
export const crpsMixture = ({ weight, mean, sd }: NormalMixture, value: number): number => {
  let distance = 0;
  let spread = 0;
  for (let i = 0; i < weight.length; i++) {
    distance += weight[i]! * meanAbsolute(value - mean[i]!, sd[i]!);
    for (let j = 0; j < weight.length; j++)
      spread += weight[i]! * weight[j]! * meanAbsolute(mean[i]! - mean[j]!, Math.sqrt(sd[i]! * sd[i]! + sd[j]! * sd[j]!));
  }
  return distance - spread / 2;
};
