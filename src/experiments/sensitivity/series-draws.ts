import type { Chunk } from '../../events/market.js';
import { random } from '../../random.js';
import type { Random } from '../../random.js';

/** One stream of draws for each series of bars, so that neither how a series is cut into chunks nor what other symbols there are changes its draws. */
export const seriesDraws = (seed: number | string, label: string): ((chunk: Chunk) => Random) => {
  const source = random(seed).fork(label);
  const streams = new Map<string, Random>();
  return ({ symbol, timeframe }) => {
    const key = `${symbol} ${timeframe ?? ''}`;
    const stream = streams.get(key) ?? source.fork(key);
    streams.set(key, stream);
    return stream;
  };
};
