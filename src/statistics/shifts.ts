import { random } from '../random.js';

/**
 * Lengths by which a history of `length` steps is turned against another to see what chance alone gives: `count` of them, evenly drawn without repetition from
 * [`least`, `length` − `least`], ascending. Turning keeps each history's own memory and breaks only what ties the two together; `least` keeps the overlap of a horizon out of
 * it. All of them when there are not so many; none when the history is shorter than twice `least`.
 * Source: the random toroidal shift of Lotwick & Silverman, Methods for Analysing Spatial Processes of Several Types of Points, JRSS B 44 (1982).
 */
export const circularShifts = (length: number, least: number, count: number, seed: number | string): Int32Array => {
  const choices = length - 2 * least + 1;
  if (choices <= 0) return new Int32Array(0);
  if (choices <= count) return Int32Array.from({ length: choices }, (_, i) => least + i);
  const draw = random(seed);
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(least + draw.int(choices));
  return Int32Array.from(drawn).sort();
};

/** Probability by chance of a figure at least as large as `observed`, among figures of histories that were turned: (1 + those) ÷ (1 + all), never 0. NaN for none. */
export const shiftProbability = (observed: number, turned: Float64Array): number => {
  if (turned.length === 0 || Number.isNaN(observed)) return NaN;
  let reached = 1;
  for (const value of turned) if (value >= observed) reached++;
  return reached / (1 + turned.length);
};
