/** First place in ascending `sorted` whose value is not below `value` (`after` false), or is above it (`after` true). */
const placeOf = (sorted: Float64Array, value: number, after: boolean): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (after ? sorted[middle]! <= value : sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Ranks from 1 of the values that are there; equal values share the mean of their ranks, and NaN has rank NaN and counts for nobody. */
export const midRanks = (values: Float64Array): Float64Array => {
  const sorted = values.filter(value => !Number.isNaN(value)).sort();
  return values.map(value => (Number.isNaN(value) ? NaN : (placeOf(sorted, value, false) + placeOf(sorted, value, true) + 1) / 2));
};
