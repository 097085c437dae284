/** Below this share of the mean square a variance is rounding, not variation. */
const ROUNDING = 1e-13;

/**
 * Population skewness and excess kurtosis of the last n values, written to `into[0]` and `into[1]` (NaN until n values were seen and for a missing input; 0 when they do
 * not vary). Blocks as in `rollingSum` over the first four powers, relative to a value that is in the window, the newest of the previous block.
 */
export const rollingShape = (n: number, into: Float64Array): ((x: number) => void) => {
  const raw = new Float64Array(n);
  /** Power sums of each tail of the previous block, four numbers each. */
  const tails = new Float64Array(4 * n);
  /** Power sums of the current block, and the value that they are relative to. */
  const head = new Float64Array(5);
  const write = (s1: number, s2: number, s3: number, s4: number): void => {
    const d = s1 / n;
    const m2 = s2 / n - d * d;
    if (!(m2 > (ROUNDING * s2) / n)) {
      into[0] = 0;
      into[1] = 0;
      return;
    }
    const m3 = s3 / n - (3 * d * s2) / n + 2 * d * d * d;
    const m4 = s4 / n - (4 * d * s3) / n + (6 * d * d * s2) / n - 3 * d * d * d * d;
    into[0] = m3 / (m2 * Math.sqrt(m2));
    into[1] = m4 / (m2 * m2) - 3;
  };
  let at = 0;
  let started = false;
  let full = false;
  return x => {
    into[0] = NaN;
    into[1] = NaN;
    if (!Number.isFinite(x)) return;
    if (!started) {
      started = true;
      head[4] = x;
    }
    raw[at++] = x;
    if (at < n) {
      const u = x - head[4]!;
      const uu = u * u;
      head[0]! += u;
      head[1]! += uu;
      head[2]! += uu * u;
      head[3]! += uu * uu;
      const tail = 4 * at;
      if (full) write(head[0]! + tails[tail]!, head[1]! + tails[tail + 1]!, head[2]! + tails[tail + 2]!, head[3]! + tails[tail + 3]!);
      return;
    }
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    for (let j = n - 1; j >= 0; j--) {
      const u = raw[j]! - x;
      const uu = u * u;
      s1 += u;
      s2 += uu;
      s3 += uu * u;
      s4 += uu * uu;
      const tail = 4 * j;
      tails[tail] = s1;
      tails[tail + 1] = s2;
      tails[tail + 2] = s3;
      tails[tail + 3] = s4;
    }
    write(s1, s2, s3, s4);
    at = 0;
    head.fill(0, 0, 4);
    head[4] = x;
    full = true;
  };
};
