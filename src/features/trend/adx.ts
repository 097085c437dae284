import { record, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { wilderFold } from '../windows/exponential-average.js';
import { directionalMovement, directionalWarmup, type DirectionalOptions } from './directional-movement.js';

/** Trend strength and the two directional indicators, in per cent of 0…100. */
export type Adx = Feature<{ readonly adx: number; readonly plus: number; readonly minus: number }>;

/**
 * Average directional index: Wilder's average of DX over `length` bars, with the directional indicators; above 25 is
 * usually called a trend. J. W. Wilder (1978). Use `di` for the indicators alone, which are there earlier.
 */
export const adx = (length = 14, options: DirectionalOptions = {}): Adx => {
  const n = barCount('adx', 'length', length);
  const seed = options.seed ?? 'full';
  return record(
    featureKey('adx', n, unlessDefault('seed', seed, 'full')),
    directionalWarmup(n, seed) + n - 1,
    ['adx', 'plus', 'minus'],
    () => {
      const now = new Float64Array(3);
      const move = directionalMovement(n, seed, now);
      const average = wilderFold(n);
      return (bar, out, offset) => {
        move(bar);
        const strength = average(now[2]!);
        const ready = Number.isFinite(strength);
        out[offset] = strength;
        out[offset + 1] = ready ? now[0]! : NaN;
        out[offset + 2] = ready ? now[1]! : NaN;
      };
    },
  );
};
