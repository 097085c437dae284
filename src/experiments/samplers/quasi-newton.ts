import type { SmoothFunction } from './marginal-likelihood.js';

/** Where a climb ended. */
export interface Summit {
  readonly at: Float64Array;
  readonly value: number;
}

const HALVINGS = 25;
/** Part of the gain that the slope promises and a step must bring (Armijo). */
const ENOUGH = 1e-4;

/**
 * Climbs a smooth function from `start` by Broyden, Fletcher, Goldfarb and Shanno's steps with backtracking, within `low ≤ x ≤ high` for every coordinate: one at a border whose
 * slope points outwards rests there. Ends after `steps`, or when a step gains less than `tolerance`. Source: Nocedal & Wright, Numerical Optimization (2006), algorithm 6.1.
 */
export const climb = (
  f: SmoothFunction,
  start: Float64Array,
  { low, high, steps, tolerance }: { readonly low: number; readonly high: number; readonly steps: number; readonly tolerance: number },
): Summit => {
  const n = start.length;
  const clamp = (x: number): number => Math.min(high, Math.max(low, x));
  let at = start.map(clamp);
  let slope = new Float64Array(n);
  let value = f(at, slope);
  /** Estimate of minus the inverse Hessian. */
  const spread = new Float64Array(n * n);
  const reset = (): void => {
    spread.fill(0);
    for (let i = 0; i < n; i++) spread[i * n + i] = 1;
  };
  reset();
  const rests = (i: number): boolean => (at[i]! <= low && slope[i]! < 0) || (at[i]! >= high && slope[i]! > 0);
  for (let step = 0; step < steps; step++) {
    const move = new Float64Array(n);
    for (let i = 0; i < n; i++) if (!rests(i)) for (let j = 0; j < n; j++) if (!rests(j)) move[i]! += spread[i * n + j]! * slope[j]!;
    // Logarithms of scales: more than a factor of e⁴ at once is a leap into the dark.
    const longest = move.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (longest === 0) break;
    let scale = Math.min(1, 4 / longest);
    if (step === 0) scale = Math.min(scale, 1 / longest);
    const nextSlope = new Float64Array(n);
    let next = at;
    let nextValue = -Infinity;
    for (let halving = 0; halving < HALVINGS; halving++, scale *= 0.5) {
      next = at.map((x, i) => clamp(x + scale * move[i]!));
      nextValue = f(next, nextSlope);
      let promise = 0;
      for (let i = 0; i < n; i++) promise += slope[i]! * (next[i]! - at[i]!);
      if (promise > 0 && nextValue >= value + ENOUGH * promise) break;
      nextValue = -Infinity;
    }
    if (nextValue === -Infinity) break;
    const gain = nextValue - value;
    const shift = next.map((x, i) => x - at[i]!);
    const turn = slope.map((g, i) => g - nextSlope[i]!);
    at = next;
    slope = nextSlope;
    value = nextValue;
    if (gain < tolerance) break;
    let curvature = 0;
    for (let i = 0; i < n; i++) curvature += shift[i]! * turn[i]!;
    if (!(curvature > 1e-12)) {
      reset();
      continue;
    }
    const image = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) image[i]! += spread[i * n + j]! * turn[j]!;
    let form = 0;
    for (let i = 0; i < n; i++) form += turn[i]! * image[i]!;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        spread[i * n + j]! += ((1 + form / curvature) * shift[i]! * shift[j]! - image[i]! * shift[j]! - shift[i]! * image[j]!) / curvature;
  }
  return { at, value };
};
