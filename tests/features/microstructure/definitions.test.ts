import { describe, expect, it } from 'vitest';
import { bookImbalance } from '../../../src/features/microstructure/book-imbalance.js';
import { depthSlope } from '../../../src/features/microstructure/depth-slope.js';
import { effectiveSpread } from '../../../src/features/microstructure/effective-spread.js';
import { kylesLambda } from '../../../src/features/microstructure/kyles-lambda.js';
import { microprice } from '../../../src/features/microstructure/microprice.js';
import type { MicrostructureFeature } from '../../../src/features/microstructure/microstructure-feature.js';
import { orderFlowImbalance } from '../../../src/features/microstructure/order-flow-imbalance.js';
import { realisedSpread } from '../../../src/features/microstructure/realised-spread.js';
import { signedVolume } from '../../../src/features/microstructure/signed-volume.js';
import { spread } from '../../../src/features/microstructure/spread.js';
import { tradeAmihud } from '../../../src/features/microstructure/trade-amihud.js';
import { tradeFlowImbalance } from '../../../src/features/microstructure/trade-flow-imbalance.js';
import { tradeRollSpread } from '../../../src/features/microstructure/trade-roll-spread.js';
import { vpin } from '../../../src/features/microstructure/vpin.js';
import { give, randomEvents, UNITS, type MarketEvent } from './market-events.js';

type Trade = Extract<MarketEvent, { kind: 'trade' }>;
type Past = readonly MarketEvent[];
interface Top {
  readonly ts: number;
  readonly bid: number;
  readonly bidLots: number;
  readonly ask: number;
  readonly askLots: number;
}

const NO_TOP = { bid: NaN, bidLots: NaN, ask: NaN, askLots: NaN };
const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const mean = (xs: readonly number[]): number => total(xs) / xs.length;
const tradesOf = (past: Past): Trade[] => past.filter(event => event.kind === 'trade');
/** Every state of the best prices that was shown. */
const tops = (past: Past): Top[] =>
  past.flatMap((event): Top[] => {
    if (event.kind === 'trade') return [];
    if (event.kind === 'quote') return [event];
    const [bid, ask] = [event.bids[0], event.asks[0]];
    return [
      bid && ask ? { ts: event.ts, bid: bid.price, bidLots: bid.lots, ask: ask.price, askLots: ask.lots } : { ts: event.ts, ...NO_TOP },
    ];
  });
const topOf = (past: Past): Top => tops(past).at(-1) ?? { ts: NaN, ...NO_TOP };
const midBefore = (past: Past, ts: number): number => {
  const { bid, ask } = topOf(past.filter(event => event.ts < ts));
  return (bid + ask) / 2;
};
const lastBook = (past: Past) => past.filter(event => event.kind === 'book').at(-1);
const slope = (xs: readonly number[], ys: readonly number[]): number =>
  total(xs.map((x, i) => (x - mean(xs)) * ((ys[i] ?? NaN) - mean(ys)))) / total(xs.map(x => (x - mean(xs)) * (x - mean(xs))));
const ratio = (pairs: readonly (readonly [number, number])[]): number =>
  (1e4 * total(pairs.map(([top]) => top))) / total(pairs.map(([, bottom]) => bottom));

const weightedImbalance = (past: Past, levels: number, weight: (behind: number) => number): number => {
  const book = lastBook(past);
  if (!book || book.bids.length === 0 || book.asks.length === 0) return NaN;
  const side = (all: typeof book.bids): number =>
    total(all.slice(0, levels).map(({ price, lots }) => lots * weight(Math.abs(price - (all[0]?.price ?? NaN)))));
  return (side(book.bids) - side(book.asks)) / (side(book.bids) + side(book.asks));
};

const flows = (past: Past): { ts: number; flow: number }[] => {
  const states = tops(past);
  // Only what followed the last break counts.
  const from = states.findLastIndex(state => Number.isNaN(state.bid)) + 1;
  return states.slice(from).flatMap((now, i, all) => {
    const before = all[i - 1];
    if (!before) return [];
    const bid = now.bid > before.bid ? now.bidLots : now.bid < before.bid ? -before.bidLots : now.bidLots - before.bidLots;
    const ask = now.ask < before.ask ? now.askLots : now.ask > before.ask ? -before.askLots : now.askLots - before.askLots;
    return [{ ts: now.ts, flow: bid - ask }];
  });
};

