import type { Chunk } from '../../events/market.js';
import type { Instrument } from '../../market/instrument.js';
import { laterStart } from '../sensitivity/later-start.js';
import { missingBars } from '../sensitivity/missing-bars.js';
import { noisyCloses } from '../sensitivity/noisy-closes.js';
import { historyBootstrap, type HistoryBootstrap } from '../synthetic-history.js';
import type { DataChange } from './check.js';

/** Recorded history and the units of its symbols. */
interface Recorded {
  readonly chunks: readonly Chunk[];
  readonly instruments: readonly Instrument[];
}

/** What a history is drawn from takes as long to prepare as to draw, so it is prepared once for all seeds. */
const bootstraps = new WeakMap<readonly Chunk[], Map<number | undefined, HistoryBootstrap>>();

const bootstrapOf = ({ chunks, instruments }: Recorded, meanBlock: number | undefined): HistoryBootstrap => {
  const known = bootstraps.get(chunks) ?? new Map<number | undefined, HistoryBootstrap>();
  bootstraps.set(chunks, known);
  const found = known.get(meanBlock) ?? historyBootstrap({ chunks, instruments, ...(meanBlock === undefined ? {} : { meanBlock }) });
  known.set(meanBlock, found);
  return found;
};

const scaled = (chunk: Chunk, scale: number): Chunk => {
  if (chunk.kind !== 'funding') return chunk;
  const [rates = new Float64Array(), ...others] = chunk.columns;
  // Nothing times anything is nothing, and not −0.
  return { ...chunk, columns: [rates.map(rate => rate * scale + 0), ...others] };
};

/** The recorded history with one change made to it; the same for any worker. Throws a usage error for a change that these data do not allow. */
export const changedChunks = (recorded: Recorded, change: DataChange): readonly Chunk[] => {
  const { chunks, instruments } = recorded;
  switch (change.kind) {
    case 'missing-bars':
      return missingBars(chunks, change);
    case 'noisy-closes':
      return noisyCloses(chunks, { ...change, instruments });
    case 'later-history':
      return laterStart(chunks, change.from);
    case 'scaled-funding':
      return chunks.map(chunk => scaled(chunk, change.scale));
    case 'synthetic-history':
      return bootstrapOf(recorded, change.meanBlock).draw(change.seed).chunks;
  }
};
