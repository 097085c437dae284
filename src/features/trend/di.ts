import { record, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { directionalMovement, directionalWarmup, type DirectionalOptions } from './directional-movement.js';

/** Wilder's directional indicators and directional index of one bar, all in per cent of 0…100. */
export type Di = Feature<{ readonly plus: number; readonly minus: number; readonly dx: number }>;

/**
 * Directional indicators: how much of the true range of `length` bars was upward (`plus`) and downward (`minus`) movement, and
 * their normalised difference (`dx`). J. W. Wilder, New Concepts in Technical Trading Systems (1978).
 */
export const di = (length = 14, options: DirectionalOptions = {}): Di => {
  const n = barCount('di', 'length', length);
  const seed = options.seed ?? 'full';
  return record(featureKey('di', n, unlessDefault('seed', seed, 'full')), directionalWarmup(n, seed), ['plus', 'minus', 'dx'], () => {
    const now = new Float64Array(3);
    const move = directionalMovement(n, seed, now);
    return (bar, out, offset) => {
      move(bar);
      out[offset] = now[0]!;
      out[offset + 1] = now[1]!;
      out[offset + 2] = now[2]!;
    };
  });
};
