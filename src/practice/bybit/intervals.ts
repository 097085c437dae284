import { timeframe, type Timeframe } from '../../market/timeframe.js';
import { BybitError } from './bybit-error.js';

const INTERVALS: ReadonlyMap<string, Timeframe> = new Map(
  (
    [
      ['1', '1m'],
      ['3', '3m'],
      ['5', '5m'],
      ['15', '15m'],
      ['30', '30m'],
      ['60', '1h'],
      ['120', '2h'],
      ['240', '4h'],
      ['360', '6h'],
      ['720', '12h'],
      ['D', '1d'],
      ['W', '1w'],
    ] as const
  ).map(([theirs, ours]) => [theirs, timeframe(ours)]),
);

const NAMES: ReadonlyMap<Timeframe, string> = new Map([...INTERVALS].map(([theirs, ours]) => [ours, theirs]));

/** Throws 10001 for what is no interval. */
export const timeframeOf = (interval: string): Timeframe => {
  const found = INTERVALS.get(interval);
  if (found === undefined) throw new BybitError(10001, 'Invalid period!');
  return found;
};

export const isInterval = (interval: string): boolean => INTERVALS.has(interval);

/** The venue's name of a timeframe; undefined when it has none. */
export const intervalOf = (frame: Timeframe): string | undefined => NAMES.get(frame);
