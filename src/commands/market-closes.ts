import type { Chunk } from '../events/market.js';
import type { MarketCloses } from '../experiments/evidence/regimes.js';
import { timeframeMs } from '../market/timeframe.js';

/** Closes by symbol of all bars of a timeframe that a run read, its history included. */
export const marketCloses = (chunks: readonly Chunk[], timeframe: string): Record<string, MarketCloses> => {
  const ms = timeframeMs(timeframe);
  const bars = chunks.filter(chunk => chunk.kind === 'bars' && (chunk.timeframe ?? timeframe) === timeframe);
  return Object.fromEntries(
    bars.map(({ symbol, ts, rows, columns }) => [
      symbol,
      { ts: ts.subarray(0, rows).map(open => open + ms), close: (columns[3] ?? new Float64Array()).subarray(0, rows) },
    ]),
  );
};
