import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import type { Chunk } from '../../../src/events/market.js';
import { sma } from '../../../src/features/trend/sma.js';
import type { LiveFeed, LiveSlab } from '../../../src/live/feed/feed-port.js';
import { engineRunner } from '../../../src/live/runner/engine-runner.js';
import { sessionFeed } from '../../../src/live/session/session-feed.js';
import type { SessionSlab } from '../../../src/live/session/session-options.js';
import { simulatedExchange } from '../../../src/sim/exchange-rules.js';
import { defineStrategy } from '../../../src/strategies/strategy.js';
import { A, B, stage, T0, type BarRow } from '../../engine/scenario.js';
import { virtualClock } from '../feed/virtual-clock.js';

const HOUR = 3_600_000;
const N = 12;
const WARM = 3;

const rows = (chunk: Chunk, from: number, to: number): Chunk => ({
  ...chunk,
  rows: to - from,
  ts: chunk.ts.slice(from, to),
  columns: chunk.columns.map(column => column.slice(from, to)),
});
const prices = fc.array(fc.integer({ min: 90, max: 110 }), { minLength: N, maxLength: N });
const bars = (closes: readonly number[]): BarRow[] => closes.map(close => [close, close + 1, close - 1, close, 10]);

describe('bars that came too late for their instant', () => {
  it('leave no hole in indicators, and nothing is decided on them', () => {
    fc.assert(
      fc.property(prices, prices, fc.integer({ min: WARM, max: N - 3 }), fc.integer({ min: 1, max: 2 }), (a, b, first, missed) => {
        const { chunks, config, instruments } = stage({ bars: { [A]: bars(a), [B]: bars(b) }, config: { from: T0 + WARM * HOUR } });
        const [ofA, ofB] = [A, B].map(symbol => chunks.find(chunk => chunk.symbol === symbol) as Chunk) as [Chunk, Chunk];
        const seen: [symbol: string, bar: number, mean: number][] = [];
        const facts: Fact[] = [];
        const runner = engineRunner({
          tag: 'late',
          account: 'paper',
          strategy: defineStrategy({
            name: 'late',
            params: {},
            indicators: () => ({ mean: sma(3) }),
            decide: (bar, { mean }) => {
              seen.push([bar.symbol, Math.round((bar.openTime - T0) / HOUR), mean]);
            },
          }),
          params: {},
          config,
          instruments: [...instruments].sort((x, y) => (x.symbol < y.symbol ? -1 : 1)),
          manifestHash: '',
          inputs: [],
          venueOf: run => {
            const venue = simulatedExchange(run, instruments, []);
            return { venue, costs: venue.rules, feedLatency: () => 0 };
          },
        });
        const hear = (output: { readonly facts: readonly Fact[]; readonly failure: string | null }): void => {
          expect(output.failure).toBeNull();
          facts.push(...output.facts);
        };
        runner.start({ history: chunks.map(chunk => rows(chunk, 0, WARM)), from: T0 + WARM * HOUR, state: null, epoch: 1 }, hear);
        const isLate = (i: number): boolean => i >= first && i < first + missed;
        for (let i = WARM; i < N; i++) {
          const now = T0 + (i + 1) * HOUR;
          if (i === first + missed) runner.deliver({ input: 'late', chunks: [rows(ofB, first, i)], now }, hear);
          const chunk = [rows(ofA, i, i + 1), ...(isLate(i) ? [] : [rows(ofB, i, i + 1)])];
          runner.deliver({ input: 'market', chunks: chunk, now }, hear);
        }
        const mean = (closes: readonly number[], i: number): number => (closes[i]! + closes[i - 1]! + closes[i - 2]!) / 3;
        const lived = Array.from({ length: N - WARM }, (_, k) => k + WARM);
        for (const [symbol, closes, bars] of [
          [A, a, lived],
          [B, b, lived.filter(i => !isLate(i))],
        ] as const) {
          const own = seen.filter(([of, bar]) => of === symbol && bar >= WARM);
          expect(own.map(([, bar]) => bar)).toEqual(bars);
          for (const [, bar, value] of own) expect(value).toBeCloseTo(mean(closes, bar), 9);
        }
        // Time runs on.
        for (let i = 1; i < facts.length; i++) expect(facts[i]!.knownAt).toBeGreaterThanOrEqual(facts[i - 1]!.knownAt);
      }),
      { numRuns: 40 },
    );
  });

  it('are given beside what is played, and are history while a session warms up', async () => {
    const { chunks } = stage({ bars: { [A]: bars([100, 101, 102, 103]), [B]: bars([50, 51, 52, 53]) } });
    const [ofA, ofB] = chunks as [Chunk, Chunk];
    const slabs: SessionSlab[] = [];
    let give: (slab: LiveSlab) => void = () => {};
    const feed = sessionFeed(
      2,
      virtualClock(T0 + 2 * HOUR),
      sink => {
        give = sink;
        return {
          start: () => {},
          warm: () => {
            sink({ to: T0 + HOUR, chunks: [rows(ofA, 0, 1)], behind: [] });
            sink({ to: T0 + 2 * HOUR, chunks: [rows(ofA, 1, 2), rows(ofB, 1, 2)], behind: [rows(ofB, 0, 1)] });
            return Promise.resolve();
          },
        } as Partial<LiveFeed> as LiveFeed;
      },
      slab => slabs.push(slab),
    );
    const { chunks: history } = await feed.warm();
    expect(history.map(({ symbol, ts }) => [symbol, ts[0]])).toEqual([
      [A, T0],
      [B, T0],
      [A, T0 + HOUR],
      [B, T0 + HOUR],
    ]);
    feed.start();
    give({ to: T0 + 4 * HOUR, chunks: [rows(ofA, 3, 4)], behind: [rows(ofB, 2, 3)] });
    give({ to: T0 + 5 * HOUR, chunks: [], behind: [] });
    expect(slabs.map(({ late }) => late?.map(({ symbol, ts }) => [symbol, ts[0]]))).toEqual([[[B, T0 + 2 * HOUR]], undefined]);
  });
});
