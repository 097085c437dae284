import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/events/market.js';
import type { Ticket } from '../../src/events/order.js';
import { RANK } from '../../src/execution/venue.js';
import type { Instrument } from '../../src/market/instrument.js';
import { timeframeOf } from '../../src/market/timeframe.js';
import { units } from '../../src/market/units.js';
import { BarMarket, type BarRules } from '../../src/sim/matching/bar-market.js';
import type { MarketHost } from '../../src/sim/matching/market.js';

const MINUTE = 60_000;
const instrument: Instrument = {
  symbol: 'AAA',
  exchange: 'test',
  kind: 'linear-perpetual',
  tickSize: 0.5,
  lotSize: 0.1,
  minNotional: 0,
  contractSize: 1,
  maxLeverage: 100,
  maintenanceMarginRate: 0.005,
  source: 'test',
};

/** Open, high, low, close in ticks of a half. */
type Bar = readonly [open: number, high: number, low: number, close: number];

const chunkOf = (bars: readonly Bar[], first = 0, length = MINUTE): Chunk => ({
  kind: 'bars',
  symbol: 'AAA',
  timeframe: timeframeOf(length),
  rows: bars.length,
  ts: Float64Array.from(bars, (_, i) => (first + i) * length),
  columns: [0, 1, 2, 3].map(k => Float64Array.from(bars, bar => (bar[k] ?? NaN) / 2)).concat(new Float64Array(bars.length).fill(100)),
});

interface Listener {
  held: number;
  onTrip: ((price: number, ts: number) => void) | null;
  onFill: ((ts: number) => void) | null;
  steps: number;
}

/** A host with one position that carries everything and notes what it is told. */
const venue = (rules: Partial<BarRules> = {}, trace: MarketHost['trace'] = null) => {
  const told: string[] = [];
  const state: Listener = { held: 0, onTrip: null, onFill: null, steps: 0 };
  const host: MarketHost = {
    position: () => state.held,
    carries: (_, __, lots) => lots,
    filled: (_, order, lots, price, __, ___, ts) => {
      state.held += order.buy ? lots : -lots;
      told.push(`${order.ticket.orderId} ${lots}@${price} ${ts / 1000}`);
      state.onFill?.(ts);
    },
    accepted: () => {},
    triggered: (_, order, price, ts) => told.push(`${order.ticket.orderId} triggered ${price} ${ts / 1000}`),
    amended: () => {},
    amendRejected: () => {},
    ended: (_, order, how, code, ts) => told.push(`${order.ticket.orderId} ${how} ${code} ${ts / 1000}`),
    tripped: (_, price, ts) => {
      told.push(`tripped ${price} ${ts / 1000}`);
      state.onTrip?.(price, ts);
    },
    markPrice: () => NaN,
    trace,
  };
  const market = new BarMarket(
    0,
    instrument,
    units(instrument),
    { path: 'high-first', limits: 'touch', participation: null, slippage: () => 0, ...rules },
    host,
  );
  const runTo = (end: number): void => {
    while (market.nextAt < end || (market.nextAt === end && end < Infinity && market.nextRank === RANK.path)) {
      market.step();
      state.steps++;
    }
  };
  return { market, told, state, runTo };
};

const ticket = (orderId: string, rest: Partial<Ticket>): Ticket => ({
  orderId,
  symbol: 'AAA',
  side: 'buy',
  type: 'market',
  lots: 1,
  limit: null,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  ...rest,
});

const WIDE: Bar = [100, 110, 90, 105];
const flat = (price: number): Bar => [price, price, price, price];

