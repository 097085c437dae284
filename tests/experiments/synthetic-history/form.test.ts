import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Chunk } from '../../../src/events/market.js';
import { historyBootstrap } from '../../../src/experiments/synthetic-history.js';
import { random } from '../../../src/random.js';
import { HOUR } from '../../../src/time.js';
import { barsFrom, garchPair, instrument, rowsWhere, START } from './recorded-market.js';

const [A, B] = ['A/USDT:USDT', 'B/USDT:USDT'] as const;
const instruments = [instrument(A), instrument(B, 0.5)];

/** Two symbols with holes of their own; B is listed later. */
const holed = (seed: number, rows = 400): readonly [Chunk, Chunk] => {
  const [a, b] = garchPair(rows, 0.6, seed);
  const draw = random(`holes ${seed}`);
  const isKept = (): boolean => draw.next() > 0.03;
  return [rowsWhere(barsFrom(A, a), isKept), rowsWhere(barsFrom(B, b, { price: 5000, tick: 0.5 }), row => row >= 60 && isKept())];
};

/** Hours of a chunk's rows since the start, which `barsFrom` wrote down as each bar's volume. */
const rowOfHour = (chunk: Chunk): Map<number, number> => new Map([...chunk.ts].map((ts, row) => [(ts - START) / HOUR, row]));

const kindOf = (chunks: readonly Chunk[], kind: Chunk['kind'], symbol: string): Chunk =>
  chunks.find(chunk => chunk.kind === kind && chunk.symbol === symbol)!;

