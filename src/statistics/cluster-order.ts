/**
 * An order of n items in which alike ones stand together: the two nearest groups are joined until one is left, their distance being the mean over all pairs of members
 * (average linkage). Of two groups the one that holds the lower item stands first; of equal distances the pair with the lowest items is joined. `distance` is n × n, symmetric;
 * NaN counts as the largest. Cost n³. Source: Sokal & Michener, A Statistical Method for Evaluating Systematic Relationships (1958), as UPGMA.
 */
export const clusterOrder = (distance: Float64Array, n: number): Int32Array => {
  const far = distance.reduce((most, value) => (value > most ? value : most), 0);
  const between = distance.map(value => (Number.isNaN(value) ? far : value));
  const groups: (readonly number[] | null)[] = Array.from({ length: n }, (_, item) => [item]);
  for (let joins = 1; joins < n; joins++) {
    let best = Infinity;
    let left = -1;
    let right = -1;
    for (let i = 0; i < n; i++) {
      if (!groups[i]) continue;
      for (let j = i + 1; j < n; j++)
        if (groups[j] && between[i * n + j]! < best) {
          best = between[i * n + j]!;
          left = i;
          right = j;
        }
    }
    const [a, b] = [groups[left]!, groups[right]!];
    for (let k = 0; k < n; k++) {
      const joined = (a.length * between[left * n + k]! + b.length * between[right * n + k]!) / (a.length + b.length);
      between[left * n + k] = joined;
      between[k * n + left] = joined;
    }
    // A group keeps the place of its lowest item, so the left one is always first.
    groups[left] = [...a, ...b];
    groups[right] = null;
  }
  return Int32Array.from(groups[0] ?? []);
};
