import type { Chunk } from '../events/market.js';
import { timeframeMs } from '../market/timeframe.js';
import { random } from '../random.js';

/** The columns and shape of a chunk, copied, so that the original stays as it is. */
const copy = (chunk: Chunk): { chunk: Chunk; ts: Float64Array; columns: Float64Array[] } => {
  const ts = chunk.ts.slice(0, chunk.rows);
  const columns = chunk.columns.map(column => column.slice(0, chunk.rows));
  return { chunk: { ...chunk, ts, columns }, ts, columns };
};

/**
 * Market data that is the same up to `cut` and nonsense after it: prices off by up to half, volumes and rates redrawn. Bars that end after `cut` are corrupted whole, and so are funding
 * rates that settled before it and are published after it: `fundingDelay` says how late they are. Prices stay on the tick and bars stay well-formed, so that the venue still takes them.
 */
export const corruptAfter = (
  chunks: readonly Chunk[],
  cut: number,
  tickSize: (symbol: string) => number,
  seed: number,
  fundingDelay = 0,
): Chunk[] =>
  chunks.map(original => {
    const draw = random(`${seed}/${original.kind}/${original.symbol}`);
    const { chunk, ts, columns } = copy(original);
    const late = original.kind === 'bars' ? timeframeMs(original.timeframe ?? '') : original.kind === 'funding' ? fundingDelay : 0;
    const tick = tickSize(original.symbol);
    const price = (x: number): number => Math.max(1, Math.round((x * (0.5 + draw.next())) / tick)) * tick;
    for (let i = 0; i < original.rows; i++) {
      if ((ts[i] as number) + late <= cut) continue;
      if (original.kind === 'bars') {
        const four = [0, 1, 2, 3].map(k => price((columns[k] as Float64Array)[i] as number));
        const put = (k: number, value: number): void => {
          (columns[k] as Float64Array)[i] = value;
        };
        put(0, four[0] as number);
        put(1, Math.max(...four));
        put(2, Math.min(...four));
        put(3, four[3] as number);
        put(4, ((columns[4] as Float64Array)[i] as number) * 2 * draw.next());
      } else if (original.kind === 'funding') (columns[0] as Float64Array)[i] = 0.001 * draw.normal();
      else if (original.kind === 'trades') {
        const [prices, quantities] = columns as [Float64Array, Float64Array];
        prices[i] = price(prices[i] as number);
        quantities[i] = (quantities[i] as number) * 2 * draw.next();
      } else if (original.kind === 'quotes') {
        const [bids, , asks] = columns as [Float64Array, Float64Array, Float64Array];
        const spread = (asks[i] as number) - (bids[i] as number);
        bids[i] = price(bids[i] as number);
        asks[i] = (bids[i] as number) + spread;
      } else if (original.kind === 'book') {
        // Sizes only: other prices would cross the book and break it, and a broken book hides what looks ahead.
        const quantities = columns[2] as Float64Array;
        quantities[i] = (quantities[i] as number) * 2 * draw.next();
      } else if (original.kind !== 'universe') {
        const first = columns[0] as Float64Array;
        first[i] = (first[i] as number) * (0.5 + draw.next());
      }
    }
    return chunk;
  });
