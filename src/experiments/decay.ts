import { mean } from '../statistics/moments.js';
import { noEstimate } from './estimate.js';
import type { Estimate } from './estimate.js';

/** An objective in sample against out of sample. */
export interface Decay {
  readonly inSample: number | null;
  readonly outOfSample: number | null;
  /** Out of sample − in sample; null where either is not defined. */
  readonly difference: number | null;
  /** Out of sample ÷ in sample: 1 is no decay, 0 nothing left. Not defined unless in sample is above 0. */
  readonly ratio: Estimate;
}

export const decayOf = (inSample: number | null, outOfSample: number | null): Decay => {
  const both = inSample !== null && outOfSample !== null;
  return {
    inSample,
    outOfSample,
    difference: both ? outOfSample - inSample : null,
    ratio: !both
      ? noEstimate('the objective is not defined on both sides')
      : inSample > 0
        ? { value: outOfSample / inSample, reason: null }
        : noEstimate('the objective is not above 0 in sample'),
  };
};

/** Decay of the means over the folds that have both sides. */
export const meanDecay = (folds: readonly Decay[]): Decay => {
  const both = folds.flatMap(({ inSample, outOfSample }) =>
    inSample !== null && outOfSample !== null ? [[inSample, outOfSample] as const] : [],
  );
  if (both.length === 0) return decayOf(null, null);
  return decayOf(mean(both.map(([inSample]) => inSample)), mean(both.map(([, outOfSample]) => outOfSample)));
};
