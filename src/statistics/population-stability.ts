/**
 * Population stability index of two histograms over the same bins: Σ (q − p) ln(q ÷ p) of their shares, 0 for equal ones. By custom below 0.1 is stable and above 0.25 is
 * moved; a slow feature exceeds that in a short stretch without anything being wrong. An empty bin counts as half a sample, so that the index stays finite. NaN when a
 * histogram is empty. Source: N. Siddiqi, Credit Risk Scorecards (2006); it is the symmetric divergence of Kullback & Leibler (1951).
 */
export const populationStability = (before: Float64Array, after: Float64Array): number => {
  const shares = (counts: Float64Array): Float64Array => {
    const filled = counts.map(count => Math.max(count, 0.5));
    const total = filled.reduce((sum, count) => sum + count, 0);
    return filled.map(count => count / total);
  };
  if (!(before.some(count => count > 0) && after.some(count => count > 0))) return NaN;
  const [p, q] = [shares(before), shares(after)];
  let index = 0;
  // A bin that is empty on both sides says nothing.
  for (let b = 0; b < p.length; b++) if (before[b]! + after[b]! > 0) index += (q[b]! - p[b]!) * Math.log(q[b]! / p[b]!);
  return index;
};
