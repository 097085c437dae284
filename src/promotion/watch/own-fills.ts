import type { Fact } from '../../events/fact.js';
import { toMoney, units } from '../../market/units.js';
import type { Instrument } from '../../market/instrument.js';
import type { MarketPrice } from '../parity/filled-groups.js';

/** One order of an account in all its fills of one kind. Times are epoch ms, prices quote currency, money settlement asset. */
export interface OwnFill {
  readonly orderId: string;
  readonly symbol: string;
  /** First fill, by the venue's clock. */
  readonly ts: number;
  readonly side: 1 | -1;
  readonly liquidity: 'maker' | 'taker';
  /** Base units, and the average price. */
  readonly quantity: number;
  readonly price: number;
  /** The market's price when it arrived; NaN where it is not known. */
  readonly arrival: number;
  readonly notional: number;
  readonly fee: number;
  /** From leaving to the venue's first word on it, and from there to us, ms; NaN where it is not known. */
  readonly orderMs: number;
  readonly reportMs: number;
}

interface Journey {
  readonly submitted: number;
  arrived: number;
  known: number;
}

/**
 * Fills of a strategy's orders out of an account's journal, in the order of their first fill. `market` is the market's price by symbol and moment; null for a simulated venue, whose fills say themselves what they cost against it.
 * Latency is that of orders which traded or rested at once, and as exact as the two clocks agree.
 */
export const ownFills = (
  facts: Iterable<Fact>,
  strategy: string,
  instruments: readonly Instrument[],
  market: MarketPrice | null,
): readonly OwnFill[] => {
  const unitsOf = new Map(instruments.map(instrument => [instrument.symbol, units(instrument)]));
  const journeys = new Map<string, Journey>();
  const fills = new Map<string, { -readonly [K in keyof OwnFill]: OwnFill[K] } & { value: number; arrivalValue: number }>();
  const arrived = (orderId: string, ts: number, knownAt: number): void => {
    const journey = journeys.get(orderId);
    if (journey === undefined || !Number.isNaN(journey.arrived)) return;
    journey.arrived = ts;
    journey.known = knownAt;
  };
  for (const fact of facts) {
    if (fact.strategy !== strategy) continue;
    if (fact.type === 'OrderSubmitted') journeys.set(fact.orderId, { submitted: fact.ts, arrived: NaN, known: NaN });
    else if (fact.type === 'OrderAccepted') arrived(fact.orderId, fact.ts, fact.knownAt);
    else if (fact.type === 'OrderFilled') {
      const { orderId, symbol, ts, liquidity } = fact;
      const u = unitsOf.get(symbol);
      if (u === undefined) continue;
      arrived(orderId, ts, fact.knownAt);
      const journey = journeys.get(orderId);
      const side = fact.side === 'buy' ? 1 : -1;
      const [quantity, price] = [u.quantity(fact.lots), u.price(fact.price)];
      const notional = Math.abs(toMoney(u.value(fact.price, fact.lots)));
      // What a simulated fill cost, in the settlement asset, as a part of its price.
      const slipped = notional > 0 ? (side * toMoney(fact.slippage)) / notional : 0;
      const arrival = market === null ? price * (1 - slipped) : market(symbol, journey?.arrived ?? ts);
      const key = `${orderId} ${liquidity}`;
      const known = fills.get(key);
      const fill = known ?? {
        orderId,
        symbol,
        ts,
        side,
        liquidity,
        quantity: 0,
        price: 0,
        arrival: 0,
        notional: 0,
        fee: 0,
        orderMs: journey ? journey.arrived - journey.submitted : NaN,
        reportMs: journey ? journey.known - journey.arrived : NaN,
        value: 0,
        arrivalValue: 0,
      };
      fills.set(key, fill);
      fill.quantity += quantity;
      fill.value += quantity * price;
      fill.arrivalValue += quantity * arrival;
      fill.notional += notional;
      fill.fee += toMoney(fact.fee);
    }
  }
  return [...fills.values()].map(({ value, arrivalValue, ...fill }) => ({
    ...fill,
    price: value / fill.quantity,
    arrival: arrivalValue / fill.quantity,
  }));
};
