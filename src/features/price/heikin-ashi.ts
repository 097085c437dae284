import { record, type Feature } from '../feature.js';

/** An averaged bar, in price. Not prices anyone traded at: never fill orders at them. */
export type HeikinAshi = Feature<{ readonly open: number; readonly high: number; readonly low: number; readonly close: number }>;

/** Heikin-Ashi bar: the close is the mean of the four prices, the open the middle of the previous Heikin-Ashi body. */
export const heikinAshi = (): HeikinAshi =>
  record('heikin-ashi()', 1, ['open', 'high', 'low', 'close'], () => {
    const body = new Float64Array(2);
    let begun = false;
    return (bar, out, offset) => {
      const { open, high, low, close } = bar;
      const mean = (open + high + low + close) / 4;
      if (!Number.isFinite(mean)) {
        out.fill(NaN, offset, offset + 4);
        return;
      }
      const start = begun ? (body[0]! + body[1]!) / 2 : (open + close) / 2;
      begun = true;
      body[0] = start;
      body[1] = mean;
      out[offset] = start;
      out[offset + 1] = Math.max(high, start, mean);
      out[offset + 2] = Math.min(low, start, mean);
      out[offset + 3] = mean;
    };
  });
