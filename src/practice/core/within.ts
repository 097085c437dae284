/** Entries with from ≤ ts ≤ to of a list in order of time. */
export const within = <T extends { readonly ts: number }>(list: readonly T[], from: number, to: number): readonly T[] => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]!.ts < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < list.length && list[end]!.ts <= to) end++;
  return list.slice(low, end);
};
