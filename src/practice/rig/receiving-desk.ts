import { VenueFailure } from '../../live/venue-transport.js';
import { PracticeRefusal, type PracticeExchange } from '../practice-exchange.js';
import type { MarketTime } from './market-time.js';

/** The venue's side of the wire: market time is brought up to the truth before anything is looked at. */
export interface ReceivingDesk {
  /** Something that the exchange is asked for, now. Throws the exchange's refusal as a `VenueFailure`. */
  ask<T>(action: (exchange: PracticeExchange) => T): T;
  /** Market time stands still from now on. */
  freeze(): void;
}

export const receivingDesk = (market: MarketTime, exchange: PracticeExchange): ReceivingDesk => {
  let isFrozen = false;
  return {
    ask: action => {
      if (!isFrozen) exchange.advance(Math.max(exchange.now, Math.min(market.now(), exchange.end)));
      try {
        return action(exchange);
      } catch (error) {
        if (error instanceof PracticeRefusal) throw new VenueFailure(error.kind, error.code, error.message);
        throw error;
      }
    },
    freeze: () => {
      isFrozen = true;
    },
  };
};
