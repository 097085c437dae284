import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobRequest } from '../../../src/dashboard/api/research-api.js';
import { DATA_KINDS, dataFaults, dataRequest, EMPTY_DATA_DRAFT } from '../../../src/dashboard/web/data/dataset-form.js';
import { coverage, gapMarks } from '../../../src/dashboard/web/data/gap-spans.js';

const gap = (from: number, to: number, bars = 1) => ({ symbol: 'BTC/USDT:USDT', timeframe: '1h', from, to, bars });
const gaps = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 90 })), {
    maxLength: 200,
  })
  .map(drawn => drawn.map(([from, length, bars]) => gap(from, Math.min(10_000, from + length), bars)));

describe('gaps on a line of time', () => {
  it('loses no gap and no missing bar, and never has more marks than the line has pixels', () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 10, max: 800 }), (drawn, pixels) => {
        const marks = gapMarks(drawn, { from: 0, to: 10_000 }, pixels);
        expect(marks.length).toBeLessThanOrEqual(pixels);
        expect(marks.reduce((sum, mark) => sum + mark.gaps, 0)).toBe(drawn.length);
        expect(marks.reduce((sum, mark) => sum + mark.bars, 0)).toBe(drawn.reduce((sum, { bars }) => sum + bars, 0));
      }),
    );
  });

  it('draws every gap where it is, inside the line, from left to right without overlap', () => {
    fc.assert(
      fc.property(gaps, drawn => {
        const marks = gapMarks(drawn, { from: 0, to: 10_000 }, 100);
        marks.forEach((mark, at) => {
          expect(mark.left).toBeGreaterThanOrEqual(0);
          expect(mark.left + mark.width).toBeLessThanOrEqual(1 + 1e-9);
          const next = marks[at + 1];
          if (next !== undefined) expect(next.left).toBeGreaterThan(mark.left + mark.width);
        });
        for (const { from, to } of drawn) {
          const middle = Math.min(1 - 0.005, (from + to) / 2 / 10_000);
          expect(marks.some(mark => mark.left - 0.011 <= middle && middle <= mark.left + mark.width + 0.011)).toBe(true);
        }
      }),
    );
  });

  it('gives a gap of one bar among millions a pixel', () => {
    expect(gapMarks([gap(5, 6)], { from: 0, to: 1e9 }, 600)).toEqual([expect.objectContaining({ width: 1 / 600 })]);
  });

  it('counts what is there against what should be', () => {
    expect(coverage(90, [gap(0, 10, 10)])).toBe(0.9);
    expect(coverage(0, [])).toBe(1);
    expect(gapMarks([gap(0, 1)], { from: 5, to: 5 }, 100)).toEqual([]);
  });
});

describe('the form that pulls, makes and checks data', () => {
  it('makes requests that the server takes, whatever is typed, unless it names a fault', () => {
    const texts = fc.oneof(fc.constantFrom('', 'btc', '1h', '2024-01-01', '2024-02-01', '500', 'BTC/USDT:USDT', 'bybit'), fc.string());
    fc.assert(
      fc.property(
        fc.constantFrom(...DATA_KINDS),
        fc.record({ dataset: texts, exchange: texts, symbol: texts, timeframe: texts, from: texts, to: texts, bars: texts, seed: texts }),
        (kind, typed) => {
          const draft = { ...EMPTY_DATA_DRAFT, kind, ...typed };
          if (Object.keys(dataFaults(draft)).length > 0) return;
          expect(JobRequest.safeParse(dataRequest(draft)).error?.issues ?? []).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('names what a pull lacks', () => {
    expect(Object.keys(dataFaults({ ...EMPTY_DATA_DRAFT, kinds: [] })).sort()).toEqual(['dataset', 'from', 'kinds']);
    expect(dataFaults({ ...EMPTY_DATA_DRAFT, dataset: 'btc', from: '2024-01-01', to: '2023-01-01' })).toEqual({
      to: 'After the beginning',
    });
  });
});
