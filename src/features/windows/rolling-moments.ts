/**
 * Mean and sum of squared deviations of the last n values, written to `into[0]` and `into[1]` (NaN until n values were seen and for a
 * missing input). Blocks as in `rollingSum`; halves are merged by Chan, Golub & LeVeque (1979), so the deviations never come from a
 * difference of large squares: a constant gives exactly 0 and the result is never negative. Values are taken relative to one
 * that is in the window, the newest of the previous block, so that a small deviation on a large price keeps its digits.
 */
export const rollingMoments = (n: number, into: Float64Array): ((x: number) => void) => {
  const raw = new Float64Array(n);
  const means = new Float64Array(n);
  const squares = new Float64Array(n);
  /** Mean and squares of the current block, and the value that the means are relative to. */
  const head = new Float64Array(3);
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
      const delta = x - anchor - head[0]!;
      const mean = head[0]! + delta / at;
      const square = head[1]! + delta * (x - anchor - mean);
      head[0] = mean;
      head[1] = square;
      if (!full) return;
      const gap = mean - means[at]!;
      const share = at / n;
      into[0] = anchor + (means[at]! + gap * share);
      into[1] = squares[at]! + square + gap * gap * share * (n - at);
      return;
    }
    let mean = 0;
    let square = 0;
    for (let j = n - 1; j >= 0; j--) {
      const value = raw[j]! - x;
      const delta = value - mean;
      mean += delta / (n - j);
      square += delta * (value - mean);
      means[j] = mean;
      squares[j] = square;
    }
    into[0] = x + mean;
    into[1] = square;
    at = 0;
    head[0] = 0;
    head[1] = 0;
    head[2] = x;
    full = true;
  };
};
