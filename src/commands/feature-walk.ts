import { setImmediate } from 'node:timers/promises';
import type { Chunk } from '../events/market.js';
import type { FeatureSet } from '../features/feature-set.js';
import { timeframeMs } from '../market/timeframe.js';
import type { Label } from '../models/labels/label.js';
import { walkPanel, type PublicationDelays } from '../models/panel-walk.js';
import { RowStore } from '../models/row-store.js';

/** What to walk over, and how it is watched. */
export interface FeatureWalk {
  readonly features: FeatureSet;
  readonly label: Label;
  /** In symbol order. */
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly delays: PublicationDelays;
  readonly chunks: readonly Chunk[];
  readonly signal: AbortSignal;
  readonly onProgress: (bars: number, now: number) => void;
}

/** Bars of time walked before the terminal is looked at. */
const SLICE = 500;

/** How many of the first `rows` times are at most `limit`. */
const countUpTo = (ts: Float64Array, rows: number, limit: number): number => {
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ts[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
};

const cut = (chunk: Chunk, from: number, to: number): Chunk => ({
  ...chunk,
  rows: to - from,
  ts: chunk.ts.subarray(from, to),
  columns: chunk.columns.map(column => column.subarray(from, to)),
});

/**
 * Every row of features over the chunks with what came of it, as a run would have made them. It is walked in slices of time, so that an interrupt is heard and progress
 * seen; what was last known of the futures goes from one slice to the next. Throws the signal's reason when it is aborted.
 */
export const walkFeatures = async (walk: FeatureWalk): Promise<RowStore> => {
  const { features, label, symbols, timeframe, delays, chunks, signal, onProgress } = walk;
  const barMs = timeframeMs(timeframe);
  const lagOf = ({ kind }: Chunk): number =>
    kind === 'bars' ? barMs + delays.bars : kind === 'funding' ? delays.funding : kind === 'mark' ? delays.mark : 0;
  const bars = chunks.filter(({ kind, rows }) => kind === 'bars' && rows > 0);
  const first = Math.min(...bars.map(({ ts }) => ts[0]!));
  const last = Math.max(...bars.map(({ ts, rows }) => ts[rows - 1]!)) + barMs + delays.bars;
  const store = new RowStore(features, label, symbols, Infinity);
  for (let known = -Infinity, until = first; known < last;) {
    signal.throwIfAborted();
    until += SLICE * barMs;
    const slice = chunks.map(chunk => {
      const lag = lagOf(chunk);
      const from = countUpTo(chunk.ts, chunk.rows, known - lag);
      return cut(chunk, chunk.kind === 'bars' ? from : Math.max(0, from - 1), countUpTo(chunk.ts, chunk.rows, until - lag));
    });
    walkPanel({ symbols, timeframe, delays, chunks: slice, to: Infinity }, (_, present, futures) => store.step(present, futures));
    known = until;
    onProgress(store.next, until);
    await setImmediate();
  }
  return store;
};