describe('a synthetic history', () => {
  const seeds = fc.record({ market: fc.nat(1000), seed: fc.nat(1000), meanBlock: fc.double({ min: 1, max: 60, noNaN: true }) });

  test('has the recorded times and holes, prices on tick and above zero, and highs and lows that hold', () => {
    fc.assert(
      fc.property(seeds, ({ market, seed, meanBlock }) => {
        const recorded = holed(market);
        const { chunks } = historyBootstrap({ chunks: recorded, instruments, meanBlock, ...(seed % 2 === 0 ? { period: '1d' } : {}) }).draw(
          seed,
        );
        expect(chunks.map(({ kind, symbol, timeframe, rows }) => ({ kind, symbol, timeframe, rows }))).toEqual(
          recorded.map(({ kind, symbol, timeframe, rows }) => ({ kind, symbol, timeframe, rows })),
        );
        chunks.forEach((chunk, s) => {
          const [open, high, low, close] = chunk.columns as [Float64Array, Float64Array, Float64Array, Float64Array];
          const perTick = s === 0 ? 100 : 2;
          expect(chunk.ts).toEqual(recorded[s]!.ts);
          for (const prices of [open, high, low, close]) {
            expect(prices).toHaveLength(chunk.rows);
            expect(prices.every(price => price > 0 && Math.round(price * perTick) / perTick === price)).toBe(true);
          }
          expect(open.every((o, i) => high[i]! >= Math.max(o, close[i]!) && low[i]! <= Math.min(o, close[i]!))).toBe(true);
          expect(open[0]).toBe(recorded[s]!.columns[0]![0]);
        });
      }),
      { numRuns: 30 },
    );
  });

  test('takes every bar whole from one recorded moment, the same for all symbols', () => {
    fc.assert(
      fc.property(seeds, ({ market, seed, meanBlock }) => {
        const recorded = holed(market);
        const { chunks, sources } = historyBootstrap({ chunks: recorded, instruments, meanBlock }).draw(seed);
        const instants = [...new Set(recorded.flatMap(({ ts }) => [...ts]))].sort((a, b) => a - b);
        expect(sources).toHaveLength(instants.length);
        const sourceAt = new Map(instants.map((ts, i) => [ts, (sources[i]! - START) / HOUR]));
        chunks.forEach((chunk, s) => {
          const tick = s === 0 ? 0.01 : 0.5;
          const known = rowOfHour(recorded[s]!);
          const [open, high, low, close, volume] = chunk.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
          const [ro, rh, rl, rc] = recorded[s]!.columns as [Float64Array, Float64Array, Float64Array, Float64Array];
          let farthest = 0;
          expect([...volume]).toEqual([...chunk.ts].map(ts => sourceAt.get(ts)));
          for (let i = 0; i < chunk.rows; i++) {
            const row = known.get(volume[i]!)!;
            // Two prices each half a tick off at most.
            const near = (made: number, from: number, recordedRatio: number): void => {
              farthest = Math.max(farthest, Math.abs(made - from * recordedRatio) / ((tick / 2) * (1 + recordedRatio)));
            };
            near(close[i]!, open[i]!, rc[row]! / ro[row]!);
            near(high[i]!, Math.max(open[i]!, close[i]!), rh[row]! / Math.max(ro[row]!, rc[row]!));
            near(low[i]!, Math.min(open[i]!, close[i]!), rl[row]! / Math.min(ro[row]!, rc[row]!));
            if (i > 0) near(open[i]!, close[i - 1]!, ro[row]! / rc[row - 1]!);
          }
          expect(farthest).toBeLessThan(1.000001);
        });
      }),
      { numRuns: 10 },
    );
  });

  test('never draws a bar that follows a hole, nor a moment at which some symbol has none', () => {
    const recorded = holed(5);
    const { draw, drawable } = historyBootstrap({ chunks: recorded, instruments, meanBlock: 3 });
    const has = recorded.map(({ ts }) => new Set(ts));
    const allowed = [...recorded[0].ts].filter(ts => has.every(times => times.has(ts) && times.has(ts - HOUR)));
    expect(drawable).toBe(allowed.length);
    const drawn = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap(seed => [...draw(seed).sources]));
    expect([...drawn].filter(ts => !allowed.includes(ts))).toEqual([]);
    expect(drawn.size).toBeGreaterThan(allowed.length * 0.95);
  });

  test('never draws a bar with a price that is none, nor the one after it', () => {
    const [a] = garchPair(300, 0, 2);
    const bars = barsFrom(A, a);
    bars.columns[3]![100] = 0;
    bars.columns[1]![200] = bars.columns[2]![200]! / 2;
    const { draw } = historyBootstrap({ chunks: [bars], instruments, meanBlock: 3 });
    const drawn = new Set([1, 2, 3, 4, 5, 6, 7, 8].flatMap(seed => [...draw(seed).sources].map(ts => (ts - START) / HOUR)));
    expect([99, 100, 101, 102, 199, 200, 201, 202].filter(bar => drawn.has(bar))).toEqual([99, 102, 199, 202]);
  });

  test('has blocks of the mean length asked for', () => {
    const [a] = garchPair(5000, 0, 3);
    const { draw } = historyBootstrap({ chunks: [barsFrom(A, a)], instruments, meanBlock: 25 });
    let breaks = 0;
    for (let seed = 0; seed < 20; seed++)
      draw(seed).sources.forEach((source, i, all) => (breaks += i > 0 && source !== all[i - 1]! + HOUR ? 1 : 0));
    // 100,000 steps, each a break with probability 1/25 (a little less, for a new block may begin where the old one ended): sd 62.
    expect(Math.abs(breaks - 4000)).toBeLessThan(4 * 62);
  });

  test('shows every bar at its own hour when told to keep the day', () => {
    fc.assert(
      fc.property(seeds, ({ market, seed, meanBlock }) => {
        const recorded = holed(market);
        const { sources } = historyBootstrap({ chunks: recorded, instruments, meanBlock, period: '1d' }).draw(seed);
        const instants = [...new Set(recorded.flatMap(({ ts }) => [...ts]))].sort((a, b) => a - b);
        expect([...sources].map(ts => (ts / HOUR) % 24)).toEqual(instants.map(ts => (ts / HOUR) % 24));
      }),
      { numRuns: 20 },
    );
  });

  test('is the same for the same seed and another for another', () => {
    const bootstrap = historyBootstrap({ chunks: holed(7), instruments });
    expect(bootstrap.draw(1)).toEqual(historyBootstrap({ chunks: holed(7), instruments }).draw(1));
    expect(bootstrap.draw(1).chunks[0]!.columns[3]).not.toEqual(bootstrap.draw(2).chunks[0]!.columns[3]);
    expect(bootstrap.draw('1')).toEqual(bootstrap.draw(1));
  });

  test('does not depend on how the recording is cut into chunks, and leaves it as it was', () => {
    const [a, b] = holed(8);
    const cut = (chunk: Chunk, at: number): readonly Chunk[] => [
      { ...chunk, rows: at },
      { ...chunk, rows: chunk.rows - at, ts: chunk.ts.subarray(at), columns: chunk.columns.map(column => column.subarray(at)) },
    ];
    const whole = historyBootstrap({ chunks: [a, b], instruments }).draw(3).chunks;
    expect(historyBootstrap({ chunks: [...cut(a, 100), ...cut(b, 31)], instruments }).draw(3).chunks).toEqual(whole);
    expect([a, b]).toEqual(holed(8));
  });

  test('says in every input range that it is synthetic', () => {
    const { chunks, inputs } = historyBootstrap({ chunks: holed(9), instruments }).draw('x');
    expect(inputs.map(({ symbol, rows, synthetic }) => ({ symbol, rows, synthetic }))).toEqual(
      chunks.map(({ symbol, rows }) => ({ symbol, rows, synthetic: true })),
    );
  });

  test('keeps prices at one tick or more however far they fall', () => {
    const falling = new Float64Array(600).fill(-0.05);
    const { chunks } = historyBootstrap({ chunks: [barsFrom(A, falling)], instruments, meanBlock: 5 }).draw(1);
    expect(Math.min(...chunks[0]!.columns[2]!)).toBe(0.01);
  });
});

