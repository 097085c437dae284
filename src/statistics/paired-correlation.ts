/**
 * Pearson's correlation over the pairs in which both numbers are there, −1 to 1. NaN for fewer than two pairs or a side without variation. Of ranks it is Spearman's ρ.
 * Source: K. Pearson, Philosophical Transactions A 187 (1896).
 */
export const pairedCorrelation = (x: Float64Array, y: Float64Array): number => {
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < x.length; i++) {
    const total = x[i]! + y[i]!;
    if (total !== total) continue;
    n++;
    sumX += x[i]!;
    sumY += y[i]!;
  }
  const centreX = sumX / n;
  const centreY = sumY / n;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    const total = x[i]! + y[i]!;
    if (total !== total) continue;
    const a = x[i]! - centreX;
    const b = y[i]! - centreY;
    xy += a * b;
    xx += a * a;
    yy += b * b;
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : NaN;
};
