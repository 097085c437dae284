import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { random as seeded } from '../../src/random.js';
import { backtest } from '../../src/sim/backtest.js';
import { bracket, execute, oco } from '../../src/strategies/execution-intent.js';
import { amend, cancel, order, type Intent } from '../../src/strategies/intent.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { A, B, FREE, T0, factsOf, play, stage, still, told, type BarRow } from './scenario.js';

const HOUR = 3_600_000;
const flat = (n: number, volume = 1000): BarRow[] => Array.from({ length: n }, () => still(100, volume));
const closed = (result: Awaited<ReturnType<typeof play>>): string[] =>
  factsOf(result, 'ExecutionClosed').map(({ code, filled, ts }) => `${code} ${filled} h${(ts - T0) / HOUR}`);
const work = { symbol: A, side: 'buy', quantity: 40 } as const;

describe('an execution in a run', () => {
  it('by time trades between bars, at its own times', async () => {
    const result = await play({
      bars: { [A]: flat(6) },
      decide: i => (i === 0 ? execute({ ...work, algorithm: 'twap', duration: 2 * HOUR, slices: 4 }) : undefined),
    });
    expect(told(result)).toEqual(['buy 10@100 taker h1', 'buy 10@100 taker h1.5', 'buy 10@100 taker h2', 'buy 10@100 taker h2.5']);
    expect(closed(result)).toEqual(['done 40 h2.5']);
  });

  it('by volume trades its share of each bar once that is known', async () => {
    const result = await play({
      bars: { [A]: [still(100, 500), still(100, 120), still(100, 80), still(100, 300)] },
      decide: i => (i === 0 ? execute({ ...work, algorithm: 'pov', share: 0.1 }) : undefined),
    });
    expect(told(result)).toEqual(['buy 12@100 taker h2', 'buy 8@100 taker h3']);
    expect(closed(result)).toEqual(['end-of-data 20 h4']);
  });

  it('in a bracket is protected as it fills, bar by bar', async () => {
    // A tenth of each bar's volume of 40 may be ours: the entry takes three bars for its 10 lots, then the price falls through the stop.
    const result = await play({
      bars: { [A]: [still(100, 40), still(100, 40), still(100, 40), still(100, 40), [100, 100, 80, 80, 4000], still(80, 4000)] },
      decide: i => (i === 0 ? bracket({ symbol: A, side: 'buy', quantity: 10, stop: 90, target: 120, id: 'b' }) : undefined),
      config: { fills: { ...FREE.fills, participation: 0.1 } },
    });
    expect(told(result).slice(0, 3)).toEqual(['buy 4@100 taker h1', 'buy 4@100 taker h2', 'buy 2@100 taker h3']);
    const stops = factsOf(result, 'OrderAmended').filter(({ stop }) => stop === 90);
    expect(stops.map(({ lots }) => lots)).toEqual([8, 10]);
    expect(told(result).slice(3)).toEqual(['sell 10@90 taker h4.5']);
    expect(closed(result)).toEqual(['stop 10 h4.5']);
    expect(result.roundTrips.map(({ exitReason }) => exitReason)).toEqual(['stop']);
  });

  it('of linked orders leaves one when the other has filled', async () => {
    const leg = { symbol: A, side: 'buy', quantity: 5 } as const;
    const result = await play({
      bars: { [A]: [still(100), [100, 112, 100, 112], [112, 112, 80, 80], still(80)] },
      decide: i => (i === 0 ? oco([order({ ...leg, stop: 110 }), order({ ...leg, limit: 90 })]) : undefined),
    });
    expect(told(result).map(line => line.split(' ')[1])).toEqual(['5@110']);
    expect(factsOf(result, 'OrderCancelled').map(({ orderId, code }) => [orderId, code])).toEqual([['o2', 'requested']]);
  });

  it.each([
    ['by time at random times', execute({ ...work, algorithm: 'twap', duration: 2 * HOUR, slices: 4, jitter: 1 })],
    ['by volume that ends inside a bar', execute({ ...work, algorithm: 'pov', share: 0.1, duration: HOUR / 3 })],
  ])('%s keeps its times, whether each bar is looked at or only those on which something happens', async (_, intent) => {
    const { chunks, config, instruments } = stage({ bars: { [A]: flat(8) } });
    const run = (observe?: () => void) =>
      backtest({
        strategy: defineStrategy({ name: 'once', params: {}, decide: bar => (bar.openTime === T0 + HOUR ? intent : undefined) }),
        params: {},
        bundle: 'test',
        config,
        instruments,
        feed: memoryFeed(chunks),
        ...(observe && { observe }),
      });
    const looked = await run(() => {});
    const glided = await run();
    expect(looked.fills.length).toBeGreaterThan(0);
    expect(told(glided)).toEqual(told(looked));
    expect(closed(glided)).toEqual(closed(looked));
    expect(glided.fingerprint).toBe(looked.fingerprint);
  });

  it('and an amended order fill at the terms that they have by then', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 96, 96], still(96)] },
      decide: i =>
        [order({ symbol: A, side: 'buy', quantity: 5, limit: 90, id: 'x' }), amend('x', { limit: 97, quantity: 7 })][i] as
          Intent | undefined,
    });
    expect(told(result).map(line => line.split(' ').slice(0, 3))).toEqual([['buy', '7@97', 'maker']]);
  });
});

