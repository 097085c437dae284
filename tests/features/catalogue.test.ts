import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeColumns } from '../../src/features/batch.js';
import { CATALOGUE } from '../../src/features/catalogue.js';
import type { Feature } from '../../src/features/feature.js';
import { cmo } from '../../src/features/momentum/cmo.js';
import { rsi } from '../../src/features/momentum/rsi.js';
import { trix } from '../../src/features/momentum/trix.js';
import { adx } from '../../src/features/trend/adx.js';
import { adxr } from '../../src/features/trend/adxr.js';
import { apo } from '../../src/features/trend/apo.js';
import { dema } from '../../src/features/trend/dema.js';
import { di } from '../../src/features/trend/di.js';
import { ema } from '../../src/features/trend/ema.js';
import { macd } from '../../src/features/trend/macd.js';
import { tema } from '../../src/features/trend/tema.js';
import { zlema } from '../../src/features/trend/zlema.js';
import { atr } from '../../src/features/volatility/atr.js';
import { keltner } from '../../src/features/volatility/keltner.js';
import { realisedVolatility } from '../../src/features/volatility/realised-volatility.js';
import { standardDeviation } from '../../src/features/volatility/standard-deviation.js';
import { obv } from '../../src/features/volume/obv.js';
import { sma } from '../../src/features/trend/sma.js';
import { appliedTo } from '../../src/features/applied-to.js';
import { barsOf, chunkOf, randomSeries } from './bar-series.js';

const first = { seed: 'first' } as const;
const short = { seed: 'short' } as const;

/** Every built-in, every option that changes a warm-up, and the smallest lengths. */
const FEATURES: readonly Feature[] = [
  ...Object.values(CATALOGUE).flat(),
  ema(7, first),
  dema(5, first),
  tema(5, first),
  zlema(6, first),
  zlema(3),
  macd(3, 6, 4, first),
  apo(3, 7, first),
  apo(3, 7, { average: 'sma' }),
  trix(4, first),
  di(5, short),
  adx(5, short),
  adxr(5, short),
  adx(1),
  rsi(5, { smoothing: 'sum' }),
  cmo(5, { smoothing: 'wilder' }),
  atr(5, { firstBar: 'skip' }),
  keltner(5, 1.5, { atr: 9 }),
  standardDeviation(5, { deviation: 'sample' }),
  realisedVolatility(5, { deviation: 'zero-mean', periodsPerYear: 1 }),
  obv({ firstBar: 'volume' }),
  sma(1),
  sma(9, { source: 'volume' }),
  appliedTo(ema(9), rsi(14)),
  appliedTo(sma(3), macd(3, 6, 4), 'histogram'),
];

const seeds = fc.integer({ min: 0, max: 1e6 });
const ROWS = 160;

const stream = (feature: Feature, bars: ReturnType<typeof barsOf>): Float64Array[] => {
  const step = feature.create();
  const width = feature.outputs.length;
  const columns = feature.outputs.map(() => new Float64Array(bars.length));
  // Not at offset 0, and with guards around: a feature writes its own outputs and nothing else.
  const out = new Float64Array(width + 4).fill(-1);
  bars.forEach((bar, i) => {
    step(bar, out, 2);
    columns.forEach((column, k) => (column[i] = out[2 + k] ?? NaN));
  });
  expect([out[0], out[1], out[width + 2], out[width + 3]]).toEqual([-1, -1, -1, -1]);
  return columns;
};

const bits = (columns: readonly Float64Array[], to?: number): BigUint64Array[] =>
  columns.map(c => new BigUint64Array(c.slice(0, to).buffer));

describe('the catalogue', () => {
  it('has no two features with one key', () => {
    const keys = FEATURES.map(feature => feature.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('names each family that has a folder', () => {
    expect(Object.values(CATALOGUE).every(family => family.length > 0)).toBe(true);
  });
});

for (const feature of FEATURES)
  describe(feature.key, () => {
    it('gives the same bits in a batch and bar by bar, and again', () => {
      fc.assert(
        fc.property(seeds, seed => {
          const chunk = chunkOf(randomSeries(seed, ROWS), '1h');
          const batch = bits(computeColumns(feature, chunk));
          expect(bits(stream(feature, barsOf(chunk)))).toEqual(batch);
          expect(bits(computeColumns(feature, chunk))).toEqual(batch);
        }),
        { numRuns: 5 },
      );
    });

    it('is not changed by what comes later', () => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 1, max: ROWS - 1 }), fc.integer(), (seed, cut, other) => {
          const chunk = chunkOf(randomSeries(seed, ROWS), '1h');
          const foreign = chunkOf(randomSeries(other, ROWS), '1h');
          const corrupted = {
            ...chunk,
            columns: chunk.columns.map((column, k) => {
              const copy = column.slice();
              copy.set((foreign.columns[k] ?? column).subarray(cut), cut);
              return copy;
            }),
          };
          expect(bits(computeColumns(feature, corrupted), cut)).toEqual(bits(computeColumns(feature, chunk), cut));
        }),
        { numRuns: 5 },
      );
    });

    it('is NaN until its warm-up is over and a number from then on', () => {
      fc.assert(
        fc.property(seeds, seed => {
          for (const column of computeColumns(feature, chunkOf(randomSeries(seed, ROWS), '1h'))) {
            expect(column.slice(0, feature.warmup - 1).every(Number.isNaN)).toBe(true);
            expect(column.slice(feature.warmup - 1).every(Number.isFinite)).toBe(true);
          }
        }),
        { numRuns: 5 },
      );
    });

    it('loses one value, and not all that follow, to a bar with nothing in it', () => {
      const series = randomSeries(7, ROWS);
      const hole = 90;
      const whole = chunkOf(series, '1h');
      const holed = { ...whole, columns: whole.columns.map(column => column.map((x, i) => (i === hole ? NaN : x))) };
      for (const column of computeColumns(feature, holed)) {
        expect(column[hole]).toBeNaN();
        expect(column.slice(feature.warmup - 1).filter(Number.isNaN).length).toBe(1);
      }
      // As if the bar were not there at all: the same numbers as without it.
      if (feature.key.startsWith('vwap')) return;
      const without = {
        ...whole,
        rows: ROWS - 1,
        ts: whole.ts.filter((_, i) => i !== hole),
        columns: whole.columns.map(column => column.filter((_, i) => i !== hole)),
      };
      const expected = computeColumns(feature, without);
      computeColumns(feature, holed).forEach((column, k) =>
        expect(Array.from(column.filter((_, i) => i !== hole))).toEqual(Array.from(expected[k] ?? [])),
      );
    });

    it('stays finite in a market that does not move', () => {
      const rows = feature.warmup + 30;
      const flat = Array.from({ length: rows }, () => 0.1);
      for (const column of computeColumns(feature, chunkOf({ close: flat, volume: flat }, '1h'))) {
        expect(column.slice(feature.warmup - 1).every(Number.isFinite)).toBe(true);
      }
    });
  });
