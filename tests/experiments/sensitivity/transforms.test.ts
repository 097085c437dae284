import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Chunk } from '../../../src/events/market.js';
import { laterStart } from '../../../src/experiments/sensitivity/later-start.js';
import { missingBars } from '../../../src/experiments/sensitivity/missing-bars.js';
import { noisyCloses } from '../../../src/experiments/sensitivity/noisy-closes.js';
import { startDates } from '../../../src/experiments/sensitivity/start-dates.js';
import { mean, standardDeviation } from '../../../src/statistics/moments.js';
import { DAY, HOUR } from '../../../src/time.js';
import { anyMarket, smallMarket } from '../../arbitraries/market.js';
import { hourly } from '../splits/split-market.js';

const isBars = ({ kind }: Chunk): boolean => kind === 'bars';
const barsOf = (chunks: readonly Chunk[]): readonly Chunk[] => chunks.filter(isBars);
const restOf = (chunks: readonly Chunk[]): readonly Chunk[] => chunks.filter(chunk => !isBars(chunk));

/** Rows as plain arrays, time first. */
const rowsOf = ({ rows, ts, columns }: Chunk): number[][] =>
  Array.from({ length: rows }, (_, i) => [ts[i]!, ...columns.map(column => column[i]!)]);

/** The same series cut in two, with arrays longer than their rows. */
const cutInTwo = (chunk: Chunk): readonly Chunk[] => {
  const at = chunk.rows >> 1;
  return [
    { ...chunk, rows: at },
    { ...chunk, rows: chunk.rows - at, ts: chunk.ts.subarray(at), columns: chunk.columns.map(column => column.subarray(at)) },
  ];
};

const joinedRows = (chunks: readonly Chunk[], symbol: string): number[][] =>
  barsOf(chunks)
    .filter(chunk => chunk.symbol === symbol)
    .flatMap(rowsOf);

const seeds = fc.integer({ min: 0, max: 1000 });

describe('missing bars', () => {
  const shares = fc.double({ min: 0, max: 1, noNaN: true });

  test('are taken out whole, and nothing else is touched', () => {
    fc.assert(
      fc.property(anyMarket(), shares, seeds, ({ chunks }, share, seed) => {
        const made = missingBars(chunks, { share, seed });
        expect(restOf(made)).toEqual(restOf(chunks));
        barsOf(made).forEach((chunk, s) => {
          const recorded = new Map(rowsOf(barsOf(chunks)[s]!).map(row => [row[0], row]));
          const left = rowsOf(chunk);
          expect(left).toEqual(left.map(([ts]) => recorded.get(ts)));
          expect(left.every(([ts], i) => i === 0 || ts! > left[i - 1]![0]!)).toBe(true);
        });
      }),
      { numRuns: 8 },
    );
  });

  test('of a larger share hold those of a smaller one; of none are none, of all are all', () => {
    fc.assert(
      fc.property(anyMarket(), shares, shares, seeds, ({ chunks }, a, b, seed) => {
        const timesLeft = (share: number): Set<number>[] => barsOf(missingBars(chunks, { share, seed })).map(({ ts }) => new Set(ts));
        const [more, fewer] = [timesLeft(Math.min(a, b)), timesLeft(Math.max(a, b))];
        fewer.forEach((times, s) => expect([...times].every(ts => more[s]!.has(ts))).toBe(true));
        expect(missingBars(chunks, { share: 0, seed })).toEqual(chunks);
        expect(barsOf(missingBars(chunks, { share: 1, seed })).map(({ rows }) => rows)).toEqual(barsOf(chunks).map(() => 0));
      }),
      { numRuns: 8 },
    );
  });

  test('are as many as asked for, each symbol for itself', () => {
    const { chunks } = smallMarket(3, 5000, 2);
    const [a, b] = barsOf(missingBars(chunks, { share: 0.1, seed: 5 })) as [Chunk, Chunk];
    // Binomial: sd of 5,000 × 0.1 is 21; both lost together with probability 0.01, sd 7.
    expect(Math.abs(5000 - a.rows - 500)).toBeLessThan(4 * 21);
    const [inA, inB] = [new Set(a.ts), new Set(b.ts)];
    const lostTogether = [...chunks[0]!.ts].filter(ts => !inA.has(ts) && !inB.has(ts)).length;
    expect(Math.abs(lostTogether - 50)).toBeLessThan(4 * 7);
  });
});

describe('noisy closes', () => {
  test('leave highs above and lows below, prices on tick, and all but closes as it was where it can be', () => {
    fc.assert(
      fc.property(anyMarket(), fc.double({ min: 0, max: 1000, noNaN: true }), seeds, ({ chunks, instruments }, bps, seed) => {
        const made = noisyCloses(chunks, { bps, seed, instruments });
        expect(restOf(made)).toEqual(restOf(chunks));
        barsOf(made).forEach((chunk, s) => {
          const recorded = barsOf(chunks)[s]!;
          expect(chunk.ts).toEqual(recorded.ts);
          const before = rowsOf(recorded);
          const after = rowsOf(chunk);
          expect(after.map(([, open, , , , volume]) => [open, volume])).toEqual(before.map(([, open, , , , volume]) => [open, volume]));
          expect(after.map(([, , high]) => high)).toEqual(before.map(([, , high], i) => Math.max(high!, after[i]![4]!)));
          expect(after.map(([, , , low]) => low)).toEqual(before.map(([, , , low], i) => Math.min(low!, after[i]![4]!)));
          expect(after.every(([, , , , close]) => close! > 0 && close === Math.round(close! * 10) / 10)).toBe(true);
        });
      }),
      { numRuns: 8 },
    );
  });

  test('are shifted by as much as asked for, and not at all by none', () => {
    const { chunks, instruments } = smallMarket(4, 5000, 1);
    const fine = instruments.map(each => ({ ...each, tickSize: 1e-7 }));
    const shifted = barsOf(noisyCloses(chunks, { bps: 5, seed: 1, instruments: fine }))[0]!.columns[3]!;
    const shifts = shifted.map((close, i) => 10_000 * (close / chunks[0]!.columns[3]![i]! - 1));
    // Standard errors: 5 ÷ √5,000 of the mean, 5 ÷ √10,000 of the standard deviation.
    expect(Math.abs(mean(shifts))).toBeLessThan(4 * 0.0707);
    expect(Math.abs(standardDeviation(shifts) - 5)).toBeLessThan(4 * 0.05);
    expect(noisyCloses(chunks, { bps: 0, seed: 1, instruments })).toEqual(chunks);
  });
});

