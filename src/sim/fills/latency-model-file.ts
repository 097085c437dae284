import { z } from 'zod';
import type { LatencyConfig } from '../../engine/run-config.js';
import { badData } from '../../errors.js';
import { findModel, keepModel, type KeptModel } from './kept-model.js';

/** Latencies at times of a recording, in milliseconds; one value for a leg that was not recorded. */
export interface LatencyLegs {
  /** Epoch ms, ascending. */
  readonly ts: readonly number[];
  readonly feed: readonly number[];
  /** From a decision to the venue, and from the venue's answer back; as long as market data took when null. */
  readonly order: number | null;
  readonly report: number | null;
}

/** Where they came from. */
export interface LatencySource {
  readonly file: string;
  readonly sha256: string;
  readonly messages: number;
  /** Receiver's clock less the venue's, ms. */
  readonly clockOffset: number;
  /** What the fastest message is taken to have needed, ms. */
  readonly floor: number;
}

const LatencyDocument = z.looseObject({
  kind: z.literal('latency-model'),
  format: z.literal(1),
  ts: z.array(z.number()).min(1),
  feed: z.array(z.number().min(0)),
  order: z.array(z.number().min(0)),
  report: z.array(z.number().min(0)),
});

/** Keeps recorded latencies in `models/latency` of a workspace. A time that is there twice is kept once, with its first value. */
export const keepLatencyModel = (
  root: string,
  name: string,
  { ts, feed, order, report }: LatencyLegs,
  source: LatencySource,
): Promise<KeptModel> => {
  const rows = ts.flatMap((at, i) => (i === 0 || at > ts[i - 1]! ? [i] : []));
  // A time in ms since 1970 holds a quarter of a microsecond: finer digits are rounding.
  const feedAt = rows.map(i => Math.round(feed[i]! * 1000) / 1000);
  const leg = (constant: number | null): readonly number[] => (constant === null ? feedAt : rows.map(() => constant));
  return keepModel(root, 'latency', name, {
    kind: 'latency-model',
    format: 1,
    source,
    assumed: { order: order === null ? 'as market data' : 'constant', report: report === null ? 'as market data' : 'constant' },
    ts: rows.map(i => ts[i]!),
    feed: feedAt,
    order: leg(order),
    report: leg(report),
  });
};

/**
 * Recorded latencies by `NAME` or `NAME@VERSION`, from the workspace at `root`, as a run is configured with them. Throws usage errors for unknown and ambiguous
 * names and bad data for a file that was changed or is none.
 */
export const readLatencyModel = (root: string, reference: string): Extract<LatencyConfig, { kind: 'recorded' }> => {
  const { version, path, document } = findModel(root, 'latency', reference);
  const parsed = LatencyDocument.safeParse(document);
  if (!parsed.success)
    throw badData('changed-fit', `${path} holds no latencies of this release.`, 'Record again with: quantai fit latency');
  const { ts, feed, order, report } = parsed.data;
  return { kind: 'recorded', version, ts, feed, order, report };
};
