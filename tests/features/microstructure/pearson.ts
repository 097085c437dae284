/** Correlation of two samples. */
export const pearson = (xs: readonly number[], ys: readonly number[]): number => {
  const mean = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let xy = 0;
  let xx = 0;
  let yy = 0;
  xs.forEach((x, i) => {
    const y = (ys[i] ?? NaN) - my;
    xy += (x - mx) * y;
    xx += (x - mx) * (x - mx);
    yy += y * y;
  });
  return xy / Math.sqrt(xx * yy);
};
