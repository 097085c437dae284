import { column, type Feature } from '../feature.js';
import { read } from '../source.js';
import { averageGap, type AverageGapOptions } from './average-gap.js';

/** Absolute price oscillator: the fast average minus the slow one, in the unit of the source. */
export const apo = (fast = 12, slow = 26, options: AverageGapOptions = {}): Feature<number> => {
  const gap = averageGap('apo', fast, slow, options);
  const { source } = gap;
  return column(gap.key, slow, () => {
    const [quick, steady] = gap.averages();
    return (bar, out, offset) => {
      const x = read(bar, source);
      out[offset] = quick(x) - steady(x);
    };
  });
};
