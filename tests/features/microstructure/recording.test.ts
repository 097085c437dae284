import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Chunk } from '../../../src/events/market.js';
import { bookImbalance } from '../../../src/features/microstructure/book-imbalance.js';
import { depthSlope } from '../../../src/features/microstructure/depth-slope.js';
import { effectiveSpread } from '../../../src/features/microstructure/effective-spread.js';
import { kylesLambda } from '../../../src/features/microstructure/kyles-lambda.js';
import { microprice } from '../../../src/features/microstructure/microprice.js';
import { microstructureColumns } from '../../../src/features/microstructure/microstructure-columns.js';
import { orderFlowImbalance } from '../../../src/features/microstructure/order-flow-imbalance.js';
import { realisedSpread } from '../../../src/features/microstructure/realised-spread.js';
import { signedVolume } from '../../../src/features/microstructure/signed-volume.js';
import { spread } from '../../../src/features/microstructure/spread.js';
import { tradeAmihud } from '../../../src/features/microstructure/trade-amihud.js';
import { tradeFlowImbalance } from '../../../src/features/microstructure/trade-flow-imbalance.js';
import { tradeRollSpread } from '../../../src/features/microstructure/trade-roll-spread.js';
import { vpin } from '../../../src/features/microstructure/vpin.js';
import { BookFeed } from '../../../src/market/book-sync.js';
import { pearson } from './pearson.js';
import { recordedMarket } from './recorded-market.js';
import { UNITS } from './market-events.js';

const START = 1_723_161_256_000;
const FEATURES = [
  spread({ unit: 'ticks' }),
  microprice(),
  microprice({ output: 'price' }),
  bookImbalance(),
  bookImbalance({ levels: 10 }),
  bookImbalance({ levels: 10, weighting: 'distance' }),
  depthSlope(),
  orderFlowImbalance({ ms: 1_000 }),
  signedVolume({ ms: 1_000 }),
  tradeFlowImbalance({ ms: 10_000 }),
  effectiveSpread({ ms: 20_000 }),
  realisedSpread(1_000, { ms: 20_000 }),
  kylesLambda({ intervalMs: 500, intervals: 60 }),
  tradeAmihud(500, 60),
  tradeRollSpread(300),
  vpin({ bucket: 5, buckets: 20 }),
];

interface Recorded {
  readonly book: Chunk;
  readonly quotes: Chunk;
  readonly trades: Chunk;
}

const columnsOf = ({ book, quotes, trades }: Recorded) =>
  microstructureColumns(
    { book: { chunks: [book], replay: new BookFeed(UNITS) }, quotes: [quotes], trades: [trades] },
    FEATURES,
    UNITS,
    500,
  );

describe.skipIf(!existsSync('../shared/data'))('on a recorded perpetual (needs ../shared/data)', () => {
  let columns: Readonly<Record<string, Float64Array>> = {};
  let whole: Recorded;
  beforeAll(() => {
    whole = recordedMarket(START + 90_000);
    columns = columnsOf(whole);
  });
  /** Values of a feature once it has them all. */
  const values = (key: string): number[] => Array.from(columns[key] ?? []).filter(Number.isFinite);

  it('every feature has values, in ranges that a liquid market has', () => {
    const ranges: Readonly<Record<string, readonly [number, number]>> = {
      'spread(ticks)': [1, 100],
      'microprice(gap)': [-50, 50],
      'book-imbalance(1)': [-1, 1],
      'book-imbalance(10)': [-1, 1],
      'book-imbalance(10,weighting=distance)': [-1, 1],
      'depth-slope(10)': [1, 1e5],
      'trade-flow-imbalance(ms=10000)': [-1, 1],
      'effective-spread(ms=20000)': [0, 2],
      'realised-spread(ms=20000,horizon=1000)': [-10, 10],
      'kyles-lambda(500,60)': [-1, 10],
      'trade-amihud(500,60)': [0, 100],
      'trade-roll-spread(300)': [0, 5],
      'vpin(5,20)': [0, 1],
    };
    for (const { key } of FEATURES) expect(values(key).length, key).toBeGreaterThan(60);
    for (const [key, [least, most]] of Object.entries(ranges)) {
      expect(Math.min(...values(key)), key).toBeGreaterThanOrEqual(least);
      expect(Math.max(...values(key)), key).toBeLessThanOrEqual(most);
    }
  });

  it('buyers push the mid up: flow at the best prices goes with its change, and impact is above zero', () => {
    const price = columns['microprice(price)'] ?? new Float64Array(0);
    const flow = columns['order-flow-imbalance(ms=1000)'] ?? new Float64Array(0);
    const [xs, ys]: [number[], number[]] = [[], []];
    for (let i = 2; i < price.length; i += 2) {
      const move = (price[i] ?? NaN) - (price[i - 2] ?? NaN);
      if (!Number.isFinite(move + (flow[i] ?? NaN))) continue;
      xs.push(flow[i] ?? NaN);
      ys.push(move);
    }
    expect(xs.length).toBeGreaterThan(50);
    expect(pearson(xs, ys)).toBeGreaterThan(0.3);
    expect(values('kyles-lambda(500,60)').at(-1)).toBeGreaterThan(0);
  });

  it('makers keep less than takers pay', () => {
    const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
    expect(mean(values('realised-spread(ms=20000,horizon=1000)'))).toBeLessThan(mean(values('effective-spread(ms=20000)')));
  });

  it('what was cut off later changes nothing before', () => {
    const cut = START + 60_000;
    // A message has rows of one time, so that a cut by time does not go through one.
    const until = (chunk: Chunk): Chunk => ({ ...chunk, rows: chunk.ts.findIndex(ts => ts > cut) });
    const part = columnsOf({ book: until(whole.book), quotes: until(whole.quotes), trades: until(whole.trades) });
    const length = part['ts']?.length ?? 0;
    expect(length).toBeGreaterThan(100);
    for (const { key } of FEATURES)
      expect(
        part[key]?.every((value, i) => Object.is(value, columns[key]?.[i])),
        key,
      ).toBe(true);
  });
});
