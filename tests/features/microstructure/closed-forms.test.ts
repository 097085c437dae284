import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookImbalance } from '../../../src/features/microstructure/book-imbalance.js';
import { depthSlope } from '../../../src/features/microstructure/depth-slope.js';
import { effectiveSpread } from '../../../src/features/microstructure/effective-spread.js';
import { kylesLambda } from '../../../src/features/microstructure/kyles-lambda.js';
import { microprice, sizeWeightedMid } from '../../../src/features/microstructure/microprice.js';
import { orderFlowImbalance } from '../../../src/features/microstructure/order-flow-imbalance.js';
import { realisedSpread } from '../../../src/features/microstructure/realised-spread.js';
import { signedVolume } from '../../../src/features/microstructure/signed-volume.js';
import { spread } from '../../../src/features/microstructure/spread.js';
import { tradeAmihud } from '../../../src/features/microstructure/trade-amihud.js';
import { tradeFlowImbalance } from '../../../src/features/microstructure/trade-flow-imbalance.js';
import { tradeRollSpread } from '../../../src/features/microstructure/trade-roll-spread.js';
import { vpin } from '../../../src/features/microstructure/vpin.js';
import { random } from '../../../src/random.js';
import { give, UNITS, valueAfter, type MarketEvent } from './market-events.js';

const quote = (ts: number, bid: number, ask: number, bidLots = 10, askLots = 10): MarketEvent => ({
  kind: 'quote',
  ts,
  bid,
  bidLots,
  ask,
  askLots,
});
const trade = (ts: number, price: number, side: 1 | -1, lots = 1): MarketEvent => ({ kind: 'trade', ts, price, lots, side });
const book = (ts: number, bids: readonly (readonly [number, number])[], asks: readonly (readonly [number, number])[]): MarketEvent => {
  const levels = (all: typeof bids) => all.map(([price, lots]) => ({ price, lots }));
  return { kind: 'book', ts, bids: levels(bids), asks: levels(asks) };
};

describe('the book', () => {
  it('worked by hand', () => {
    const shown = book(0, [[100, 30], [99, 10], [97, 40]], [[102, 10], [103, 20]]); // prettier-ignore
    expect(valueAfter(spread({ unit: 'ticks' }), [shown])).toBe(2);
    expect(valueAfter(spread(), [shown])).toBeCloseTo(1e4 * (2 / 101), 12);
    expect(valueAfter(bookImbalance(), [shown])).toBe((30 - 10) / 40);
    expect(valueAfter(bookImbalance({ levels: 2 }), [shown])).toBe((40 - 30) / 70);
    // Weights 1, 1/2, 1/4 behind the best bid and 1, 1/2 behind the best ask.
    expect(valueAfter(bookImbalance({ levels: 5, weighting: 'distance' }), [shown])).toBe((45 - 20) / 65);
    expect(valueAfter(microprice({ output: 'price' }), [shown])).toBe((100 * 10 + 102 * 30) / 40);
    expect(valueAfter(microprice(), [shown])).toBe(101.5 - 101);
  });

  it('has the slope of its density when as much rests at every tick', () => {
    // q lots a tick: n q up to the nth level, which lies n − ½ from the mid; the fit through the origin is near q and exact as levels go on.
    const side = (from: number, step: number) => Array.from({ length: 200 }, (_, i) => [from + i * step, 7] as const);
    const shown = book(0, side(1000, -1), side(1001, 1));
    expect(valueAfter(depthSlope({ levels: 200 }), [shown])).toBeCloseTo(7, 1);
    expect(valueAfter(depthSlope({ levels: 1 }), [shown])).toBe(14);
  });

  it('is worth something between bid and ask, nearer to the thinner side', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 1e3 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 1e6 }),
        (bid, width, b, a) => {
          const fair = sizeWeightedMid(bid, b, bid + width, a);
          expect(fair > bid && fair < bid + width).toBe(true);
          if (b > a) expect(fair).toBeGreaterThan(bid + width / 2);
        },
      ),
    );
  });

  it('says nothing when a side is empty or the bid is not below the ask', () => {
    const sound = book(0, [[100, 5]], [[101, 5]]);
    for (const bad of [book(1, [], [[101, 5]]), book(1, [[100, 5]], []), quote(1, 101, 101), quote(1, 102, 101), quote(1, 100, 101, 0)])
      for (const feature of [spread(), microprice(), orderFlowImbalance({ last: 1 })])
        expect(valueAfter(feature, [sound, sound, bad])).toBeNaN();
  });
});

