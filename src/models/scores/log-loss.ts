import { OUTCOMES } from '../forecast.js';

/** Least probability that is scored: one sure error among many forecasts must not decide alone. Costs 13.8 nats. */
export const PROBABILITY_FLOOR = 1e-6;

/**
 * Logarithmic score of each row in nats: −ln of the probability that was given to what happened, floored at `PROBABILITY_FLOOR`. 0 is best; ln 3 is what knowing
 * nothing costs. `probability` is row-major, `classes` a row; NaN where the forecast or the outcome is missing. Strictly proper.
 * Source: I. J. Good, Rational Decisions, Journal of the Royal Statistical Society B 14 (1952).
 */
export const logLosses = (probability: Float64Array, outcome: Float64Array, classes = OUTCOMES): Float64Array =>
  outcome.map((c, i) => {
    const p = probability[i * classes + c]!;
    // Taken from 0, so that certainty scores 0 and not −0.
    return p >= 0 ? 0 - Math.log(Math.max(p, PROBABILITY_FLOOR)) : NaN;
  });
