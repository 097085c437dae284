import { amend, cancel, order, target, type Intent } from '../../strategies/intent.js';
import { defineStrategy, type Strategy } from '../../strategies/strategy.js';

const EXPOSURES = [-0.6, -0.3, 0, 0.3, 0.6] as const;

/** Changes its target now and then: market orders, flips included. */
export const targetTrader = (name: string, chance = 0.2): Strategy =>
  defineStrategy({
    name,
    params: {},
    decide: (bar, _, { random }) =>
      random() < chance ? target(bar.symbol, EXPOSURES[Math.floor(random() * EXPOSURES.length)] ?? 0, { reason: 'chance' }) : undefined,
  });

/** Works limit orders near the price, amends and cancels them, and keeps a reduce-only stop under what it holds. */
export const orderTrader = (name: string): Strategy =>
  defineStrategy({
    name,
    params: {},
    memory: () => ({ working: new Map<string, { id: string; price: number; quantity: number }>(), stops: new Set<string>(), count: 0 }),
    decide: (bar, _, { memory, random, quantityFor, position }) => {
      const intents: Intent[] = [];
      const { symbol, close } = bar;
      const own = memory.working.get(symbol);
      const draw = random();
      if (own !== undefined && draw < 0.2) {
        intents.push(cancel(own.id, { reason: 'chance' }));
        memory.working.delete(symbol);
      } else if (own !== undefined && draw < 0.35) {
        own.price *= close > own.price ? 1.0005 : 0.9995;
        intents.push(amend(own.id, { limit: own.price, reason: 'follow' }));
      } else if (draw > 0.55) {
        const id = `l${++memory.count}`;
        const side = random() < 0.5 ? 'buy' : 'sell';
        const price = close * (side === 'buy' ? 0.9992 : 1.0008);
        const quantity = Math.abs(quantityFor(symbol, 0.2));
        intents.push(order({ symbol, side, quantity, limit: price, id, postOnly: random() < 0.3, reason: 'quote' }));
        memory.working.set(symbol, { id, price, quantity });
      }
      const held = position(symbol).quantity;
      const stopId = `s-${symbol}`;
      if (held !== 0 && !memory.stops.has(symbol) && random() < 0.3) {
        memory.stops.add(symbol);
        const side = held > 0 ? 'sell' : 'buy';
        intents.push(
          order({
            symbol,
            side,
            quantity: Math.abs(held),
            stop: close * (held > 0 ? 0.99 : 1.01),
            reduceOnly: true,
            id: stopId,
            reason: 'stop',
          }),
        );
      } else if (memory.stops.has(symbol) && (held === 0 || random() < 0.05)) {
        memory.stops.delete(symbol);
        intents.push(cancel(stopId, { reason: 'done' }));
      }
      return intents;
    },
  });

/** Every six bars a limit order through the price, larger than a bar fills; two bars later it follows the price, two bars later what is left is taken back. */
export const amendTrader = (name: string): Strategy =>
  defineStrategy({
    name,
    params: {},
    memory: () => ({ seen: new Map<string, number>() }),
    decide: ({ symbol, close }, _, { memory, quantityFor }) => {
      const count = memory.seen.get(symbol) ?? 0;
      memory.seen.set(symbol, count + 1);
      const cycle = Math.floor(count / 6);
      const id = `${symbol}-${cycle}`;
      const side = cycle % 2 === 0 ? 'buy' : 'sell';
      const limit = close * (side === 'buy' ? 1.001 : 0.999);
      if (count % 6 === 0) return order({ symbol, side, quantity: Math.abs(quantityFor(symbol, 0.6)), limit, id, reason: 'cycle' });
      if (count % 6 === 2) return amend(id, { limit, reason: 'follow' });
      return count % 6 === 4 ? cancel(id, { reason: 'enough' }) : undefined;
    },
  });

/** Hangs `orders` small limit orders under and over the price, from `nearest` to twice that away, at each of these bars of the first symbol, and touches them no more. */
export const ladderTrader = (name: string, orders: number, nearest: number, bars: readonly number[]): Strategy =>
  defineStrategy({
    name,
    params: {},
    memory: () => ({ seen: new Map<string, number>() }),
    decide: ({ symbol, close }, _, { memory, quantityFor }) => {
      const count = (memory.seen.get(symbol) ?? 0) + 1;
      memory.seen.set(symbol, count);
      if (!bars.includes(count)) return undefined;
      return Array.from({ length: orders }, (__, i): Intent => {
        const side = i % 2 === 0 ? 'buy' : 'sell';
        const away = nearest * (1 + i / orders);
        const limit = close * (side === 'buy' ? 1 - away : 1 + away);
        return order({ symbol, side, quantity: Math.abs(quantityFor(symbol, 0.02)), limit, reason: 'ladder' });
      });
    },
  });

/** Holds one exposure from its third bar of a symbol on, and from the bar `exit` on wants out by orders that only reduce. */
export const holdingTrader = (name: string, exposure: number, exit: number): Strategy =>
  defineStrategy({
    name,
    params: {},
    memory: () => ({ seen: new Map<string, number>() }),
    decide: ({ symbol }, _, { memory, position }) => {
      const count = (memory.seen.get(symbol) ?? 0) + 1;
      memory.seen.set(symbol, count);
      if (count < exit) return count === 3 ? target(symbol, exposure, { reason: 'hold' }) : undefined;
      const held = position(symbol).quantity;
      if (held === 0) return undefined;
      return order({ symbol, side: held > 0 ? 'sell' : 'buy', quantity: Math.abs(held), reduceOnly: true, reason: 'out' });
    },
  });

/** Sets another small target at each bar, so that the journal shows which bars it was given. */
export const barWitness = (name: string): Strategy =>
  defineStrategy({
    name,
    params: {},
    memory: () => ({ seen: new Map<string, number>() }),
    decide: ({ symbol }, _, { memory }) => {
      const count = (memory.seen.get(symbol) ?? 0) + 1;
      memory.seen.set(symbol, count);
      return target(symbol, 0.1 + 0.001 * (count % 2), { reason: 'witness' });
    },
  });

export type Poison = 'throws' | 'floods' | 'oversizes';

/** Behaves for some bars, and then does what no strategy may: `flood` is how many orders a bar are too many. */
export const poisonTrader = (name: string, poison: Poison, after: number, flood = 1000): Strategy =>
  defineStrategy({
    name,
    params: {},
    memory: () => ({ bars: 0 }),
    decide: (bar, _, { memory, quantityFor }) => {
      memory.bars++;
      if (memory.bars < after || memory.bars > after + 6)
        return memory.bars === 2 ? target(bar.symbol, 0.1, { reason: 'bait' }) : undefined;
      switch (poison) {
        case 'throws':
          throw new Error('poison');
        case 'floods':
          return Array.from({ length: flood }, () =>
            order({
              symbol: bar.symbol,
              side: 'buy',
              quantity: Math.abs(quantityFor(bar.symbol, 0.01)),
              limit: bar.close * 0.99,
              reason: 'flood',
            }),
          );
        case 'oversizes':
          return order({ symbol: bar.symbol, side: 'buy', quantity: Math.abs(quantityFor(bar.symbol, 100)), reason: 'greed' });
      }
    },
  });
