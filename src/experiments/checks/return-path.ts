/** Deepest fall from a peak of returns one after another, a negative fraction; 0 when they never fall. */
export const maxDrawdownOf = (returns: Float64Array): number => {
  let [equity, peak, deepest] = [1, 1, 0];
  for (const each of returns) {
    equity *= 1 + each;
    if (equity > peak) peak = equity;
    else if (equity / peak - 1 < deepest) deepest = equity / peak - 1;
  }
  return deepest;
};

/** The total return of returns one after another. */
export const compounded = (returns: Float64Array): number => returns.reduce((equity, each) => equity * (1 + each), 1) - 1;