const paid = (past: Past): (readonly [number, number])[] =>
  tradesOf(past).flatMap(({ ts, price, lots, side }) => {
    const mid = midBefore(past, ts);
    return Number.isNaN(mid) ? [] : [[2 * side * (price - mid) * lots, mid * lots] as const];
  });

const kept = (past: Past, horizon: number, now: number, since = -Infinity): (readonly [number, number])[] =>
  tradesOf(past).flatMap(({ ts, price, lots, side }) => {
    const mid = midBefore(past, ts + horizon);
    return ts + horizon > now || ts + horizon <= since || Number.isNaN(mid) ? [] : [[2 * side * (price - mid) * lots, mid * lots] as const];
  });

/** The numbers of every complete interval since the event that started the first. */
const intervals = <T>(
  past: Past,
  ms: number,
  now: number,
  started: (event: MarketEvent) => boolean,
  of: (from: number, to: number) => T,
): T[] => {
  const start = past.find(started);
  if (!start) return [];
  const all: T[] = [];
  for (let from = Math.floor(start.ts / ms) * ms; from + ms <= now; from += ms) all.push(of(from, from + ms));
  return all;
};
const inside = (past: Past, from: number, to: number): Trade[] => tradesOf(past).filter(({ ts }) => ts >= from && ts < to);
const lastPrice = (past: Past, to: number): number =>
  tradesOf(past)
    .filter(({ ts }) => ts < to)
    .at(-1)?.price ?? NaN;

const oneSided = (past: Past, size: number, buckets: number): number => {
  // Lot by lot.
  const sides = tradesOf(past).flatMap(({ lots, side }) => Array.from({ length: lots }, () => side));
  const full = Math.floor(sides.length / size);
  if (full < buckets) return NaN;
  return mean(Array.from({ length: buckets }, (_, i) => Math.abs(total(sides.slice((full - 1 - i) * size, (full - i) * size))) / size));
};

const roll = (prices: readonly number[], n: number): number => {
  const changes = prices.slice(1).map((price, i) => price - (prices[i] ?? NaN));
  const now = changes.slice(-n);
  const before = changes.slice(-n - 1, -1);
  if (before.length < n) return NaN;
  const covariance = total(now.map((x, i) => (x - mean(now)) * ((before[i] ?? NaN) - mean(before)))) / (n - 1);
  return (2e4 * Math.sqrt(Math.max(0, -covariance))) / (prices.at(-1) ?? NaN);
};

