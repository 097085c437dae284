/**
 * Log returns of several symbols on one grid of moments, the latest `capacity` of them: for realised volatility and rolling correlation. A symbol without a price at a moment has no return there; its next
 * one spans the hole.
 */
export interface ReturnTape {
  /** A symbol's price at a moment, epoch ms. One for a moment that is over is left aside, as is what is no price. */
  push(index: number, ts: number, price: number): void;
  /** Moments on the tape that have passed or are filling up, at most the capacity. */
  readonly length: number;
  /** Standard deviation of a return about zero over the latest `window` moments; NaN until there have been so many, or when half of them have no return. */
  deviation(index: number, window: number): number;
  /** Pearson's correlation over the latest `window` moments at which both have a return; NaN with fewer than half of them, or when one never moves. */
  correlation(a: number, b: number, window: number): number;
}

/** An empty tape for so many symbols. */
export const returnTape = (symbols: number, capacity: number): ReturnTape => {
  const returns = new Float64Array(symbols * capacity).fill(NaN);
  const lastPrice = new Float64Array(symbols).fill(NaN);
  /** Moment of the row being filled; rows begun. */
  const at = Float64Array.of(-Infinity, 0);
  const rows = (): number => at[1]!;
  /** The return `back` moments ago, 0 for the latest. */
  const returnOf = (index: number, back: number): number => returns[((rows() - 1 - back) % capacity) * symbols + index]!;
  return {
    push: (index, ts, price) => {
      if (!(price > 0 && price < Infinity) || ts < at[0]!) return;
      const before = lastPrice[index]!;
      lastPrice[index] = price;
      if (ts > at[0]!) {
        at[0] = ts;
        at[1] = rows() + 1;
        const row = ((rows() - 1) % capacity) * symbols;
        returns.fill(NaN, row, row + symbols);
      }
      returns[((rows() - 1) % capacity) * symbols + index] = Math.log(price / before);
    },
    get length() {
      return Math.min(rows(), capacity);
    },
    deviation: (index, window) => {
      // The first moment has prices and no return.
      if (rows() <= window) return NaN;
      let squares = 0;
      let n = 0;
      for (let back = 0; back < window; back++) {
        const x = returnOf(index, back);
        if (Number.isNaN(x)) continue;
        squares += x * x;
        n++;
      }
      return n * 2 < window ? NaN : Math.sqrt(squares / n);
    },
    correlation: (a, b, window) => {
      let n = 0;
      let sumA = 0;
      let sumB = 0;
      const back = Math.min(window, rows(), capacity);
      for (let k = 0; k < back; k++) {
        const [x, y] = [returnOf(a, k), returnOf(b, k)];
        if (Number.isNaN(x) || Number.isNaN(y)) continue;
        sumA += x;
        sumB += y;
        n++;
      }
      if (n < 2 || n * 2 < window) return NaN;
      const [meanA, meanB] = [sumA / n, sumB / n];
      let aa = 0;
      let bb = 0;
      let ab = 0;
      for (let k = 0; k < back; k++) {
        const [x, y] = [returnOf(a, k), returnOf(b, k)];
        if (Number.isNaN(x) || Number.isNaN(y)) continue;
        aa += (x - meanA) * (x - meanA);
        bb += (y - meanB) * (y - meanB);
        ab += (x - meanA) * (y - meanB);
      }
      return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : NaN;
    },
  };
};
