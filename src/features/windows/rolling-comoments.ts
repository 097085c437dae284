/** Places in what `rollingComoments` writes, after the two means: sums of squared deviations, and the sum of their products. */
export const SQUARES_X = 2;
export const SQUARES_Y = 3;
export const PRODUCTS = 4;

/**
 * Means, sums of squared deviations and sum of products of deviations of the last n pairs, written to `into[0…4]` (NaN until n pairs were seen and for a pair of which
 * either is missing). As `rollingMoments`: blocks, merged by Chan, Golub & LeVeque (1979), relative to a pair that is in the window, so that nothing drifts.
 */
export const rollingComoments = (n: number, into: Float64Array): ((x: number, y: number) => void) => {
  /** Pairs of the current block, two numbers each. */
  const raw = new Float64Array(2 * n);
  /** The five figures of each tail of the previous block. */
  const tails = new Float64Array(5 * n);
  /** The five figures of the current block, and the pair that its means are relative to. */
  const head = new Float64Array(7);
  let at = 0;
  let started = false;
  let full = false;
  return (x, y) => {
    if (!Number.isFinite(x + y)) {
      missing(into);
      return;
    }
    if (!started) {
      started = true;
      head[5] = x;
      head[6] = y;
    }
    raw[2 * at] = x;
    raw[2 * at + 1] = y;
    at++;
    if (at < n) {
      const u = x - head[5]!;
      const v = y - head[6]!;
      const du = u - head[0]!;
      const dv = v - head[1]!;
      const meanX = head[0]! + du / at;
      const meanY = head[1]! + dv / at;
      head[0] = meanX;
      head[1] = meanY;
      head[2]! += du * (u - meanX);
      head[3]! += dv * (v - meanY);
      head[4]! += du * (v - meanY);
      if (!full) {
        missing(into);
        return;
      }
      const tail = 5 * at;
      const gapX = meanX - tails[tail]!;
      const gapY = meanY - tails[tail + 1]!;
      const share = at / n;
      const weight = share * (n - at);
      into[0] = head[5]! + tails[tail]! + gapX * share;
      into[1] = head[6]! + tails[tail + 1]! + gapY * share;
      into[2] = tails[tail + 2]! + head[2]! + gapX * gapX * weight;
      into[3] = tails[tail + 3]! + head[3]! + gapY * gapY * weight;
      into[4] = tails[tail + 4]! + head[4]! + gapX * gapY * weight;
      return;
    }
    let meanX = 0;
    let meanY = 0;
    let squaresX = 0;
    let squaresY = 0;
    let products = 0;
    for (let j = n - 1; j >= 0; j--) {
      const u = raw[2 * j]! - x;
      const v = raw[2 * j + 1]! - y;
      const du = u - meanX;
      const dv = v - meanY;
      meanX += du / (n - j);
      meanY += dv / (n - j);
      squaresX += du * (u - meanX);
      squaresY += dv * (v - meanY);
      products += du * (v - meanY);
      const tail = 5 * j;
      tails[tail] = meanX;
      tails[tail + 1] = meanY;
      tails[tail + 2] = squaresX;
      tails[tail + 3] = squaresY;
      tails[tail + 4] = products;
    }
    into[0] = x + meanX;
    into[1] = y + meanY;
    into[2] = squaresX;
    into[3] = squaresY;
    into[4] = products;
    at = 0;
    head.fill(0, 0, 5);
    head[5] = x;
    head[6] = y;
    full = true;
  };
};

const missing = (into: Float64Array): void => {
  for (let k = 0; k < 5; k++) into[k] = NaN;
};

/** Correlation of the pairs from those five figures; 0 when either side did not move, NaN without figures. Held within −1…1 against rounding. */
export const correlationOf = (figures: Float64Array): number => {
  const spread = Math.sqrt(figures[SQUARES_X]!) * Math.sqrt(figures[SQUARES_Y]!);
  if (spread === 0) return 0;
  const correlation = figures[PRODUCTS]! / spread;
  return correlation > 1 ? 1 : correlation < -1 ? -1 : correlation;
};
