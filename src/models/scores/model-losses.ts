import { brierScores } from './brier.js';
import { crpsNormal } from './crps-normal.js';
import type { Speaker } from './forecast-rows.js';
import { logLosses } from './log-loss.js';

/** Losses of one model by row, by the scores in which it is held against the baseline; NaN where it did not speak. */
export interface ModelLosses {
  readonly logLoss: Float64Array;
  readonly brier: Float64Array;
  /** Of the normal law with the forecast's mean and standard deviation. */
  readonly crps: Float64Array;
}

/** Works out the three losses. */
export const modelLosses = (
  { probability, mean, sd }: Speaker,
  { outcome, realised }: { readonly outcome: Float64Array; readonly realised: Float64Array },
): ModelLosses => ({
  logLoss: logLosses(probability, outcome),
  brier: brierScores(probability, outcome),
  crps: realised.map((y, i) => crpsNormal(mean[i]!, sd[i]!, y)),
});
