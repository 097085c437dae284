import type { Chunk } from '../events/market.js';
import { ChunkBar } from './chunk-bar.js';
import type { Feature } from './feature.js';

/**
 * A feature over a chunk of bars: one array of `bars.rows` numbers per output, NaN while warming up. It is the very fold that
 * runs live, fed by one reused bar, so batch and stream agree bit for bit (law 7). Throws a TypeError for a chunk that is not of bars.
 */
export const computeColumns = (feature: Feature, bars: Chunk): Float64Array[] => {
  const { rows } = bars;
  const bar = new ChunkBar(bars);
  const columns = feature.outputs.map(() => new Float64Array(rows));
  const step = feature.create();
  const [only] = columns;
  if (only !== undefined && columns.length === 1) {
    for (let i = 0; i < rows; i++) {
      bar.at = i;
      step(bar, only, i);
    }
    return columns;
  }
  const row = new Float64Array(columns.length);
  for (let i = 0; i < rows; i++) {
    bar.at = i;
    step(bar, row, 0);
    for (let k = 0; k < row.length; k++) columns[k]![i] = row[k]!;
  }
  return columns;
};
