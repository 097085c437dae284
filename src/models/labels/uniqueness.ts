/** Spans of labels by column. Times are epoch ms; NaN is a label that has not matured. */
export interface LabelSpans {
  readonly openedAt: Float64Array;
  readonly maturedAt: Float64Array;
  /** Labels of different groups (symbols) do not overlap. */
  readonly group: Int32Array;
}

/** Times at which the number of labels under way changes, and ∫ dt ÷ that number up to each, in ms. */
const shareIntegral = (opens: Float64Array, ends: Float64Array): { readonly times: Float64Array; readonly integral: Float64Array } => {
  const times = new Float64Array(opens.length + ends.length);
  const integral = new Float64Array(times.length);
  let [i, j, k] = [0, 0, 0];
  while (j < ends.length) {
    const at = i < opens.length ? Math.min(opens[i]!, ends[j]!) : ends[j]!;
    if (k > 0) integral[k] = integral[k - 1]! + (i > j ? (at - times[k - 1]!) / (i - j) : 0);
    times[k++] = at;
    while (i < opens.length && opens[i] === at) i++;
    while (j < ends.length && ends[j] === at) j++;
  }
  return { times: times.subarray(0, k), integral: integral.subarray(0, k) };
};

const indexOf = (sorted: Float64Array, value: number): number => {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * How much of its own each label has, 0 to 1: the mean over its span of 1 ÷ the number of labels under way in its group. Labels that look at the same bars say the same
 * thing several times; this takes them back to one voice. The span begins after `openedAt` and ends with `maturedAt`, so that labels back to back do not overlap.
 * 0 for a label that has not matured. Time is O(n log n). Source: López de Prado, Advances in Financial Machine Learning (2018), §4.3–4.4.
 */
export const averageUniqueness = ({ openedAt, maturedAt, group }: LabelSpans): Float64Array => {
  const out = new Float64Array(openedAt.length);
  const rows = new Map<number, number[]>();
  for (let i = 0; i < out.length; i++) {
    if (!(maturedAt[i]! > openedAt[i]!)) continue;
    const of = rows.get(group[i]!);
    if (of) of.push(i);
    else rows.set(group[i]!, [i]);
  }
  for (const members of rows.values()) {
    const opens = Float64Array.from(members, i => openedAt[i]!).sort();
    const ends = Float64Array.from(members, i => maturedAt[i]!).sort();
    const { times, integral } = shareIntegral(opens, ends);
    for (const i of members) {
      const share = integral[indexOf(times, maturedAt[i]!)]! - integral[indexOf(times, openedAt[i]!)]!;
      out[i] = Math.min(1, share / (maturedAt[i]! - openedAt[i]!));
    }
  }
  return out;
};
