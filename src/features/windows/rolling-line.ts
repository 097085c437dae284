/**
 * Mean and least-squares slope per bar of the last n values, written to `into[0]` and `into[1]` (NaN until n values were seen and for a
 * missing input). Blocks as in `rollingSum`, over Σx and Σ k·x with k = 1…n. Values are taken relative to one that is in the
 * window, the newest of the previous block, so that a small slope on a large price keeps its digits and a constant has slope 0.
 */
export const rollingLine = (n: number, into: Float64Array): ((x: number) => void) => {
  const raw = new Float64Array(n);
  const sums = new Float64Array(n);
  const weighted = new Float64Array(n);
  /** Σx and Σk·x of the current block, and the value that both are relative to. */
  const head = new Float64Array(3);
  const middle = (n + 1) / 2;
  const spread = n > 1 ? (n * (n * n - 1)) / 12 : 1;
  let at = 0;
  let started = false;
  let full = false;
  return x => {
    into[0] = NaN;
    into[1] = NaN;
    if (!Number.isFinite(x)) return;
    if (!started) {
      started = true;
      head[2] = x;
    }
    raw[at++] = x;
    if (at < n) {
      const anchor = head[2]!;
      const sum = head[0]! + (x - anchor);
      const weight = head[1]! + at * (x - anchor);
      head[0] = sum;
      head[1] = weight;
      if (!full) return;
      const all = sum + sums[at]!;
      into[0] = anchor + all / n;
      into[1] = (weight + weighted[at]! + (n - at) * sum - middle * all) / spread;
      return;
    }
    let sum = 0;
    let weight = 0;
    for (let j = n - 1; j >= 0; j--) {
      sum += raw[j]! - x;
      weight += sum;
      sums[j] = sum;
      weighted[j] = weight;
    }
    into[0] = x + sum / n;
    into[1] = (weight - middle * sum) / spread;
    at = 0;
    head[0] = 0;
    head[1] = 0;
    head[2] = x;
    full = true;
  };
};
