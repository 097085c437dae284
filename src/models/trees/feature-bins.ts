/** Bin of a missing value. Values have bins 0 … 254. */
export const MISSING_BIN = 255;

/** Most bins that values of one feature can have, so that a bin fits a byte beside the missing one. */
export const MAXIMUM_BINS = 255;

/** Per feature the upper edges of its bins but the last, ascending: values of the rows it was fitted on. `x` is in bin b when exactly b edges are below it. */
export type FeatureBins = readonly Float64Array[];

/** How many of the ascending `edges` are below x. */
export const edgesBelow = (edges: Float64Array, x: number): number => {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Edges of one feature from its ascending finite values. A bin is closed when it holds its share of what is left, so that frequent values do not starve the rest. */
const quantileEdges = (sorted: Float64Array, bins: number): Float64Array => {
  const n = sorted.length;
  let distinct = 0;
  for (let i = 0; i < n; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  const each = distinct <= bins;
  const edges: number[] = [];
  let left = n;
  let inBin = 0;
  for (let i = 0; i < n - 1; i++) {
    inBin++;
    if (sorted[i] === sorted[i + 1]) continue;
    if (!each && (edges.length === bins - 1 || inBin * (bins - edges.length) < left)) continue;
    // Minus zero is not kept by JSON.
    edges.push(sorted[i]! + 0);
    left -= inBin;
    inBin = 0;
  }
  return Float64Array.from(edges);
};

/**
 * Quantile bins of the first `count` rows of `x` (row-major, `width` features), at most `bins` for a feature, one for each value where there are no more than
 * that. Edges are values that occurred, not the middle between two, so that a monotone transform of a feature leaves every row on its side of every split.
 */
export const fitBins = (x: Float64Array, count: number, width: number, bins: number): FeatureBins =>
  Array.from({ length: width }, (_, f) => {
    const column = new Float64Array(count);
    let n = 0;
    for (let i = 0, at = f; i < count; i++, at += width) if (Number.isFinite(x[at]!)) column[n++] = x[at]!;
    return quantileEdges(column.subarray(0, n).sort(), bins);
  });
