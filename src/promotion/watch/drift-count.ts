/** Chance that a detector with the default rules comes to `drift` in this many stretches of honest forecasts, as its rules state it. */
const FALSE_DRIFT = 0.05;
const STRETCHES = 500;
/** Calibration and residuals. Features may leave their range without any forecast being wrong. */
export const JUDGED_DRIFTS: ReadonlySet<string> = new Set(['calibration', 'residual']);

/**
 * How many drifts of outcomes within `stretches` honest forecasts do not make, but with a chance of at most `alpha`: false drifts are few and far between, so that they are counted as a Poisson process with the rate that the detectors state.
 * A detector that stays in drift counts once; it must have come back, by a retraining, to count again.
 */
export const tooManyDrifts = (stretches: number, alpha: number): number => {
  const rate = (JUDGED_DRIFTS.size * FALSE_DRIFT * stretches) / STRETCHES;
  let term = Math.exp(-rate);
  let above = 1 - term;
  let count = 1;
  // Two at least: the first is answered by a training, which is what trainings are for.
  for (; above > alpha || count < 2; count++) {
    term *= rate / count;
    above -= term;
  }
  return count;
};
