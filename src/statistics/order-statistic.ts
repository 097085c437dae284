/**
 * Puts the value that would be at `k` if `values` were ascending there, with none above it before it and none below it after it; values without NaN. Hoare's selection, with the middle of three as pivot: linear on average, where a
 * sort is not. Source: C. A. R. Hoare, Algorithm 65: Find, Communications of the ACM 4 (1961).
 */
export const select = (values: Float64Array, k: number, from = 0, to = values.length - 1): number => {
  let [low, high] = [from, to];
  while (low < high) {
    const a = values[low]!;
    const b = values[(low + high) >>> 1]!;
    const c = values[high]!;
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const x = values[i]!;
      values[i++] = values[j]!;
      values[j--] = x;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
};