describe('what goes along with synthetic bars', () => {
  const rows = 24 * 40;
  const [a, b] = garchPair(rows, 0.6, 12);
  const bars = [barsFrom(A, a), barsFrom(B, b, { price: 5000, tick: 0.5 })] as const;
  /** A settlement every eight hours; the rate is its number, so that it can be known again. */
  const funding: Chunk = {
    kind: 'funding',
    symbol: A,
    rows: rows / 8,
    ts: Float64Array.from({ length: rows / 8 }, (_, i) => START + (i + 1) * 8 * HOUR),
    columns: [Float64Array.from({ length: rows / 8 }, (_, i) => i), new Float64Array(rows / 8).fill(8 * HOUR)],
  };
  /** Two marks an hour, in the middle and at the close. */
  const mark: Chunk = {
    kind: 'mark',
    symbol: B,
    rows: 2 * rows,
    ts: Float64Array.from({ length: 2 * rows }, (_, i) => START + ((i + 1) * HOUR) / 2),
    columns: [Float64Array.from({ length: 2 * rows }, (_, i) => bars[1].columns[3]![i >> 1]! * (1 + 0.001 * ((i % 7) - 3)))],
  };

  test('funding is that of the days that the bars came from, at the recorded times of settlement', () => {
    const { draw } = historyBootstrap({ chunks: [...bars, funding], instruments, meanBlock: 20 });
    for (const seed of [1, 2, 3]) {
      const { chunks, sources } = draw(seed);
      const made = kindOf(chunks, 'funding', A);
      expect(made.ts).toEqual(funding.ts);
      expect(made.columns[1]).toEqual(funding.columns[1]);
      // The bar that closes at the settlement came from hour `source`; its own settlement is the one that ends its eight hours.
      const expected = made.ts.map(ts => Math.floor((sources[(ts - START) / HOUR - 1]! - START) / (8 * HOUR)));
      expect(made.columns[0]).toEqual(expected);
    }
  });

  test('funding of another interval costs the same per hour', () => {
    const half = rows / 16;
    const hours = [...Array.from({ length: half }, () => 8), ...Array.from({ length: 2 * half }, () => 4)];
    let ts = START;
    const mixed: Chunk = {
      kind: 'funding',
      symbol: A,
      rows: hours.length,
      ts: Float64Array.from(hours, each => (ts += each * HOUR)),
      columns: [Float64Array.from(hours, each => each * 1e-5), Float64Array.from(hours, each => each * HOUR)],
    };
    const made = kindOf(historyBootstrap({ chunks: [...bars, mixed], instruments, meanBlock: 20 }).draw(4).chunks, 'funding', A);
    made.columns[0]!.forEach((rate, i) => expect(rate).toBeCloseTo(hours[i]! * 1e-5, 12));
    expect(made.ts).toEqual(mixed.ts);
  });

  test('mark prices keep their distance from the close of the bar that they came with', () => {
    const { chunks, sources } = historyBootstrap({ chunks: [...bars, mark], instruments, meanBlock: 20 }).draw(5);
    const made = kindOf(chunks, 'mark', B);
    const close = kindOf(chunks, 'bars', B).columns[3]!;
    expect(made.ts).toEqual(mark.ts);
    for (let i = 0; i < made.rows; i++) {
      const source = 2 * ((sources[i >> 1]! - START) / HOUR) + (i & 1);
      expect(Math.abs(made.columns[0]![i]! / close[i >> 1]! - (1 + 0.001 * ((source % 7) - 3)))).toBeLessThan(
        (0.5 / close[i >> 1]!) * 0.51,
      );
    }
  });

  test('moments without funding or marks are not drawn, the universe stays, and what cannot be made is named', () => {
    const late: Chunk = rowsWhere(funding, row => row >= 60);
    const universe: Chunk = { kind: 'universe', symbol: A, rows: 1, ts: Float64Array.of(START), columns: [Float64Array.of(1)] };
    const interest: Chunk = { kind: 'open-interest', symbol: A, rows: 1, ts: Float64Array.of(START), columns: [Float64Array.of(1)] };
    const { draw, leftOut } = historyBootstrap({ chunks: [universe, ...bars, late, interest], instruments, meanBlock: 20 });
    expect(leftOut).toEqual(['open-interest']);
    const { chunks, sources } = draw(6);
    expect(Math.min(...sources)).toBeGreaterThanOrEqual(late.ts[0]! - 8 * HOUR);
    expect(chunks.map(({ kind }) => kind)).toEqual(['universe', 'bars', 'bars', 'funding']);
    expect(chunks[0]).toEqual(universe);
  });
});

