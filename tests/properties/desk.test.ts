import { describe, expect, it } from 'vitest';
import { random as seeded } from '../../src/random.js';
import { order, target, type Intent } from '../../src/strategies/intent.js';
import { A, B, FREE, NO_RISK, factsOf, play, still, type BarRow } from '../engine/scenario.js';

const HOUR = 3_600_000;
const ENDS = new Set(['OrderRejected', 'OrderCancelled', 'OrderExpired']);

describe('whatever a strategy asks for, however late the answers', () => {
  it('the last target is held in the end, to the lot, and every order ends once', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed);
      const pick = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)] as T;
      const latency = () => pick([0, 0, 0, 1000, HOUR / 2, HOUR, 1.5 * HOUR, 2.5 * HOUR]);
      const wishes = Array.from({ length: 12 }, () => (random.next() < 0.5 ? undefined : pick([-1, -0.5, -0.2, 0, 0, 0, 0.3, 0.5, 1])));
      const last = wishes.findLast(w => w !== undefined);
      const result = await play({
        // The price stands still and nothing costs anything: 0.3 of 10,000 at 100 is 30 lots at every bar.
        bars: { [A]: Array.from({ length: 80 }, (): BarRow => [100, 100, 100, 100, 100]) },
        decide: i => {
          const wish = wishes[i];
          return wish === undefined ? undefined : target(A, wish);
        },
        config: {
          fills: { ...FREE.fills, participation: pick([0.05, 0.2, 0.37, 1, null]) },
          latency: { kind: 'constant', order: latency(), cancel: latency(), report: latency() },
        },
      });
      const held = result.fills.reduce((sum, f) => sum + (f.side === 'buy' ? f.quantity : -f.quantity), 0);
      expect(held, `seed ${seed}`).toBe(Math.trunc((last ?? 0) * 100));
      const left = new Map(factsOf(result, 'OrderApproved').map(f => [f.ticket.orderId, f.ticket.lots]));
      for (const fact of result.facts)
        if (fact.type === 'OrderFilled') left.set(fact.orderId, (left.get(fact.orderId) ?? NaN) - fact.lots);
        else if (ENDS.has(fact.type) && 'orderId' in fact) {
          expect(left.get(fact.orderId), `seed ${seed} ${fact.orderId}`).toBeGreaterThan(0);
          left.set(fact.orderId, 0);
        }
      expect(
        [...left.values()].every(lots => lots === 0),
        `seed ${seed}`,
      ).toBe(true);
    }
  });

  it('fills never lead past the limits of exposure and leverage', async () => {
    let refused = 0;
    let largest = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed);
      const pick = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)] as T;
      const intent = (symbol: string): Intent => {
        const side = pick(['buy', 'sell'] as const);
        const quantity = 1 + Math.floor(random.next() * 60);
        const reduceOnly = random.next() < 0.3;
        switch (Math.floor(random.next() * 5)) {
          case 0:
            return target(symbol, pick([-0.5, -0.2, 0, 0, 0.3, 0.5]));
          case 1:
            return order({ symbol, side, quantity, reduceOnly });
          case 2:
            return order({
              symbol,
              side,
              quantity,
              reduceOnly,
              limit: pick([990, 999, 1001, 1010]),
              tif: pick(['gtc', 'gtc', 'ioc', 'fok']),
            });
          case 3:
            return order({ symbol, side, quantity, reduceOnly, stop: pick([990, 999, 1001, 1010]) });
          default:
            return order({ symbol, side, quantity, reduceOnly, stop: pick([990, 999, 1001, 1010]), limit: pick([990, 999, 1001, 1010]) });
        }
      };
      // Prices stay within a thousandth, so that neither they nor profit can carry exposure past a limit; only orders can.
      const bars = (): BarRow[] =>
        Array.from({ length: 60 }, () => {
          const extreme = random.next();
          return [1000, extreme < 0.5 ? 1002 : 1000, extreme > 0.3 ? 998 : 1000, 1000, 1000];
        });
      const latency = () => pick([0, 0, 1000, HOUR / 2, 1.5 * HOUR]);
      const result = await play({
        bars: { [A]: bars(), [B]: bars() },
        decide: (_, { symbol }) => (random.next() < 0.4 ? intent(symbol) : undefined),
        config: {
          capital: 100_000,
          risk: { ...NO_RISK, maxExposure: 0.5, maxLeverage: 0.8 },
          fills: { ...FREE.fills, participation: pick([0.01, 0.05, null]) },
          latency: { kind: 'constant', order: latency(), cancel: latency(), report: latency() },
        },
      });
      refused += (result.refusals['max-exposure'] ?? 0) + (result.refusals['max-leverage'] ?? 0);
      const held: Record<string, number> = {};
      for (const f of result.fills) {
        held[f.symbol] = (held[f.symbol] ?? 0) + (f.side === 'buy' ? f.quantity : -f.quantity);
        const [a, b] = [Math.abs(held[A] ?? 0), Math.abs(held[B] ?? 0)];
        largest = Math.max(largest, a, b);
        // 50 lots are half of the capital; a little more, for what profit and the thousandth add.
        expect(Math.max(a, b), `seed ${seed}`).toBeLessThanOrEqual(51);
        expect(a + b, `seed ${seed}`).toBeLessThanOrEqual(81);
      }
    }
    expect(refused).toBeGreaterThan(300);
    expect(largest).toBeGreaterThanOrEqual(49);
  });

  it('the venue fills as much as the account can carry, and not a lot more or less', async () => {
    let cut = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      const pick = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)] as T;
      const leverage = pick([1, 2, 3]);
      const result = await play({
        // Nothing moves and nothing costs, so the account carries 100 lots for each turn of leverage, in both symbols together.
        bars: { [A]: Array.from({ length: 40 }, () => still(100)), [B]: Array.from({ length: 40 }, () => still(100)) },
        decide: (_, { symbol }) =>
          random.next() < 0.5
            ? order({
                symbol,
                side: pick(['buy', 'sell']),
                quantity: 1 + Math.floor(random.next() * 200),
                tif: pick(['gtc', 'ioc', 'fok']),
              })
            : undefined,
        config: { leverage },
      });
      const held: Record<string, number> = {};
      const gross = () => Math.abs(held[A] ?? 0) + Math.abs(held[B] ?? 0);
      const tickets = new Map(factsOf(result, 'OrderApproved').map(f => [f.ticket.orderId, f.ticket]));
      for (const fact of result.facts)
        if (fact.type === 'OrderFilled') {
          held[fact.symbol] = (held[fact.symbol] ?? 0) + (fact.side === 'buy' ? fact.lots : -fact.lots);
          expect(gross(), `seed ${seed}`).toBeLessThanOrEqual(100 * leverage);
        } else if (fact.type === 'OrderExpired') {
          expect(fact.code).toBe('margin');
          cut++;
          if (tickets.get(fact.orderId)?.tif !== 'fok') expect(gross(), `seed ${seed}`).toBe(100 * leverage);
        }
    }
    expect(cut).toBeGreaterThan(500);
  });

  it('a halted account gets flat and stays so, whatever the strategy goes on asking for', async () => {
    let halts = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      const pick = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)] as T;
      const bars = (): BarRow[] => {
        let price = 1000;
        return Array.from({ length: 200 }, (_, i): BarRow => {
          const open = price;
          if (i < 50) price = Math.round(price * (1 + 0.04 * (random.next() - 0.5)));
          return [open, Math.max(open, price) + 3, Math.min(open, price) - 3, price, i < 60 ? pick([0, 20, 1000]) : 1000];
        });
      };
      const latency = () => pick([0, 0, 1000, HOUR / 2, 1.5 * HOUR, 2.5 * HOUR]);
      const result = await play({
        bars: { [A]: bars(), [B]: bars() },
        decide: (i, { symbol, close }) => {
          if (i > 120 || random.next() > 0.4) return undefined;
          if (random.next() < 0.4) return target(symbol, pick([-1, -0.5, 0, 0.5, 1]));
          const [side, quantity, reduceOnly] = [pick(['buy', 'sell'] as const), 1 + Math.floor(random.next() * 60), random.next() < 0.4];
          const price = () => Math.round(close * pick([0.5, 0.98, 1, 1.02, 2]));
          return pick([
            order({ symbol, side, quantity, reduceOnly }),
            order({ symbol, side, quantity, reduceOnly, limit: price() }),
            order({ symbol, side, quantity, reduceOnly, stop: price() }),
          ]);
        },
        config: {
          capital: 100_000,
          risk: { ...NO_RISK, maxDrawdown: 0.03 },
          fills: { ...FREE.fills, participation: pick([0.02, 0.2, null]) },
          latency: { kind: 'constant', order: latency(), cancel: latency(), report: latency() },
        },
      });
      if (result.halted === null) continue;
      halts++;
      const held: Record<string, number> = {};
      for (const f of result.fills) held[f.symbol] = (held[f.symbol] ?? 0) + (f.side === 'buy' ? f.quantity : -f.quantity);
      expect([held[A] ?? 0, held[B] ?? 0], `seed ${seed}`).toEqual([0, 0]);
      const open = new Map(factsOf(result, 'OrderApproved').map(f => [f.ticket.orderId, f.ticket.lots]));
      for (const fact of result.facts)
        if (fact.type === 'OrderFilled') open.set(fact.orderId, (open.get(fact.orderId) ?? NaN) - fact.lots);
        else if (ENDS.has(fact.type) && 'orderId' in fact) open.set(fact.orderId, 0);
      expect(
        [...open].filter(([, lots]) => lots !== 0),
        `seed ${seed}`,
      ).toEqual([]);
    }
    expect(halts).toBeGreaterThan(100);
  });
});
