import type { JobHandler } from '../cluster/job-engine.js';
import { summarise } from '../metrics/summary.js';
import { trackOf } from '../metrics/track.js';
import type { Evaluation, EvaluationJob, EvaluationShared } from './evaluation.js';
import { observedSharpe } from './overfitting/psr.js';
import { runWindow, segmentOf } from './run-window.js';

/** Runs each configuration over the window from a fresh account, and closes what is open at its end. */
export const handle: JobHandler<EvaluationJob, readonly Evaluation[], EvaluationShared> = async (job, shared, signal) => {
  const { window, capital, configurations, keep } = job;
  const evaluations: Evaluation[] = [];
  for (const params of configurations) {
    const result = await runWindow(shared, { params, window, capital }, signal);
    const track = trackOf(result);
    const { sharpe } = observedSharpe(track.returns);
    evaluations.push({
      fingerprint: result.fingerprint,
      metrics: summarise(track).values,
      sharpePerPeriod: Number.isFinite(sharpe) ? sharpe : null,
      returns: keep === 'returns' ? track.returns : null,
      segment: keep === 'segment' ? segmentOf(result) : null,
    });
  }
  return evaluations;
};