describe('watched prices', () => {
  it('are told of where the path first reaches them, though no order works', () => {
    const { market, told, runTo } = venue();
    market.load(chunkOf([flat(100), WIDE, WIDE]), -Infinity);
    market.watch(95, Infinity, 0);
    runTo(Infinity);
    // High first: 110 at 80 s, then down 20 ticks in 20 s.
    expect(told).toEqual(['tripped 95 95']);
  });

  it('may lie between two ticks', () => {
    const { market, told, runTo } = venue();
    market.load(chunkOf([WIDE]), -Infinity);
    market.watch(-Infinity, 107.5, 0);
    runTo(Infinity);
    expect(told).toEqual(['tripped 107.5 15']);
  });

  it('are told of at the open of a gap, after the orders there', () => {
    const { market, told, state, runTo } = venue();
    market.load(chunkOf([flat(100), flat(80)]), -Infinity);
    state.held = 3;
    market.arrive(ticket('stop', { side: 'sell', type: 'stop', stop: 95, lots: 3 }), 0);
    market.watch(90, Infinity, 0);
    runTo(Infinity);
    expect(told).toEqual(['stop triggered 80 60', 'stop 3@80 60', 'tripped 80 60']);
  });

  it('take their turn among orders along the path, after those at the same price', () => {
    const { market, told, runTo } = venue();
    market.load(chunkOf([WIDE]), -Infinity);
    for (const limit of [97, 95, 93]) market.arrive(ticket(`b${limit}`, { type: 'limit', limit }), 0);
    market.watch(95, Infinity, 0);
    runTo(Infinity);
    expect(told.map(line => line.split(' ')[0])).toEqual(['b97', 'b95', 'tripped', 'b93']);
  });

  it('are told of once, the other one after it', () => {
    const { market, told, runTo } = venue();
    market.load(chunkOf([WIDE, WIDE, WIDE]), -Infinity);
    market.watch(95, 108, 0);
    runTo(Infinity);
    expect(told).toEqual(['tripped 108 16', 'tripped 95 35']);
  });

  it('can be set anew by whoever is told, and are met further on', () => {
    const { market, told, state, runTo } = venue();
    market.load(chunkOf([WIDE, flat(85)]), -Infinity);
    let below = 95;
    state.onTrip = (_, ts) => market.watch((below -= 4), Infinity, ts);
    market.watch(below, Infinity, 0);
    runTo(Infinity);
    expect(told).toEqual(['tripped 95 35', 'tripped 91 39', 'tripped 85 60']);
  });

  it('that the market has passed already are met at its next tick in that direction', () => {
    const { market, told, runTo } = venue();
    market.load(chunkOf([WIDE]), -Infinity);
    runTo(31_000);
    // At 31 s the path is at 99 on its way down.
    market.watch(103, Infinity, 31_000);
    runTo(Infinity);
    expect(told).toEqual(['tripped 98 32']);
  });

  it('are looked for from the price of the moment at which they are set, not from the last match', () => {
    const { market, told, runTo } = venue();
    market.load(chunkOf([WIDE]), -Infinity);
    market.arrive(ticket('far', { type: 'limit', limit: 10 }), 0);
    runTo(35_000);
    // Passed on the way down and met on the way up only by a watch for above.
    market.watch(-Infinity, 97, 35_000);
    runTo(Infinity);
    expect(told).toEqual(['tripped 97 49.333333333333336']);
  });

  it('are set by a fill in the middle of a bar', () => {
    const { market, told, state, runTo } = venue();
    market.load(chunkOf([WIDE]), -Infinity);
    state.onFill = ts => market.watch(92, Infinity, ts);
    market.arrive(ticket('b', { type: 'limit', limit: 95 }), 0);
    runTo(Infinity);
    expect(told).toEqual(['b 1@95 35', 'tripped 92 38']);
  });

  it('cost an idle market no steps but a few where bars are far from them', () => {
    const { market, told, state, runTo } = venue();
    const calm = Array.from({ length: 20_000 }, (_, i) => flat(100 + (i % 7)));
    market.load(chunkOf([...calm, WIDE]), -Infinity);
    market.watch(91, 140, 0);
    runTo(Infinity);
    expect(told).toEqual([`tripped 91 ${20_000 * 60 + 39}`]);
    expect(state.steps).toBeLessThan(60);
  });

  it('are looked for in bars that come later', () => {
    const { market, told, runTo } = venue();
    market.load(chunkOf([flat(100), flat(101)]), -Infinity);
    market.watch(91, Infinity, 0);
    runTo(60_000);
    expect(market.nextAt).toBe(Infinity);
    market.load(chunkOf([WIDE], 2), 60_000);
    runTo(Infinity);
    expect(told).toEqual(['tripped 91 159']);
  });

  it('are told of at the same moments however the data is cut, however often they are set anew, and whether or not an order works far away', () => {
    const anyBar = fc
      .tuple(fc.integer({ min: 80, max: 120 }), fc.nat({ max: 6 }), fc.nat({ max: 6 }), fc.integer({ min: -6, max: 6 }))
      .map(([open, up, down, body]): Bar => [open, Math.max(open, open + body) + up, Math.min(open, open + body) - down, open + body]);
    fc.assert(
      fc.property(
        fc.array(anyBar, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 60, max: 100 }),
        fc.integer({ min: 101, max: 140 }),
        fc.nat({ max: 59 }),
        (bars, below, above, cut) => {
          const walk = (isWorking: boolean, parts: readonly (readonly Bar[])[], isReset: boolean): string[] => {
            const { market, told, runTo } = venue({ path: 'nearest-first' });
            if (isWorking) market.arrive(ticket('far', { type: 'limit', limit: 1 }), -1);
            market.watch(below, above, -1);
            let first = 0;
            for (const part of parts) {
              const now = first * MINUTE;
              market.load(chunkOf(part, first), now);
              if (isReset && told.length === 0) {
                market.watch(below - 20, above + 20, now);
                market.watch(below, above, now);
              }
              first += part.length;
              runTo(first * MINUTE);
            }
            return told;
          };
          // Point by point along the path that the rules give each bar, open to close.
          const expected: string[] = [];
          let [low, high] = [below, above];
          const seen = (price: number, at: number): void => {
            const isBelow = price <= low;
            const isAbove = price >= high;
            if (!isBelow && !isAbove) return;
            if (isBelow) low = -Infinity;
            if (isAbove) high = Infinity;
            expected.push(`tripped ${price} ${at / 1000}`);
          };
          bars.forEach(([open, h, l, close], i) => {
            const points = open - l <= h - open ? [open, l, h, close] : [open, h, l, close];
            const t0 = i * MINUTE;
            const times = [t0, t0 + MINUTE / 3, t0 + (2 * MINUTE) / 3, t0 + MINUTE];
            seen(open, t0);
            for (let k = 0; k < 3; k++) {
              const [a, b] = [points[k] ?? 0, points[k + 1] ?? 0];
              const step = Math.sign(b - a);
              const [ta, tb] = [times[k] ?? 0, times[k + 1] ?? 0];
              for (let p = a + step; step !== 0 && p !== b + step; p += step) seen(p, ta + (tb - ta) * ((p - a) / (b - a)));
            }
          });
          const at = Math.min(cut, bars.length);
          const parts = [bars.slice(0, at), bars.slice(at)].filter(part => part.length > 0);
          expect(walk(false, [bars], false)).toEqual(expected);
          expect(walk(true, [bars], false)).toEqual(expected);
          expect(walk(false, parts, false)).toEqual(expected);
          expect(walk(false, parts, true)).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('closing a position at once', () => {
  const slippage = ({ price, high, low }: { price: number; high: number; low: number }) => price * 0.01 + (high - low) * 0.1;

  const swept = (market: BarMarket, buy: boolean, now: number) => {
    const fills: unknown[] = [];
    market.sweep(buy, 7, now, (...fill) => fills.push(fill));
    return fills;
  };

  it('closes at the last close, moved against the position by the slippage of that bar', () => {
    const { market } = venue({ slippage });
    market.load(chunkOf([WIDE, flat(100)]), -Infinity);
    // 105 ticks are 52.5; 1 % of that and a tenth of the range of 10 are 1.525, which is 3.05 ticks.
    expect(swept(market, false, MINUTE)).toEqual([[7, 101, 105]]);
    expect(swept(market, true, MINUTE)).toEqual([[7, 109, 105]]);
  });

  it('closes inside a bar at the last close too, or where the rules say so at the path’s price', () => {
    for (const [closesOnPath, price] of [
      [false, 105],
      [true, 110],
    ] as const) {
      const { market } = venue({ closesOnPath });
      market.load(chunkOf([WIDE, WIDE]), -Infinity);
      expect(swept(market, false, MINUTE + MINUTE / 3)).toEqual([[7, price, price]]);
    }
  });

  it('closes where a watched price was reached, after it was told of', () => {
    const { market, state, runTo } = venue({ slippage });
    market.load(chunkOf([flat(100), WIDE]), -Infinity);
    let at = NaN;
    state.onTrip = (_, ts) => (at = ts);
    market.watch(96, Infinity, 0);
    runTo(Infinity);
    // 96 ticks are 48; 0.48 and a tenth of the open bar's range of 10 are 1.48, which is 2.96 ticks.
    expect(swept(market, false, at)).toEqual([[7, 93, 96]]);
  });

  it('closes nothing before there is a price', () => {
    expect(swept(venue().market, true, 0)).toEqual([]);
  });
});

describe('the life of an order', () => {
  it('is told to whoever listens', () => {
    const life: string[] = [];
    const { market, runTo } = venue({}, ({ event, orderId, lots, price, ts }) =>
      life.push(`${orderId} ${event} ${lots}@${price} ${ts / 1000}`),
    );
    market.load(chunkOf([WIDE]), -Infinity);
    market.arrive(ticket('s', { side: 'sell', type: 'stop-limit', stop: 95, limit: 98, lots: 3 }), 10_000);
    market.amend({ orderId: 's', lots: 2, limit: null, stop: null }, 11_000);
    runTo(36_000);
    market.cancel('s', 36_000, 'requested');
    expect(life).toEqual(['s arrived 3@105 10', 's amended 2@98 11', 's triggered 2@95 35', 's rested 2@98 35', 's ended 2@NaN 36']);
  });
});

describe('finer bars under those of the run', () => {
  const finer = [
    [100, 104, 100, 103],
    [103, 110, 90, 95],
    [95, 106, 94, 105],
  ] as const;
  const rules = { finer: '1m', timeframe: '3m' };

  it('count the bars that are walked along them, those that are not, and those that they contradict', () => {
    const { market, told, runTo } = venue(rules);
    market.load(chunkOf([WIDE, WIDE, WIDE, WIDE, WIDE], 0, 3 * MINUTE), -Infinity);
    market.load(chunkOf([...finer, ...finer.slice(0, 2)]), -Infinity);
    market.load(chunkOf([finer[0], finer[1], [95, 106, 94, 104]], 6), -Infinity);
    market.load(chunkOf([finer[0], [103, 111, 90, 95], finer[2]], 9), -Infinity);
    market.load(chunkOf([finer[0], [103, 110, 91, 95], finer[2]], 12), -Infinity);
    market.arrive(ticket('far', { type: 'limit', limit: 1 }), -1);
    runTo(Infinity);
    expect(told).toEqual([]);
    expect([market.finerBars, market.coarseBars, market.inconsistent]).toEqual([1, 4, 3]);
  });

  it('are found where an order arrives in the middle of a covered bar of an idle market', () => {
    const { market, told, runTo } = venue(rules);
    market.load(chunkOf([WIDE], 0, 3 * MINUTE), -Infinity);
    market.load(chunkOf(finer), -Infinity);
    market.arrive(ticket('b', {}), 2 * MINUTE + MINUTE / 3);
    runTo(Infinity);
    expect(told).toEqual(['b 1@106 140']);
  });

  it('are searched for watched prices too', () => {
    const { market, told, runTo } = venue(rules);
    market.load(chunkOf([flat(100), WIDE], 0, 3 * MINUTE), -Infinity);
    market.load(chunkOf(finer, 3), -Infinity);
    market.watch(92, Infinity, -1);
    runTo(Infinity);
    // In the second minute of the second bar, down from 110 at its first third: 18 of 20 ticks in the second third.
    expect(told).toEqual(['tripped 92 278']);
  });

  it('leave the last price that of the run’s bars', () => {
    const { market } = venue(rules);
    market.load(chunkOf([flat(100), WIDE], 0, 3 * MINUTE), -Infinity);
    market.load(chunkOf(finer, 3), -Infinity);
    expect(market.lastPrice(5 * MINUTE)).toBe(50);
    expect(market.lastPrice(6 * MINUTE)).toBe(52.5);
  });

  it('of no known timeframe are left out', () => {
    const { market } = venue(rules);
    market.load(chunkOf([flat(100)], 0, 3 * MINUTE), -Infinity);
    market.load(chunkOf([flat(90)], 0, 15 * MINUTE), -Infinity);
    expect(market.lastPrice(15 * MINUTE)).toBe(50);
  });
});
