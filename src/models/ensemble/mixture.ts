import { OUTCOMES } from '../forecast.js';

/** Weighted mean of the awake members' probabilities, in `out`; the weights add up to 1. */
export const mixture = (probability: Float64Array, awake: Uint8Array, weights: Float64Array, out: Float64Array): void => {
  out.fill(0, 0, OUTCOMES);
  for (let m = 0; m < awake.length; m++)
    if (awake[m] === 1) for (let c = 0; c < OUTCOMES; c++) out[c]! += weights[m]! * probability[OUTCOMES * m + c]!;
};

/** Writes weights proportional to e^score over those awake, 0 for the others. */
export const softmaxWeights = (score: Float64Array, awake: Uint8Array, out: Float64Array): void => {
  let top = -Infinity;
  for (let m = 0; m < score.length; m++) if (awake[m] === 1 && score[m]! > top) top = score[m]!;
  let total = 0;
  for (let m = 0; m < score.length; m++) {
    out[m] = awake[m] === 1 ? Math.exp(score[m]! - top) : 0;
    total += out[m]!;
  }
  if (total > 0) for (let m = 0; m < score.length; m++) out[m]! /= total;
};

/** Log loss of a class, in nats, with probabilities no smaller than 10⁻⁴: no single surprise weighs more than 9.2 nats. */
export const clippedLogLoss = (probability: number): number => -Math.log(Math.max(1e-4, probability));
