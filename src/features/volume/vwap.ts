import { DAY } from '../../time.js';
import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Volume-weighted average of the typical price (another `source` if said) since 00:00 UTC of the day in which the bar opened. NaN until
 * something was traded in the session; the first session is as short as the data makes it.
 */
export const vwap = (options: SourceOption = {}): Feature<number> => {
  const source = sourceOf(options, 'hlc3');
  return column(featureKey('vwap', 'day', sourceKey(source, 'hlc3')), 1, () => {
    /** Σ price × volume and Σ volume of the session; its day. */
    const state = new Float64Array([0, 0, NaN]);
    return (bar, out, offset) => {
      const value = read(bar, source) * bar.volume;
      if (!Number.isFinite(value)) {
        out[offset] = NaN;
        return;
      }
      const day = Math.floor(bar.openTime / DAY);
      if (day !== state[2]) {
        state[0] = 0;
        state[1] = 0;
        state[2] = day;
      }
      state[0]! += value;
      state[1]! += bar.volume;
      out[offset] = state[0]! / state[1]!;
    };
  });
};

const weighted = (name: string, length: number, options: SourceOption, standard: 'hlc3' | 'close'): Feature<number> => {
  const n = barCount(name, 'length', length);
  const source = sourceOf(options, standard);
  return column(featureKey(name, n, sourceKey(source, standard)), n, () => {
    const values = rollingSum(n);
    const volumes = rollingSum(n);
    return (bar, out, offset) => {
      const value = read(bar, source) * bar.volume;
      out[offset] = Number.isFinite(value) ? values(value) / volumes(bar.volume) : NaN;
    };
  });
};

/** Volume-weighted average of the typical price (another `source` if said) of the last `length` bars; NaN when nothing was traded in them. */
export const rollingVwap = (length = 20, options: SourceOption = {}): Feature<number> => weighted('rolling-vwap', length, options, 'hlc3');

/** Volume-weighted moving average of the close (another `source` if said) over `length` bars; NaN when nothing was traded in them. */
export const vwma = (length = 20, options: SourceOption = {}): Feature<number> => weighted('vwma', length, options, 'close');