const DEFINITIONS: readonly (readonly [MicrostructureFeature, (past: Past, now: number) => number])[] = [
  [spread({ unit: 'ticks' }), past => topOf(past).ask - topOf(past).bid],
  [spread(), past => (1e4 * (topOf(past).ask - topOf(past).bid)) / ((topOf(past).ask + topOf(past).bid) / 2)],
  [
    microprice({ output: 'price' }),
    past => (topOf(past).bid * topOf(past).askLots + topOf(past).ask * topOf(past).bidLots) / (topOf(past).askLots + topOf(past).bidLots),
  ],
  [
    microprice(),
    past =>
      (topOf(past).bid * topOf(past).askLots + topOf(past).ask * topOf(past).bidLots) / (topOf(past).askLots + topOf(past).bidLots) -
      (topOf(past).bid + topOf(past).ask) / 2,
  ],
  [bookImbalance({ levels: 3 }), past => weightedImbalance(past, 3, () => 1)],
  [bookImbalance({ levels: 10, weighting: 'distance' }), past => weightedImbalance(past, 10, behind => 1 / (1 + behind))],
  [
    depthSlope({ levels: 4, side: 'bid' }),
    past => {
      const book = lastBook(past);
      if (!book || book.bids.length === 0 || book.asks.length === 0) return NaN;
      const mid = ((book.bids[0]?.price ?? NaN) + (book.asks[0]?.price ?? NaN)) / 2;
      const levels = book.bids.slice(0, 4);
      const xs = levels.map(({ price }) => mid - price);
      const ys = levels.map((_, i) => total(levels.slice(0, i + 1).map(({ lots }) => lots)));
      return total(xs.map((x, i) => x * (ys[i] ?? NaN))) / total(xs.map(x => x * x));
    },
  ],
  [
    orderFlowImbalance({ last: 6 }),
    past => {
      const all = flows(past);
      return all.length < 6 ? NaN : total(all.slice(-6).map(({ flow }) => flow));
    },
  ],
  [
    signedVolume({ last: 7 }),
    past => {
      const all = tradesOf(past);
      return all.length < 7 ? NaN : total(all.slice(-7).map(({ lots, side }) => lots * side));
    },
  ],
  [
    signedVolume({ ms: 200 }),
    (past, now) => (now - (past[0]?.ts ?? NaN) < 200 ? NaN : total(inside(past, now - 199, now + 1).map(({ lots, side }) => lots * side))),
  ],
  [
    tradeFlowImbalance({ ms: 200 }),
    (past, now) => {
      if (now - (past[0]?.ts ?? NaN) < 200) return NaN;
      const all = inside(past, now - 199, now + 1);
      return all.length === 0 ? 0 : total(all.map(({ lots, side }) => lots * side)) / total(all.map(({ lots }) => lots));
    },
  ],
  [
    effectiveSpread({ last: 8 }),
    past => {
      const all = paid(past);
      return all.length < 8 ? NaN : ratio(all.slice(-8));
    },
  ],
  [
    realisedSpread(150, { last: 8 }),
    (past, now) => {
      const all = kept(past, 150, now);
      return all.length < 8 ? NaN : ratio(all.slice(-8));
    },
  ],
  [realisedSpread(150, { ms: 400 }), (past, now) => (now - (past[0]?.ts ?? NaN) < 400 ? NaN : ratio(kept(past, 150, now, now - 400)))],
  [
    kylesLambda({ intervalMs: 50, intervals: 8 }),
    (past, now) => {
      const all = intervals(
        past,
        50,
        now,
        () => true,
        (from, to) => ({
          flow: total(inside(past, from, to).map(({ lots, side }) => lots * side)),
          move: midBefore(past, to) - midBefore(past, from),
        }),
      ).filter(({ move }) => !Number.isNaN(move));
      const last = all.slice(-8);
      if (last.length < 8) return NaN;
      const value = slope(
        last.map(({ flow }) => flow),
        last.map(({ move }) => move),
      );
      return Number.isNaN(value) ? 0 : value;
    },
  ],
  [
    tradeAmihud(50, 6),
    (past, now) => {
      const all = intervals(
        past,
        50,
        now,
        event => event.kind === 'trade',
        (from, to) => ({
          size: Math.abs(Math.log(lastPrice(past, to) / lastPrice(past, from))),
          money: total(inside(past, from, to).map(({ price, lots }) => UNITS.price(price) * UNITS.quantity(lots))),
        }),
      ).filter(({ size }) => !Number.isNaN(size));
      const last = all.slice(-6);
      if (last.length < 6) return NaN;
      const traded = last.filter(({ money }) => money > 0);
      return traded.length === 0 ? 0 : mean(traded.map(({ size, money }) => (size * 1e4) / (money / 1e6)));
    },
  ],
  [vpin({ bucket: 0.15, buckets: 4 }), past => oneSided(past, 150, 4)],
  [
    tradeRollSpread(9),
    past =>
      roll(
        tradesOf(past).map(({ price }) => price),
        9,
      ),
  ],
];

describe('each feature is what its definition says, worked out from scratch at every event', () => {
  for (const [feature, definition] of DEFINITIONS)
    it(feature.key, () => {
      let compared = 0;
      for (const seed of [1, 2, 3]) {
        // Of the numbers that need many events a broken book would leave few.
        const events = randomEvents(seed, 120, /imbalance\(|microprice|^spread|order-flow|effective/.test(feature.key));
        const fold = feature.create(UNITS);
        events.forEach((event, i) => {
          give(fold, event);
          // Not within a millisecond: a definition does not know what else is to come in it.
          if (events[i + 1]?.ts === event.ts) return;
          const [ours, expected] = [fold.value(event.ts), definition(events.slice(0, i + 1), event.ts)];
          if (Number.isNaN(expected)) expect(ours).toBeNaN();
          else {
            expect(Math.abs(ours - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
            compared++;
          }
        });
      }
      expect(compared).toBeGreaterThan(100);
    });
});