test.each([
  ['missing bars', (chunks: readonly Chunk[], seed: number) => missingBars(chunks, { share: 0.2, seed })],
  [
    'noisy closes',
    (chunks: readonly Chunk[], seed: number) => noisyCloses(chunks, { bps: 20, seed, instruments: smallMarket(6, 100, 2).instruments }),
  ],
])('%s depend on the seed, not on chunks or on what other symbols there are', (_, transform) => {
  const { chunks, config } = smallMarket(6, 100, 2);
  const [a, b] = config.symbols as [string, string];
  const whole = transform(chunks, 9);
  expect(transform(chunks, 9)).toEqual(whole);
  expect(joinedRows(transform(chunks, 10), a)).not.toEqual(joinedRows(whole, a));
  expect(joinedRows(transform(chunks.flatMap(cutInTwo), 9), a)).toEqual(joinedRows(whole, a));
  expect(
    joinedRows(
      transform(
        chunks.filter(({ symbol }) => symbol === b),
        9,
      ),
      b,
    ),
  ).toEqual(joinedRows(whole, b));
});

describe('later starts', () => {
  test('leave what opened or happened from then on, as views', () => {
    fc.assert(
      fc.property(anyMarket(), fc.integer({ min: -10, max: 300 }), ({ chunks }, hours) => {
        const from = chunks[0]!.ts[0]! + hours * HOUR;
        laterStart(chunks, from).forEach((chunk, i) => {
          expect(rowsOf(chunk)).toEqual(rowsOf(chunks[i]!).filter(([ts]) => ts! >= from));
          expect(chunk.ts.buffer).toBe(chunks[i]!.ts.buffer);
        });
      }),
      { numRuns: 30 },
    );
  });

  test('still know who was listed', () => {
    const universe: Chunk = { kind: 'universe', symbol: 'A', rows: 3, ts: Float64Array.of(0, 10, 20), columns: [Float64Array.of(1, 0, 1)] };
    const listed = (from: number): number[][] => laterStart([universe], from).flatMap(rowsOf);
    expect(listed(-5)).toEqual([
      [0, 1],
      [10, 0],
      [20, 1],
    ]);
    expect(listed(10)).toEqual([
      [10, 0],
      [20, 1],
    ]);
    expect(listed(15)).toEqual([
      [10, 0],
      [20, 1],
    ]);
    expect(listed(99)).toEqual([[20, 1]]);
  });

  test('are spread evenly over the bars of the first stretch, from the first to its end', () => {
    const cases = fc.record({
      steps: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 40, maxLength: 80 }),
      count: fc.integer({ min: 2, max: 12 }),
      within: fc.integer({ min: 11, max: 39 }),
    });
    fc.assert(
      fc.property(cases, ({ steps, count, within }) => {
        const calendar = hourly(steps);
        const indexes = [...startDates(calendar, { count, within })].map(ts => calendar.opens.indexOf(ts));
        expect(indexes[0]).toBe(0);
        expect(indexes.at(-1)).toBe(within);
        const apart = indexes.slice(1).map((index, i) => index - indexes[i]!);
        expect(Math.min(...apart)).toBeGreaterThan(0);
        expect(Math.max(...apart) - Math.min(...apart)).toBeLessThanOrEqual(1);
      }),
    );
    const week = hourly(Array.from({ length: 24 * 7 }, () => 1));
    expect([...startDates(week, { count: 4, within: '3d' })].map(ts => (ts - week.from) / DAY)).toEqual([0, 1, 2, 3]);
  });
});

test('refuse stresses that are none', () => {
  const { chunks, instruments } = smallMarket(1, 60, 1);
  const week = hourly(Array.from({ length: 24 * 7 }, () => 1));
  expect(() => missingBars(chunks, { share: 1.1, seed: 1 })).toThrow('1.1 is not a share of bars');
  expect(() => missingBars(chunks, { share: NaN, seed: 1 })).toThrow('NaN is not a share of bars');
  expect(() => noisyCloses(chunks, { bps: -1, seed: 1, instruments })).toThrow('-1 is not a noise in basis points');
  expect(() => noisyCloses(chunks, { bps: 1, seed: 1, instruments: [] })).toThrow('no instrument for A/USDT:USDT');
  expect(() => startDates(week, { count: 1, within: '1d' })).toThrow('1 is not a number of starts');
  expect(() => startDates(week, { count: 3, within: '7d' })).toThrow('do not hold 3 starts');
  expect(() => startDates(week, { count: 30, within: '1d' })).toThrow('do not hold 30 starts');
});
