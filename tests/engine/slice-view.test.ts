import fc from 'fast-check';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { BarLine } from '../../src/engine/bar-line.js';
import { SliceDraft, type SliceTerms } from '../../src/engine/slice-view.js';
import type { Bar, Chunk, Slice } from '../../src/events/market.js';
import { record, scalar } from '../../src/features/feature.js';
import { backtest } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { bars, defineStrategy, type Strategy } from '../../src/strategies/strategy.js';
import { perpetual, T0 } from './scenario.js';

const HOUR = 3_600_000;
const SYMBOLS = ['A/USDT:USDT', 'B/USDT:USDT', 'C/USDT:USDT', 'D/USDT:USDT'];

const close = scalar('close', 0, () => bar => bar.close);
const pair = record('pair', 0, ['high', 'low'], () => (bar, out, offset) => {
  out[offset] = bar.high;
  out[offset + 1] = bar.low;
});

/** Bars of a symbol at these hours; no two have a price in common. */
const chunkOf = (k: number, hours: readonly number[]): Chunk => ({
  kind: 'bars',
  symbol: SYMBOLS[k]!,
  timeframe: '1h',
  rows: hours.length,
  ts: Float64Array.from(hours, h => T0 + h * HOUR),
  columns: [1, 3, 0, 2, 4].map(c => Float64Array.from(hours, h => 1000 * (k + 1) + 10 * h + c)),
});

const barOf = (k: number, h: number): Bar => {
  const at = (c: number): number => 1000 * (k + 1) + 10 * h + c;
  const openTime = T0 + h * HOUR;
  const price = { open: at(1), high: at(3), low: at(0), close: at(2), volume: at(4) };
  return { symbol: SYMBOLS[k]!, timeframe: '1h', openTime, ts: openTime + HOUR, ...price };
};

const run = (strategy: Strategy, chunks: readonly Chunk[], edges: readonly number[] = []) => {
  const to = T0 + 40 * HOUR;
  const { inputs } = memoryFeed(chunks);
  const cuts = [-Infinity, ...edges.map(h => T0 + h * HOUR), Infinity];
  const slabs = cuts.slice(1).map((end, i) => ({
    to: end,
    chunks: chunks.map(chunk => {
      const rows = [...chunk.ts.keys()].filter(row => chunk.ts[row]! >= cuts[i]! && chunk.ts[row]! < end);
      const part = (column: Float64Array): Float64Array => Float64Array.from(rows, row => column[row]!);
      return { ...chunk, rows: rows.length, ts: part(chunk.ts), columns: chunk.columns.map(part) };
    }),
  }));
  return backtest({
    strategy,
    params: {},
    bundle: 'test',
    config: runConfig({
      exchange: 'bybit',
      from: T0,
      to,
      symbols: SYMBOLS,
      timeframe: '1h',
      funding: { kind: 'none' },
      capital: 1e6,
    }),
    instruments: SYMBOLS.map(symbol => perpetual(symbol)),
    feed: { inputs, slabs$: of(...slabs) },
  });
};

/** Hours at which each symbol has a bar. */
const anyHours = fc.array(
  fc.uniqueArray(fc.nat(39), { minLength: 1, maxLength: 40 }).map(hours => hours.sort((a, b) => a - b)),
  { minLength: SYMBOLS.length, maxLength: SYMBOLS.length },
);

