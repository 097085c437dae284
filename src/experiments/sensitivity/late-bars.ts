import { usageError } from '../../errors.js';
import type { Chunk } from '../../events/market.js';
import { timeframeMs } from '../../market/timeframe.js';

/**
 * The same bars known `delay` bars later: each is stamped so many bar lengths after its own time, and those that would become known after the history's end are
 * left out. For a strategy's view only. An exchange must go on filling at the bars as they were: one that fills at late bars moves the market along with the
 * strategy, and shows no loss. Other kinds stay. Throws a usage error for a delay that is not a whole number or a bar without a timeframe.
 */
export const lateBars = (chunks: readonly Chunk[], delay: number): readonly Chunk[] => {
  if (!Number.isInteger(delay) || delay < 0)
    throw usageError('bad-stress', `${delay} is not a number of bars.`, 'Use a whole number, such as 1.');
  const closeAfter = ({ timeframe }: Chunk): number => timeframeMs(timeframe ?? '');
  const bars = chunks.filter(({ kind, rows }) => kind === 'bars' && rows > 0);
  const end = bars.reduce((latest, chunk) => Math.max(latest, chunk.ts[chunk.rows - 1]! + closeAfter(chunk)), -Infinity);
  return chunks.map(chunk => {
    if (chunk.kind !== 'bars') return chunk;
    const barMs = closeAfter(chunk);
    const late = chunk.ts.subarray(0, chunk.rows).map(open => open + delay * barMs);
    const rows = late.filter(open => open + barMs <= end).length;
    return { ...chunk, rows, ts: late.subarray(0, rows), columns: chunk.columns.map(column => column.subarray(0, rows)) };
  });
};
