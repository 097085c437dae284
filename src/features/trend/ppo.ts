import { column, type Feature } from '../feature.js';
import { read } from '../source.js';
import { averageGap, type AverageGapOptions } from './average-gap.js';

/** Percentage price oscillator: the fast average minus the slow one, in per cent of the slow one. */
export const ppo = (fast = 12, slow = 26, options: AverageGapOptions = {}): Feature<number> => {
  const gap = averageGap('ppo', fast, slow, options);
  const { source } = gap;
  return column(gap.key, slow, () => {
    const [quick, steady] = gap.averages();
    return (bar, out, offset) => {
      const x = read(bar, source);
      const base = steady(x);
      out[offset] = (100 * (quick(x) - base)) / base;
    };
  });
};
