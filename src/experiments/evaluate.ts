import type { JobHandler } from '../cluster/job-engine.js';
import type { Track } from '../metrics/metric.js';
import { momentsOf } from '../metrics/return-moments.js';
import { summarise } from '../metrics/summary.js';
import { trackOf } from '../metrics/track.js';
import { PlainScratch } from '../sim/plain-scratch.js';
import type { Evaluation, EvaluationJob, EvaluationShared } from './evaluation.js';
import { contentHash } from './job-store.js';
import { medianMetrics } from './median-metrics.js';
import type { Metrics } from './objective.js';
import { observedSharpe } from './overfitting/psr.js';
import { runWindow, segmentOf } from './run-window.js';
import type { Segment } from './segment.js';

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

/** As `observedSharpe` has it. */
const sharpeOf = (track: Track): number => {
  const { mean, deviation } = momentsOf(track);
  return mean / deviation;
};

/** Runs each configuration over the window, or over each of its spans, from a fresh account, and closes what is open at the end. */
export const handle: JobHandler<EvaluationJob, readonly Evaluation[], EvaluationShared> = async (job, shared, signal) => {
  const { window, spans = [window], capital, configurations, keep } = job;
  const evaluations: Evaluation[] = [];
  // Of this job alone: others may be under way in the same thread.
  const scratch = keep === 'segment' ? undefined : new PlainScratch();
  for (const params of configurations) {
    const fingerprints: string[] = [];
    const metrics: Metrics[] = [];
    const tracks: Track[] = [];
    const segments: Segment[] = [];
    for (const span of spans) {
      const result = await runWindow(shared, { params, window: span, capital, ...(scratch && { scratch }) }, signal);
      const track = trackOf(result, scratch?.outcome);
      fingerprints.push(result.fingerprint);
      metrics.push(summarise(track).values);
      tracks.push(track);
      if (scratch === undefined) segments.push(segmentOf(result));
    }
    const joinedReturns = joined(tracks.map(({ returns }) => returns));
    const sharpe = tracks.length === 1 ? sharpeOf(tracks[0]!) : observedSharpe(joinedReturns).sharpe;
    evaluations.push({
      fingerprint: fingerprints.length === 1 ? fingerprints[0]! : contentHash(fingerprints),
      metrics: metrics.length === 1 ? metrics[0]! : medianMetrics(metrics),
      sharpePerPeriod: Number.isFinite(sharpe) ? sharpe : null,
      returns: keep === 'returns' ? joinedReturns : null,
      returnTs: keep === 'returns' ? joined(tracks.map(({ returnTs }) => returnTs)) : null,
      segment: segments.length === 1 ? segments[0]! : null,
    });
  }
  return evaluations;
};