test('says what cannot be drawn from', () => {
  const [a] = garchPair(100, 0, 1);
  const bars = barsFrom(A, a);
  const make = (chunks: readonly Chunk[], meanBlock?: number) => () =>
    historyBootstrap({ chunks, instruments, ...(meanBlock === undefined ? {} : { meanBlock }) });
  expect(make([])).toThrow('no bars to make a synthetic history from');
  expect(make([bars, { ...bars, timeframe: '4h' }])).toThrow('Bars of 1h and 4h cannot be drawn together');
  expect(make([{ ...bars, symbol: 'C' }])).toThrow('no instrument for C');
  expect(make([bars], 0.5)).toThrow('mean block of 0.5 is too short');
  expect(make([rowsWhere(bars, row => row < 50)])).toThrow('Only 49 bars can be drawn');
  const inPeriod = (period: string) => () => historyBootstrap({ chunks: [bars], instruments, meanBlock: 5, period });
  expect(inPeriod('1w')).toThrow('No bar can be shown at 2024-01-01 00:00');
  expect(inPeriod('0d')).toThrow('0 ms is not a period');
  const broken = { ...bars, columns: bars.columns.map(column => column.slice()) };
  for (const column of broken.columns.slice(0, 4)) for (let i = 50; i < 100; i++) column[i]! *= 1e12;
  expect(() => Array.from({ length: 20 }, (_, seed) => make([broken], 5)().draw(seed))).toThrow('moves by a factor that no market does');
});
