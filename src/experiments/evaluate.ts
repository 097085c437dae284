import type { JobHandler } from '../cluster/job-engine.js';
import type { RunResult } from '../engine/run-result.js';
import { summarise } from '../metrics/summary.js';
import { trackOf } from '../metrics/track.js';
import type { Evaluation, EvaluationJob, EvaluationShared } from './evaluation.js';
import { contentHash } from './job-store.js';
import { medianMetrics } from './median-metrics.js';
import { observedSharpe } from './overfitting/psr.js';
import { runWindow, segmentOf } from './run-window.js';

const joined = (parts: readonly Float64Array[]): Float64Array => {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float64Array(parts.reduce((n, { length }) => n + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

/** Runs each configuration over the window, or over each of its spans, from a fresh account, and closes what is open at the end. */
export const handle: JobHandler<EvaluationJob, readonly Evaluation[], EvaluationShared> = async (job, shared, signal) => {
  const { window, spans = [window], capital, configurations, keep } = job;
  const evaluations: Evaluation[] = [];
  for (const params of configurations) {
    const results: RunResult[] = [];
    for (const span of spans) results.push(await runWindow(shared, { params, window: span, capital }, signal));
    const tracks = results.map(trackOf);
    const metrics = tracks.map(track => summarise(track).values);
    const returns = joined(tracks.map(track => track.returns));
    const { sharpe } = observedSharpe(returns);
    const [only] = results;
    evaluations.push({
      fingerprint: results.length === 1 ? only!.fingerprint : contentHash(results.map(({ fingerprint }) => fingerprint)),
      metrics: metrics.length === 1 ? metrics[0]! : medianMetrics(metrics),
      sharpePerPeriod: Number.isFinite(sharpe) ? sharpe : null,
      returns: keep === 'returns' ? returns : null,
      returnTs: keep === 'returns' ? joined(tracks.map(track => track.returnTs)) : null,
      segment: keep === 'segment' && results.length === 1 ? segmentOf(only!) : null,
    });
  }
  return evaluations;
};
