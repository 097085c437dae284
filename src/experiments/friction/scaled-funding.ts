import { memoryFeed } from '../../datasets/memory-feed.js';
import type { Feed, InputRange } from '../../events/feed.js';
import type { Chunk } from '../../events/market.js';

/** History in memory with the record of where each series came from. */
export interface FrictionData {
  /** Whole histories; on SharedArrayBuffers no worker copies them. */
  readonly chunks: readonly Chunk[];
  /** One a chunk, in the same order. */
  readonly inputs: readonly InputRange[];
}

const times = (chunk: Chunk, scale: number): Chunk => {
  const [rates = new Float64Array(), ...others] = chunk.columns;
  return { ...chunk, columns: [Float64Array.from(rates, rate => rate * scale + 0), ...others] };
};

/**
 * The history with every settled funding rate multiplied: a market in which holding costs, or pays, so many times what it did. A strategy that looks at the
 * rates sees the multiplied ones. The inputs say so beside the dataset's name, so that a run on them is not taken for one on the data as it was.
 */
export const scaledFunding = ({ chunks, inputs }: FrictionData, scale: number): Feed =>
  scale === 1
    ? memoryFeed(chunks, { inputs })
    : memoryFeed(
        chunks.map(chunk => (chunk.kind === 'funding' ? times(chunk, scale) : chunk)),
        { inputs: inputs.map(input => (input.kind === 'funding' ? { ...input, dataset: `${input.dataset}, rates × ${scale}` } : input)) },
      );
