import type { Chunk } from '../events/market.js';
import { timeframeMs } from '../market/timeframe.js';
import type { PanelWalk } from './panel-walk.js';

/** After how long a datum of a chunk is known, ms. */
const lagOf = ({ kind }: Chunk, { timeframe, delays }: PanelWalk): number =>
  kind === 'bars' ? timeframeMs(timeframe) + delays.bars : kind === 'funding' ? delays.funding : kind === 'mark' ? delays.mark : 0;

/** How many of the first `rows` times are at most `limit`. */
const countUpTo = ({ ts, rows }: Chunk, limit: number): number => {
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ts[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
};

const since = (chunk: Chunk, from: number): Chunk => ({
  ...chunk,
  rows: chunk.rows - from,
  ts: chunk.ts.subarray(from, chunk.rows),
  columns: chunk.columns.map(column => column.subarray(from, chunk.rows)),
});

/** When the last bars of a walk are known, epoch ms; −Infinity when it has none. */
export const lastInstant = (walk: PanelWalk): number => {
  let last = -Infinity;
  for (const chunk of walk.chunks) {
    if (chunk.kind !== 'bars' || chunk.timeframe !== walk.timeframe || !walk.symbols.includes(chunk.symbol)) continue;
    const lag = lagOf(chunk, walk);
    const rows = countUpTo(chunk, walk.to - lag);
    if (rows > 0) last = Math.max(last, chunk.ts[rows - 1]! + lag);
  }
  return last;
};

/**
 * A walk as several that follow one another, each over so many bars of time: between them the caller can look at the clock or at an interrupt. What was last known of the
 * futures goes from one to the next, so that visits are the same as those of one walk.
 */
export function* panelSlices(walk: PanelWalk, bars: number): Generator<PanelWalk> {
  const length = timeframeMs(walk.timeframe);
  const first = Math.min(...walk.chunks.flatMap(({ kind, rows, ts }) => (kind === 'bars' && rows > 0 ? [ts[0]!] : [])));
  const last = lastInstant(walk);
  for (let known = -Infinity, until = first; known < last;) {
    until += bars * length;
    const to = Math.min(until, walk.to);
    const chunks = walk.chunks.map(chunk => {
      const done = countUpTo(chunk, known - lagOf(chunk, walk));
      return since(chunk, chunk.kind === 'bars' ? done : Math.max(0, done - 1));
    });
    yield { ...walk, chunks, to };
    known = to;
  }
}