/** Random executions, orders, amendments and cancels over random bars and latencies. */
const chaos = (seed: number) => {
  const random = seeded(seed);
  const pick = <T>(values: readonly T[]): T => values[random.int(values.length)] as T;
  const path = (): BarRow[] => {
    let price = 100;
    return Array.from({ length: 24 }, () => {
      const open = price;
      price = Math.max(50, open + random.int(13) - 6);
      return [open, Math.max(open, price) + random.int(4), Math.min(open, price) - random.int(4), price, 20 + random.int(200)];
    });
  };
  const latency = () => pick([0, 0, 1000, HOUR / 2, 1.5 * HOUR]);
  let made = 0;
  return play({
    bars: { [A]: path(), [B]: path() },
    decide: (_, { symbol, close }) => {
      const side = pick(['buy', 'sell'] as const);
      const quantity = 1 + random.int(30);
      const away = 2 + random.int(8);
      const better = side === 'buy' ? close + away : close - away;
      const worse = side === 'buy' ? close - away : close + away;
      const rest = pick(['complete', 'leave'] as const);
      const timed = { duration: (1 + random.int(5)) * HOUR, rest, ...(random.next() < 0.5 && { limit: close }) };
      const id = `n${++made}`;
      const head = { symbol, side, quantity, id };
      switch (random.int(12)) {
        case 0:
          return bracket({
            ...head,
            stop: worse,
            target: better,
            ...(random.next() < 0.5 && { entry: { limit: worse + (side === 'buy' ? 1 : -1) } }),
          });
        case 1: {
          const leg = { symbol, side, quantity, reduceOnly: random.next() < 0.5 } as const;
          return oco([order({ ...leg, stop: better }), order({ ...leg, limit: worse })], { id });
        }
        case 2:
          return execute({ ...head, algorithm: 'iceberg', limit: worse, display: Math.min(quantity, 5) });
        case 3:
          return execute({ ...head, ...timed, algorithm: 'twap', slices: 1 + random.int(6), jitter: random.next() });
        case 4:
          return execute({ ...head, ...timed, algorithm: 'vwap', slices: 1 + random.int(6) });
        case 5:
          return execute({ ...head, ...timed, algorithm: 'pov', share: 0.1 + 0.5 * random.next() });
        case 6:
          return order({ ...head, limit: worse });
        case 7:
          return amend(`n${Math.max(1, made - random.int(6))}`, { quantity: 1 + random.int(30) });
        case 8:
          return amend(`n${Math.max(1, made - random.int(6))}.stop`, { stop: close - random.int(5) });
        case 9:
          return cancel(`n${Math.max(1, made - random.int(6))}`);
        default:
          return undefined;
      }
    },
    config: {
      seed,
      latency: { kind: 'constant', order: latency(), cancel: latency(), report: latency() },
      fills: { ...FREE.fills, participation: pick([null, 0.05, 0.3]) },
      risk: {
        maxOrderNotional: null,
        maxLeverage: pick([null, 1]),
        maxExposure: null,
        priceCollar: null,
        maxDrawdown: pick([null, null, 0.05]),
      },
    },
  });
};

describe('whatever is executed, however late the answers', () => {
  it('each execution closes once, its orders are over by then, and none fills more than it was to', async () => {
    let executions = 0;
    let amended = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const { facts } = await chaos(seed);
      const rootOf = new Map<string, number>();
      const asked = new Map<number, { most: number; execution: string; side: string; filled: number; closed: number }>();
      const requestOf = new Map<number, number>();
      const left = new Map<string, number>();
      const filled = new Map<string, number>();
      for (const fact of facts)
        switch (fact.type) {
          case 'ExecutionRequested':
            asked.set(fact.seq, { most: fact.quantity, execution: fact.execution, side: fact.side, filled: 0, closed: 0 });
            break;
          case 'OrderRequested':
            requestOf.set(fact.seq, fact.correlationId);
            break;
          case 'OrderApproved':
            rootOf.set(fact.ticket.orderId, requestOf.get(fact.correlationId) ?? -1);
            left.set(fact.ticket.orderId, fact.ticket.lots);
            break;
          case 'OrderFilled': {
            left.set(fact.orderId, (left.get(fact.orderId) ?? NaN) - fact.lots);
            filled.set(fact.orderId, (filled.get(fact.orderId) ?? 0) + fact.lots);
            const one = asked.get(rootOf.get(fact.orderId) ?? -1);
            if (one && (one.execution === 'oco' || fact.side === one.side)) one.filled += fact.lots;
            break;
          }
          case 'OrderRejected':
          case 'OrderCancelled':
          case 'OrderExpired':
            expect(left.get(fact.orderId), `seed ${seed} ${fact.orderId}`).toBeGreaterThan(0);
            left.set(fact.orderId, 0);
            break;
          case 'OrderAmended':
            amended++;
            left.set(fact.orderId, fact.lots - (filled.get(fact.orderId) ?? 0));
            break;
          case 'ExecutionClosed': {
            const one = asked.get(fact.correlationId);
            if (!one) throw new Error('closed without a request');
            one.closed++;
            if (fact.code !== 'halted' && fact.code !== 'end-of-data')
              expect(
                [...rootOf].filter(([orderId, root]) => root === fact.correlationId && left.get(orderId) !== 0),
                `seed ${seed}`,
              ).toEqual([]);
            // Orders that only reduce may be twice as many: a pair without that may fill both before either is heard of.
            if (one.execution !== 'oco') expect(one.filled, `seed ${seed}`).toBeLessThanOrEqual(one.most);
            expect(fact.filled, `seed ${seed} ${one.execution}`).toBe(one.filled);
            break;
          }
          default:
        }
      for (const [seq, { closed: times }] of asked) expect(times, `seed ${seed} ${seq}`).toBe(1);
      executions += asked.size;
    }
    expect(executions).toBeGreaterThan(120);
    expect(amended).toBeGreaterThan(8);
  });

  it('one seed gives one run', async () => {
    expect((await chaos(7)).fingerprint).toBe((await chaos(7)).fingerprint);
    expect((await chaos(7)).fingerprint).not.toBe((await chaos(8)).fingerprint);
  });
});