describe('a slice', () => {
  it('holds the bars, indicators and absences of its instant, whatever the slabs, and for as long as it is kept', async () => {
    await fc.assert(
      fc.asyncProperty(anyHours, fc.uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 4 }), async (hours, edges) => {
        const kept: { slice: Slice; values: (symbol: string) => unknown; first: Bar | undefined }[] = [];
        const strategy = defineStrategy({
          name: 'keeps-slices',
          params: {},
          indicators: () => ({ close, pair }),
          decideSlice: (slice, values) => {
            // Some bars are looked at in time, the others when everything is over.
            kept.push({ slice, values, first: slice.bars.get(SYMBOLS[kept.length % SYMBOLS.length]!) });
          },
        });
        await run(
          strategy,
          hours.map((each, k) => chunkOf(k, each)),
          edges.sort((a, b) => a - b),
        );
        const instants = [...new Set(hours.flat())].sort((a, b) => a - b);
        expect(kept.map(({ slice }) => slice.ts)).toEqual(instants.map(h => T0 + (h + 1) * HOUR));
        instants.forEach((h, n) => {
          const { slice, values, first } = kept[n]!;
          const present = SYMBOLS.filter((_, k) => hours[k]!.includes(h));
          const expected = present.map((symbol): [string, Bar] => [symbol, barOf(SYMBOLS.indexOf(symbol), h)]);
          expect(first).toEqual(new Map(expected).get(SYMBOLS[n % SYMBOLS.length]!));
          if (first !== undefined) expect(slice.bars.get(first.symbol)).toBe(first);
          expect(slice.missing).toEqual(SYMBOLS.filter(symbol => !present.includes(symbol)));
          expect(slice.bars.size).toBe(present.length);
          expect([...slice.bars]).toEqual(expected);
          expect([...slice.bars.keys()]).toEqual(present);
          expect([...slice.bars.values()]).toEqual(expected.map(([, bar]) => bar));
          const visited: unknown[] = [];
          slice.bars.forEach((bar, symbol, all) => visited.push([symbol, bar, all === slice.bars]));
          expect(visited).toEqual(expected.map(([symbol, bar]) => [symbol, bar, true]));
          expect(SYMBOLS.map(symbol => slice.bars.has(symbol))).toEqual(SYMBOLS.map(symbol => present.includes(symbol)));
          expect([slice.bars.get('X/USDT:USDT'), slice.bars.has('X/USDT:USDT')]).toEqual([undefined, false]);
          for (const [symbol, bar] of expected) {
            expect(values(symbol)).toEqual({ close: bar.close, pair: { high: bar.high, low: bar.low } });
            expect(values(symbol)).toBe(values(symbol));
          }
          for (const symbol of slice.missing) expect(() => values(symbol)).toThrow(/has no bar in this slice/);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('shows of two timeframes the longer bar, and symbols in the order in which their bars came', async () => {
    const seen: string[][] = [];
    const strategy = defineStrategy({
      name: 'two-timeframes',
      params: {},
      needs: () => [bars(SYMBOLS.slice(1, 3), '1h'), bars(SYMBOLS.slice(0, 2), '4h')],
      decideSlice: slice => {
        seen.push([...slice.bars].map(([symbol, bar]) => `${symbol[0]} ${bar.timeframe}`));
      },
    });
    const hours = Array.from({ length: 8 }, (_, h) => h);
    await run(
      strategy,
      SYMBOLS.map((_, k) => chunkOf(k, hours)),
    );
    const short = ['B 1h', 'C 1h'];
    const long = ['B 4h', 'C 1h', 'A 4h'];
    expect(seen).toEqual([short, short, short, long, short, short, short, long]);
  });
});

describe('a draft of a slice', () => {
  const terms = (isSession: boolean): SliceTerms => ({
    symbols: SYMBOLS,
    indexOf: symbol => SYMBOLS.indexOf(symbol),
    names: ['close'],
    outputs: [null],
    isSession,
  });

  it('copies the bars of a session, whose columns may change once they have been played', () => {
    const kept = [false, true].map(isSession => {
      const line = new BarLine(SYMBOLS[1]!, 1, '1h', '1h', [close], 0, null);
      const chunk = chunkOf(1, [0, 1]);
      line.load(chunk);
      const draft = new SliceDraft(terms(isSession));
      draft.add(line);
      const slice = draft.take();
      expect(draft.isEmpty).toBe(true);
      chunk.columns[3]!.fill(7);
      return slice.get(SYMBOLS[1]!)?.close;
    });
    expect(kept).toEqual([7, barOf(1, 0).close]);
  });

  it('gives back the bar that was made before', () => {
    const line = new BarLine(SYMBOLS[0]!, 0, '1h', '1h', [close], 0, null);
    line.load(chunkOf(0, [0]));
    const draft = new SliceDraft(terms(false));
    const bar = line.bar();
    draft.add(line, bar);
    expect(draft.take().get(SYMBOLS[0]!)).toBe(bar);
  });
});
