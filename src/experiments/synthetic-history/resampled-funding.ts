import { lowerBound } from '../../datasets/range.js';
import type { Chunk } from '../../events/market.js';
import type { Cover } from './drawable-instants.js';

/** From where to where funding is known: since the beginning of the interval that the first settlement ends. */
export const fundingCover = ({ rows, ts, columns: [, interval] }: Chunk): Cover => ({
  from: ts[0]! - interval![0]!,
  to: ts[rows - 1]!,
});

/**
 * Funding at the recorded times of settlement, each at the rate of the settlement that was being accrued towards at its moment of source. Where the two intervals
 * differ the rate is scaled by their lengths, so that an hour costs what it did. `sourceOf` gives the recorded time that a time shows.
 */
export const resampledFunding = (funding: Chunk, sourceOf: (ts: number) => number): Chunk => {
  const { rows, ts, columns } = funding;
  const [rate, interval] = columns as [Float64Array, Float64Array];
  const drawn = ts.map((at, row) => {
    const source = Math.min(lowerBound(ts, rows, sourceOf(at)), rows - 1);
    const own = interval[row]!;
    return interval[source] === own ? rate[source]! : rate[source]! * (own / interval[source]!);
  });
  return { ...funding, ts: ts.slice(), columns: [drawn, interval.slice()] };
};
