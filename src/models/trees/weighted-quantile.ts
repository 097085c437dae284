/** The least value that at least a share `level` of the weight is at or below. Equal values count as one. */
export const weightedQuantile = (values: Float64Array, weights: Float64Array, level: number): number => {
  const order = Int32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  let total = 0;
  for (const i of order) total += weights[i]!;
  let below = 0;
  for (const i of order) {
    below += weights[i]!;
    if (below >= level * total) return values[i]!;
  }
  return values[order[order.length - 1]!] ?? NaN;
};