describe('flow', () => {
  it('at the best prices is that of Cont, Kukanov & Stoikov case by case', () => {
    const base = quote(0, 100, 101, 10, 20);
    const after = (next: MarketEvent): number => valueAfter(orderFlowImbalance({ last: 1 }), [base, next]);
    expect(after(quote(1, 100, 101, 14, 20))).toBe(4); // the bid grows
    expect(after(quote(1, 100, 101, 10, 26))).toBe(-6); // the ask grows
    expect(after(quote(1, 101, 102, 3, 9))).toBe(3 + 20); // a new bid; the ask was taken
    expect(after(quote(1, 99, 101, 50, 20))).toBe(-10); // the bid was taken
    expect(after(quote(1, 100, 101, 10, 20))).toBe(0);
  });

  it('of buyers alone is one-sided: imbalance 1, VPIN 1; balanced it is 0', () => {
    const buys = Array.from({ length: 100 }, (_, i) => trade(i, 100, 1, 10));
    const both = Array.from({ length: 100 }, (_, i) => trade(i, 100, i % 2 === 0 ? 1 : -1, 10));
    const bucket = UNITS.quantity(40);
    expect(valueAfter(tradeFlowImbalance({ last: 50 }), buys)).toBe(1);
    expect(valueAfter(signedVolume({ last: 50 }), buys)).toBe(500);
    expect(valueAfter(vpin({ bucket, buckets: 10 }), buys)).toBe(1);
    expect(valueAfter(tradeFlowImbalance({ last: 50 }), both)).toBe(0);
    expect(valueAfter(signedVolume({ last: 50 }), both)).toBe(0);
    expect(valueAfter(vpin({ bucket, buckets: 10 }), both)).toBe(0);
  });

  it('of random sides has the VPIN of a coin: E|bought − sold| of n fair tosses', () => {
    // Buckets of 4 single lots: |S| is 0, 2 or 4 with probability 6/16, 8/16, 2/16, so that E|S| ÷ 4 = 3/8.
    const draw = random('coin');
    const events = Array.from({ length: 40_000 }, (_, i) => trade(i, 100, draw.next() < 0.5 ? 1 : -1));
    expect(Math.abs(valueAfter(vpin({ bucket: UNITS.quantity(4), buckets: 10_000 }), events) - 3 / 8)).toBeLessThan(0.01);
  });

  it('without sides is split by the size of the price change: a steady climb is nearly all bought', () => {
    const bulk = { barMs: 10, bars: 8 };
    const bucket = UNITS.quantity(10);
    // Changes of ±1 about a mean of 0 in turn: Z(±1 ÷ σ), each bar 10 lots. σ² of eight changes of ±1 is 8 ÷ 7.
    const swings = Array.from({ length: 60 }, (_, i) => trade(10 * i, 100 + (i % 2), 1, 10));
    const bought = 0.8252; // Φ(√(7 ÷ 8)) from the tables
    expect(Math.abs(valueAfter(vpin({ bucket, buckets: 10, bulk }), swings) - (2 * bought - 1))).toBeLessThan(1e-4);
    const still = Array.from({ length: 60 }, (_, i) => trade(10 * i, 100, 1, 10));
    expect(valueAfter(vpin({ bucket, buckets: 10, bulk }), still)).toBe(0);
  });

  it("planted linear impact comes back as Kyle's lambda", () => {
    const draw = random('impact');
    const events: MarketEvent[] = [quote(0, 100_000, 100_002)];
    let mid = 100_001;
    for (let i = 1; i <= 400; i++) {
      const side = draw.next() < 0.5 ? 1 : -1;
      const lots = 1 + draw.int(20);
      events.push(trade(100 * i + 10, mid + side, side, lots));
      // Three ticks a lot, and noise that has nothing to do with it.
      mid += 3 * side * lots + 2 * (draw.int(9) - 4);
      events.push(quote(100 * i + 20, mid - 1, mid + 1));
    }
    const value = valueAfter(kylesLambda({ intervalMs: 100, intervals: 300 }), events, 40_100);
    expect(Math.abs(value - 3)).toBeLessThan(0.1);
  });

  it("Kyle's lambda of a market without trades is 0", () => {
    const events = Array.from({ length: 50 }, (_, i) => quote(100 * i, 100 + i, 102 + i));
    expect(valueAfter(kylesLambda({ intervalMs: 100, intervals: 20 }), events)).toBe(0);
  });
});

