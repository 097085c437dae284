import { isInverse } from '../market/instrument.js';
import type { Fill, FundingPayment, RoundTrip } from './fill.js';

interface Open {
  side: 'long' | 'short';
  quantity: number;
  largest: number;
  entryTs: number;
  entryReason: string;
  bought: number;
  boughtValue: number;
  sold: number;
  soldValue: number;
  gross: number;
  fees: number;
  slippage: number;
  funding: number;
}

const EPSILON = 1e-9;

type Position = Pick<Fill, 'symbol' | 'positionSide'>;

/** In hedge mode the two legs of a symbol are two positions. The same one mostly comes again, and a name made anew is hashed anew. */
const namesOfPositions = (): ((position: Position) => string) => {
  let last: Position | null = null;
  let name = '';
  return position => {
    if (last === null || position.symbol !== last.symbol || position.positionSide !== last.positionSide)
      name = `${position.symbol}\u0000${position.positionSide ?? ''}`;
    last = position;
    return name;
  };
};

/** Contracts of an inverse perpetual are worth quantity ÷ price, so its averages are harmonic. */
const worth = (symbol: string, quantity: number, price: number): number => (isInverse(symbol) ? quantity / price : quantity * price);

/**
 * Closed round trips from fills and funding: from flat (or a reversal) to flat (or the next reversal), per symbol, in order of exit.
 * A fill that reverses is split by quantity between the trip it closes and the one it opens, and so are its fee and slippage. What is still open at the end
 * is no round trip.
 */
export const roundTrips = (fills: readonly Fill[], funding: readonly FundingPayment[]): RoundTrip[] => {
  const trips: RoundTrip[] = [];
  const open = new Map<string, Open>();
  const keyOf = namesOfPositions();
  let paid = 0;
  const settleUpTo = (ts: number, seq: number): void => {
    for (; paid < funding.length; paid++) {
      const payment = funding[paid] as FundingPayment;
      if (payment.ts > ts || (payment.ts === ts && (payment.seq ?? -1) > seq)) return;
      const trip = open.get(keyOf(payment));
      if (trip) trip.funding += payment.amount;
    }
  };
  for (const fill of fills) {
    // A payment of the fill's own instant comes before the orders of that instant, but after what the path of the bar that ends then has filled.
    settleUpTo(fill.ts, fill.seq);
    const sign = fill.side === 'buy' ? 1 : -1;
    let left = fill.quantity;
    const share = (part: number): number => part / fill.quantity;
    const key = keyOf(fill);
    const current = open.get(key);
    if (current && current.quantity * sign < 0) {
      const closing = Math.min(left, Math.abs(current.quantity));
      add(current, sign, closing, fill, share(closing));
      current.gross += fill.realised;
      current.quantity += sign * closing;
      left -= closing;
      if (Math.abs(current.quantity) < EPSILON * current.largest) {
        trips.push(close(fill, current));
        open.delete(key);
      }
    }
    if (left > EPSILON * fill.quantity) {
      const trip = open.get(key) ?? begin(fill, sign);
      open.set(key, trip);
      add(trip, sign, left, fill, share(left));
      trip.quantity += sign * left;
      trip.largest = Math.max(trip.largest, Math.abs(trip.quantity));
    }
  }
  settleUpTo(Infinity, Infinity);
  return trips;
};

const begin = (fill: Fill, sign: number): Open => ({
  side: sign > 0 ? 'long' : 'short',
  quantity: 0,
  largest: 0,
  entryTs: fill.ts,
  entryReason: fill.reason,
  bought: 0,
  boughtValue: 0,
  sold: 0,
  soldValue: 0,
  gross: 0,
  fees: 0,
  slippage: 0,
  funding: 0,
});

const add = (trip: Open, sign: number, quantity: number, fill: Fill, share: number): void => {
  if (sign > 0) {
    trip.bought += quantity;
    trip.boughtValue += worth(fill.symbol, quantity, fill.price);
  } else {
    trip.sold += quantity;
    trip.soldValue += worth(fill.symbol, quantity, fill.price);
  }
  trip.fees += fill.fee * share;
  trip.slippage += fill.slippage * share;
};

const close = (fill: Fill, trip: Open): RoundTrip => {
  const inverse = isInverse(fill.symbol);
  const bought = inverse ? trip.bought / trip.boughtValue : trip.boughtValue / trip.bought;
  const sold = inverse ? trip.sold / trip.soldValue : trip.soldValue / trip.sold;
  const [entryPrice, exitPrice] = trip.side === 'long' ? [bought, sold] : [sold, bought];
  const netPnl = trip.gross - trip.fees + trip.funding;
  return {
    symbol: fill.symbol,
    side: trip.side,
    entryTs: trip.entryTs,
    exitTs: fill.ts,
    entryPrice,
    exitPrice,
    quantity: trip.largest,
    grossPnl: trip.gross,
    fees: trip.fees,
    slippage: trip.slippage,
    funding: trip.funding,
    netPnl,
    netReturn: netPnl / worth(fill.symbol, trip.largest, entryPrice),
    entryReason: trip.entryReason,
    exitReason: fill.reason,
  };
};
