import type { Vector } from '../../numeric/vector.js';

/**
 * Continuous ranked probability score of equally likely members, in their unit: mean |xᵢ − y| − ½ mean |xᵢ − xⱼ|, in O(m log m). `fair` divides the second part by
 * m(m − 1) in place of m², so that a small ensemble is scored as the law it was drawn from. NaN for no members (fair: for fewer than two) or a missing value.
 * Source: T. Gneiting & A. E. Raftery, Journal of the American Statistical Association 102 (2007), eq. 20; fair: C. A. T. Ferro, QJRMS 140 (2014).
 */
export const crpsEnsemble = (members: Vector, value: number, { fair = false }: { fair?: boolean } = {}): number => {
  const sorted = Float64Array.from(members).sort();
  const m = sorted.length;
  let distance = 0;
  let spread = 0;
  for (let i = 0; i < m; i++) {
    distance += Math.abs(sorted[i]! - value);
    // Σ over pairs of |xᵢ − xⱼ|: the i-th of sorted values is the larger in i pairs and the smaller in m − 1 − i.
    spread += (2 * i - m + 1) * sorted[i]!;
  }
  return distance / m - spread / (m * (fair ? m - 1 : m));
};
