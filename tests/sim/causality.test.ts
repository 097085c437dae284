import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/events/market.js';
import { scalar } from '../../src/features/feature.js';
import { corruptAfter } from '../../src/sim/corrupt.js';
import { verifyCausality } from '../../src/sim/verify-causality.js';
import { target } from '../../src/strategies/intent.js';
import { defineStrategy, type Strategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';
import { anyMarket, smallMarket } from '../arbitraries/market.js';

const check = (strategyOn: (data: readonly Chunk[]) => Strategy, seed = 41, overrides = {}) => {
  const market = smallMarket(seed, 240, 1, overrides);
  return verifyCausality({ strategyOn, params: {}, config: market.config, instruments: market.instruments, chunks: market.chunks });
};
const of = (data: readonly Chunk[], kind: Chunk['kind']): Chunk => data.find(c => c.kind === kind) as Chunk;

describe('corrupting the future', () => {
  it('leaves what was known by the cut as it is, changes what comes after, and keeps bars well-formed and on the tick', () => {
    fc.assert(
      fc.property(anyMarket(), fc.double({ min: 0.1, max: 0.9, noNaN: true }), fc.nat(), ({ chunks }, part, seed) => {
        const start = chunks[0]?.ts[0] ?? 0;
        const end = chunks[0]?.ts.at(-1) ?? 0;
        const cut = start + Math.round(((end - start) * part) / HOUR) * HOUR;
        const before = structuredClone(chunks);
        const after = corruptAfter(chunks, cut, () => 0.1, seed);
        expect(chunks).toEqual(before);
        let changed = 0;
        after.forEach((chunk, k) => {
          const original = chunks[k] as Chunk;
          expect([chunk.kind, chunk.symbol, chunk.rows]).toEqual([original.kind, original.symbol, original.rows]);
          expect([...chunk.ts]).toEqual([...original.ts]);
          const known = original.ts.findIndex(t => t + (chunk.kind === 'bars' ? HOUR : 0) > cut);
          chunk.columns.forEach((column, c) => {
            const was = original.columns[c] as Float64Array;
            expect([...column.subarray(0, known < 0 ? undefined : known)]).toEqual([...was.subarray(0, known < 0 ? undefined : known)]);
            for (let i = Math.max(0, known); known >= 0 && i < chunk.rows; i++) if (column[i] !== was[i]) changed++;
          });
          if (chunk.kind !== 'bars') return;
          const [open, high, low, close, volume] = chunk.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
          for (let i = 0; i < chunk.rows; i++) {
            const [o, h, l, c] = [open[i] ?? NaN, high[i] ?? NaN, low[i] ?? NaN, close[i] ?? NaN];
            expect(l > 0 && l <= Math.min(o, c) && h >= Math.max(o, c) && (volume[i] ?? NaN) >= 0).toBe(true);
            for (const price of [o, h, l, c]) expect(Math.abs(price * 10 - Math.round(price * 10))).toBeLessThan(1e-9);
          }
        });
        expect(changed).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });

  it('corrupts funding, marks and other prices too, but not who is listed', () => {
    const chunk = (kind: Chunk['kind']): Chunk => ({
      kind,
      symbol: 'AAA',
      rows: 4,
      ts: Float64Array.of(1, 2, 3, 4),
      columns: [Float64Array.of(1, 1, 1, 1), Float64Array.of(5, 5, 5, 5)],
    });
    for (const kind of ['funding', 'mark', 'index', 'open-interest', 'trades'] as const) {
      const [after] = corruptAfter([chunk(kind)], 2, () => 0.1, 1);
      const values = [...(after?.columns[0] ?? [])];
      expect(values.slice(0, 2)).toEqual([1, 1]);
      expect(
        values.slice(2).every(value => value !== 1),
        kind,
      ).toBe(true);
    }
    expect(corruptAfter([chunk('universe')], 2, () => 0.1, 1)).toEqual([chunk('universe')]);
  });

  it('corrupts a funding rate that settled before and is published after, and no other', () => {
    const funding: Chunk = {
      kind: 'funding',
      symbol: 'AAA',
      rows: 3,
      ts: Float64Array.of(1 * HOUR, 2 * HOUR, 3 * HOUR),
      columns: [Float64Array.of(1, 1, 1), Float64Array.of(5, 5, 5)],
    };
    const ratesAt = (cut: number, delay: number): boolean[] =>
      [...(corruptAfter([funding], cut, () => 0.1, 1, delay)[0]?.columns[0] ?? [])].map(rate => rate === 1);
    expect(ratesAt(2 * HOUR, 0)).toEqual([true, true, false]);
    expect(ratesAt(2 * HOUR, HOUR)).toEqual([true, false, false]);
    expect(ratesAt(2 * HOUR, 2 * HOUR)).toEqual([false, false, false]);
  });

  it('is the same nonsense for the same seed', () => {
    const { chunks } = smallMarket(5, 60, 2);
    const cut = (chunks[0]?.ts[30] ?? 0) + HOUR;
    expect(corruptAfter(chunks, cut, () => 0.1, 1)).toEqual(corruptAfter(chunks, cut, () => 0.1, 1));
    expect(corruptAfter(chunks, cut, () => 0.1, 2)).not.toEqual(corruptAfter(chunks, cut, () => 0.1, 1));
  });
});

describe('verifying causality', () => {
  it('passes what looks at the present only, and says how much it compared', async () => {
    const verdict = await check(() =>
      defineStrategy({ name: 'honest', params: {}, decide: bar => target(bar.symbol, bar.close > bar.open ? 1 : -1) }),
    );
    expect(verdict.leaks).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(verdict.cuts.length).toBe(6);
    expect(verdict.compared).toBeGreaterThan(500);
  });

  const leaks: Record<string, (data: readonly Chunk[]) => Strategy> = {
    'the next funding rate': data => {
      const { ts, columns } = of(data, 'funding');
      return defineStrategy({
        name: 'knows-funding',
        params: {},
        decide: bar => target(bar.symbol, (columns[0]?.[ts.findIndex(t => t > bar.ts)] ?? 0) > 0 ? -1 : 1),
      });
    },
    'the volume of the bar under way': data => {
      const { ts, columns } = of(data, 'bars');
      return defineStrategy({
        name: 'knows-volume',
        params: {},
        decide: bar => target(bar.symbol, (columns[4]?.[ts.findIndex(t => t >= bar.ts)] ?? 0) > 500 ? 1 : 0),
      });
    },
    'a later mark price': data => {
      const { ts, columns } = of(data, 'mark');
      return defineStrategy({
        name: 'knows-mark',
        params: {},
        decide: bar => target(bar.symbol, (columns[0]?.[ts.findIndex(t => t > bar.ts)] ?? 0) > bar.close ? 1 : -1),
      });
    },
    'the future in an indicator that it does not trade on': data => {
      const { ts, columns } = of(data, 'bars');
      return defineStrategy({
        name: 'sees-ahead',
        params: {},
        indicators: () => ({ ahead: scalar('ahead', 1, () => bar => columns[3]?.[ts.findIndex(t => t >= bar.ts)] ?? NaN) }),
        decide: () => undefined,
      });
    },
    'the future in a note': data => {
      const { ts, columns } = of(data, 'bars');
      return defineStrategy({
        name: 'notes-ahead',
        params: {},
        decide: (bar, _, { note }) => note(`next close ${columns[3]?.[ts.findIndex(t => t >= bar.ts)] ?? NaN}`),
      });
    },
  };
  for (const [name, strategyOn] of Object.entries(leaks))
    it(`catches a strategy that knows ${name}, and says when`, async () => {
      const verdict = await check(strategyOn);
      expect(verdict.ok).toBe(false);
      for (const leak of verdict.leaks) expect(leak.ts).toBeLessThanOrEqual(leak.cut);
      expect(verdict.leaks[0]?.what).toMatch(/ at 2024-01-\d\d \d\d:\d\d was ".*" and is ".*" when only data after /);
    });

  it('catches a strategy that is not the same twice', async () => {
    let run = 0;
    const verdict = await check(() => {
      const own = ++run;
      return defineStrategy({ name: 'moody', params: {}, decide: bar => target(bar.symbol, (bar.openTime / HOUR + own) % 2) });
    });
    expect(verdict.ok).toBe(false);
  });

  it('catches what only a repetition of the same run shows', async () => {
    let run = 0;
    const verdict = await check(() => {
      const own = ++run;
      return defineStrategy({ name: 'tires', params: {}, decide: bar => target(bar.symbol, own > 7 ? 0 : (bar.openTime / HOUR) % 2) });
    });
    // One base run and six corrupted ones come before the repetition.
    expect([run, verdict.ok]).toEqual([8, false]);
  });

  it('does not blame a strategy for fills at the open of the next bar, which is the future already', async () => {
    const instant = { latency: { kind: 'constant', order: 0, cancel: 0, report: 0 } };
    const verdict = await check(
      () => defineStrategy({ name: 'restless', params: {}, decide: bar => target(bar.symbol, (bar.openTime / HOUR) % 2) }),
      43,
      instant,
    );
    expect(verdict.leaks).toEqual([]);
  });

  it('holds with late publication of bars and funding', async () => {
    const strategy = defineStrategy({
      name: 'late',
      params: {},
      decide: (bar, _, { funding }) => target(bar.symbol, (funding(bar.symbol)?.rate ?? 0) > 0 ? -0.5 : bar.close > bar.open ? 1 : 0),
    });
    const verdict = await check(() => strategy, 42, { delays: { bars: 60_000, funding: 2 * HOUR, mark: 0 } });
    expect(verdict.leaks).toEqual([]);
  });
});
