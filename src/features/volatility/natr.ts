import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { averageTrueRange, type AtrOptions } from './atr.js';

/** Average true range in per cent of the close. */
export const natr = (length = 14, options: AtrOptions = {}): Feature<number> => {
  const n = barCount('natr', 'length', length);
  const firstBar = options.firstBar ?? 'high-low';
  return column(featureKey('natr', n, unlessDefault('firstBar', firstBar, 'high-low')), firstBar === 'skip' ? n + 1 : n, () => {
    const average = averageTrueRange(n, firstBar);
    return (bar, out, offset) => {
      out[offset] = (100 * average(bar)) / bar.close;
    };
  });
};
