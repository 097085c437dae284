import type { Fact } from '../events/fact.js';
import type { PositionSide } from '../events/order.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { units, type Amount, type Lots, type Ticks } from '../market/units.js';
import { formatDuration } from '../time.js';
import { LIMIT_DEFAULTS, type RiskLimits } from './limits.js';
import type { RiskReport } from './state-board.js';

/** Watches round trips, from flat or a reversal to flat or the next reversal, for losses in a row. */
export interface LosingStreak {
  /** The next fact of the stream; what is to follow from it, or null. */
  handle(fact: Fact): RiskReport | null;
  /** A position that was there before the first fact: its signed lots and what they cost, in booking units. */
  adopt(symbol: Symbol, leg: PositionSide | undefined, lots: Lots, cost: Amount): void;
  /** Losing round trips in a row so far. Set after a restart. */
  length: number;
  /** A person takes trading up again: the count begins anew. */
  resume(): void;
}

interface Trip {
  lots: Lots;
  /** Money in less money out, costs and funding included, in amount units; a float where a fee is shared between two trips. */
  profit: number;
}

/**
 * After so many losing round trips in a row the account is REDUCING for a pause, and the count begins anew. A round trip loses when its price difference, fees and funding add up to less than nothing; one
 * that comes out even ends a streak. In hedge mode each leg has its own round trips.
 */
export const losingStreak = (
  instruments: readonly Instrument[],
  limits: () => Pick<RiskLimits, 'pauseAfterLosses' | 'lossPause'>,
): LosingStreak => {
  const unitsOf = new Map(instruments.map(instrument => [instrument.symbol, units(instrument)]));
  const trips = new Map<string, Trip>();
  let streak = 0;
  const keyOf = (symbol: Symbol, leg: PositionSide | undefined): string => `${symbol}\u0000${leg ?? ''}`;

  const ended = (profit: number, ts: number): RiskReport | null => {
    streak = profit < 0 ? streak + 1 : 0;
    const { pauseAfterLosses: limit = null, lossPause } = limits();
    if (limit === null || streak < limit) return null;
    const pause = lossPause ?? LIMIT_DEFAULTS.lossPause;
    const text = `${streak} losing round trips in a row; nothing is opened for ${formatDuration(pause)}`;
    streak = 0;
    return { source: 'consecutive-losses', state: 'REDUCING', code: 'consecutive-losses', text, until: ts + pause };
  };
  const book = (
    symbol: Symbol,
    leg: PositionSide | undefined,
    price: Ticks,
    signedLots: Lots,
    fee: Amount,
    ts: number,
  ): RiskReport | null => {
    const u = unitsOf.get(symbol);
    if (u === undefined || signedLots === 0) return null;
    const key = keyOf(symbol, leg);
    const trip = trips.get(key) ?? { lots: 0, profit: 0 };
    const closing = trip.lots * signedLots < 0 ? Math.sign(signedLots) * Math.min(Math.abs(signedLots), Math.abs(trip.lots)) : 0;
    const opening = signedLots - closing;
    let report: RiskReport | null = null;
    if (closing !== 0) {
      trip.lots += closing;
      trip.profit -= u.value(price, closing) + fee * (closing / signedLots);
      if (trip.lots === 0) {
        report = ended(trip.profit, ts);
        trip.profit = 0;
      }
    }
    if (opening !== 0) {
      trip.lots += opening;
      trip.profit -= u.value(price, opening) + fee * (opening / signedLots);
    }
    trips.set(key, trip);
    return report;
  };
  return {
    get length() {
      return streak;
    },
    set length(length) {
      streak = length;
    },
    adopt: (symbol, leg, lots, cost) => {
      trips.set(keyOf(symbol, leg), { lots, profit: -cost });
    },
    handle: fact => {
      switch (fact.type) {
        case 'OrderFilled':
        case 'ExternalFilled':
          return book(fact.symbol, fact.positionSide, fact.price, fact.side === 'buy' ? fact.lots : -fact.lots, fact.fee, fact.ts);
        case 'PositionAdopted':
          return book(fact.symbol, fact.positionSide, fact.price, fact.after - fact.before, 0, fact.ts);
        case 'FundingSettled': {
          const trip = trips.get(keyOf(fact.symbol, fact.positionSide));
          if (trip !== undefined && trip.lots !== 0) trip.profit += fact.amount;
          return null;
        }
        default:
          return null;
      }
    },
    resume: () => {
      streak = 0;
    },
  };
};