describe('spreads from trades', () => {
  it("Roll's is the spread of a random bid-ask bounce", () => {
    const draw = random('bounce');
    let mid = 1_000_000;
    const events = Array.from({ length: 60_000 }, (_, i) => {
      mid += draw.int(3) - 1;
      const side = draw.next() < 0.5 ? 1 : -1;
      return trade(i, mid + 20 * side, side);
    });
    const value = valueAfter(tradeRollSpread(50_000), events);
    // 40 ticks of about a million.
    expect(Math.abs(value / ((1e4 * 40) / 1e6) - 1)).toBeLessThan(0.02);
  });

  it("Roll's is 0 where prices run on", () => {
    expect(
      valueAfter(
        tradeRollSpread(8),
        [0, 1, 3, 6, 10, 15, 21, 28, 36, 45, 55].map((price, i) => trade(i, 100 + price, 1)),
      ),
    ).toBe(0);
  });

  it('the effective one of a trade at the ask is the quoted spread, inside it less, through the book more', () => {
    const shown = quote(0, 1000, 1010);
    const ofOne = (event: MarketEvent): number => valueAfter(effectiveSpread({ last: 1 }), [shown, event]);
    const quoted = valueAfter(spread(), [shown]);
    expect(ofOne(trade(5, 1010, 1))).toBeCloseTo(quoted, 12);
    expect(ofOne(trade(5, 1000, -1))).toBeCloseTo(quoted, 12);
    expect(ofOne(trade(5, 1005, 1))).toBe(0);
    expect(ofOne(trade(5, 1012, 1))).toBeCloseTo((quoted * 14) / 10, 12);
  });

  it('a quote of the same millisecond may be the answer to the trade, and does not judge it', () => {
    const events = [quote(0, 1000, 1010), quote(5, 1010, 1020), trade(5, 1010, 1)];
    expect(valueAfter(effectiveSpread({ last: 1 }), events)).toBeCloseTo(valueAfter(spread(), events.slice(0, 1)), 12);
  });

  it('the realised one is the effective one where the mid stays, and what is left of it where the mid moves against the maker', () => {
    const fold = realisedSpread(100, { last: 1 }).create(UNITS);
    give(fold, quote(0, 1000, 1010));
    give(fold, trade(5, 1010, 1));
    expect(fold.value(104)).toBeNaN();
    expect(fold.value(105)).toBeCloseTo((2e4 * 5) / 1005, 12);
    give(fold, quote(110, 1000, 1010));
    give(fold, trade(110, 1010, 1));
    give(fold, quote(150, 1008, 1018));
    expect(fold.value(210)).toBeCloseTo((2e4 * (1010 - 1013)) / 1013, 12);
  });

  it('the realised one takes the mid in force at the horizon, not one that came later', () => {
    const events = [quote(0, 1000, 1010), trade(5, 1010, 1), quote(106, 1200, 1210), quote(107, 1400, 1410)];
    expect(valueAfter(realisedSpread(100, { last: 1 }), events)).toBeCloseTo((2e4 * 5) / 1005, 12);
  });
});

describe("Amihud's illiquidity", () => {
  it('of one per cent per thousand of money is 1e5 basis points per million', () => {
    // 100 ticks of 0.1 are 10.0; 100,000 lots of 0.001 are 100 units: a thousand. The price then rises by e^0.01 in each second.
    const events = Array.from({ length: 12 }, (_, i) => {
      const price = 1e6 * Math.exp(0.01 * i);
      return trade(1_000 * i + 1, price, 1, 1e7 / price);
    });
    // Money 1e7 ticks·lots × 1e-4 = 1,000.
    expect(valueAfter(tradeAmihud(1_000, 10), events, 12_000)).toBeCloseTo(1e5, 4);
  });

  it('is 0 when nothing trades any more', () => {
    expect(valueAfter(tradeAmihud(10, 5), [trade(0, 100, 1), trade(10, 110, 1)], 1_000)).toBe(0);
  });
});

describe('mistakes', () => {
  it.each([
    ['no levels', () => bookImbalance({ levels: 0 })],
    ['half a level', () => depthSlope({ levels: 1.5 })],
    ['a window of nothing', () => signedVolume({ last: 0 })],
    ['a window of half a millisecond', () => orderFlowImbalance({ ms: 0.5 })],
    ['no horizon', () => realisedSpread(0)],
    ['one interval', () => kylesLambda({ intervals: 1 })],
    ['an empty bucket', () => vpin({ bucket: 0 })],
    ['a bucket below a lot', () => vpin({ bucket: 0.0001 }).create(UNITS)],
    ['one pair', () => tradeRollSpread(1)],
  ])('%s is refused with a sentence and a fix', (_, mistake) => {
    expect(mistake).toThrow(expect.objectContaining({ exitCode: 2, fix: expect.stringMatching(/\.$/) as string }));
  });
});
