import { didYouMean, usageError } from '../errors.js';
import { binanceFront } from './binance/binance-front.js';
import { bybitFront } from './bybit/bybit-front.js';
import type { FrontFactory } from './server/front.js';

/** A venue whose interface the practice exchange speaks. */
export interface PracticeVenue {
  readonly front: () => FrontFactory;
  /** The venue's id in ccxt. */
  readonly ccxt: string;
  /** Conditional orders have ids of their own there. */
  readonly conditionalSpace: boolean;
}

const VENUES: Readonly<Record<string, PracticeVenue>> = {
  binance: { front: () => binanceFront(), ccxt: 'binanceusdm', conditionalSpace: true },
  bybit: { front: () => bybitFront(), ccxt: 'bybit', conditionalSpace: false },
};

/** Names for `--venue`. */
export const PRACTICE_VENUES: readonly string[] = Object.keys(VENUES);

/** Throws a usage error for a venue that it does not speak. */
export const practiceVenue = (name: string): PracticeVenue => {
  const venue = VENUES[name];
  if (venue === undefined)
    throw usageError(
      'unknown-venue',
      `The practice exchange does not speak the interface of "${name}".${didYouMean(name, PRACTICE_VENUES)}`,
      `Choose one of ${PRACTICE_VENUES.join(', ')}.`,
    );
  return venue;
};
