import type { JobHandler } from '../../cluster/job-engine.js';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { messageOf, UserError } from '../../errors.js';
import { summarise } from '../../metrics/summary.js';
import { trackOf } from '../../metrics/track.js';
import type { Chunk } from '../../events/market.js';
import { timeframeMs } from '../../market/timeframe.js';
import { loadStrategy } from '../../strategies/load.js';
import type { EvaluationShared } from '../evaluation.js';
import { contentHash } from '../job-store.js';
import { observedSharpe } from '../overfitting/psr.js';
import { runWindow, segmentOf } from '../run-window.js';
import { flatSegment, type Segment } from '../segment.js';
import { stitch } from '../stitch.js';
import { barCloses } from '../window-chunks.js';
import { changedChunks } from './changed-chunks.js';
import type { DataChange } from './check.js';
import type { ProbeJob, ProbeReport } from './probe-job.js';
import { probeTapes } from './probe-tapes.js';

/** The data changed last: probes of one change follow one another. */
const changed = new WeakMap<EvaluationShared, { readonly key: string; readonly chunks: readonly Chunk[] }>();

const chunksFor = (shared: EvaluationShared, change: DataChange | undefined): readonly Chunk[] => {
  if (change === undefined) return shared.chunks;
  const key = canonicalJson(change);
  let last = changed.get(shared);
  if (last?.key !== key) changed.set(shared, (last = { key, chunks: changedChunks(shared, change) }));
  return last.chunks;
};

/** A segment without what no check looks at. */
const traded = (segment: Segment): Segment => ({ ...segment, plots: [], notes: [], forecasts: null });

const run = async ({ change: probe, steps, whole }: ProbeJob, shared: EvaluationShared, signal?: AbortSignal): Promise<ProbeReport> => {
  const strategy = await loadStrategy(shared.strategy);
  const config = { ...shared.config, ...probe.config };
  const chunks = chunksFor(shared, probe.change);
  const { tapes: _, ...rest } = shared;
  const own: EvaluationShared = { ...rest, config, chunks, tapes: await probeTapes(strategy, shared, probe, config, steps) };
  let capital = config.capital;
  const segments: Segment[] = [];
  const fingerprints: (string | null)[] = [];
  for (const { params, window } of steps) {
    if (params === null || !(capital > 0)) {
      segments.push(flatSegment(capital, barCloses(chunks, config.timeframe, timeframeMs(config.timeframe), window)));
      fingerprints.push(null);
      continue;
    }
    const result = await runWindow(own, { params, window, capital }, signal);
    segments.push(segmentOf(result));
    fingerprints.push(result.fingerprint);
    capital = result.finalEquity;
  }
  // One window stays the run that it is, order ids included.
  const segment = segments.length === 1 ? segments[0]! : stitch(segments, config.capital);
  const track = trackOf(segment);
  return {
    kind: 'done',
    outcome: {
      fingerprint: contentHash(fingerprints),
      metrics: summarise(track).values,
      returns: track.returns,
      segment: whole ? traded(segment) : null,
    },
    steps: segments.map((each, i) => {
      if (fingerprints[i] === null) return null;
      const { returns } = trackOf(each);
      const { sharpe } = observedSharpe(returns);
      return { sharpe: Number.isFinite(sharpe) ? sharpe : null, returns };
    }),
  };
};

const isUserError = (error: unknown): boolean => error instanceof UserError || (error instanceof Error && error.name === 'UserError');

/**
 * Runs a probe: its steps one after another, each flat at its beginning with the equity that the one before left. What throws in a changed run is a result and not a failure of the job; what
 * throws in the subject as it is rejects.
 */
export const handle: JobHandler<ProbeJob, ProbeReport, EvaluationShared> = async (job, shared, signal) => {
  try {
    return await run(job, shared, signal);
  } catch (error) {
    if (job.whole || signal?.aborted === true) throw error;
    return { kind: isUserError(error) ? 'refused' : 'broken', reason: messageOf(error) };
  }
};
