import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bp,
  bytes,
  count,
  countdown,
  money,
  NONE,
  percent,
  price,
  quantity,
  span,
  utc,
  utcClock,
} from '../../../src/dashboard/web/parts/figures.js';
import { ordered } from '../../../src/dashboard/web/parts/row-order.js';
import { changedFrom, mergeBars } from '../../../src/dashboard/web/charts/candle-data.js';
import { addPoint, joinEquity } from '../../../src/dashboard/web/overview/equity-line.js';
import { freshFacts } from '../../../src/dashboard/web/state/fresh-facts.js';
import { dataState } from '../../../src/dashboard/web/shell/data-age.js';

test('figures are written as traders read them', () => {
  expect([money(1234567.891), money(-0.5, true), money(12, true), money(0, true), money(-0.001234)]).toEqual([
    '1,234,567.89',
    '−0.500',
    '+12.00',
    '0.00',
    '−0.00123',
  ]);
  expect([price(96_512.34), price(1.23456789), price(0.0123456)]).toEqual(['96,512.34', '1.2346', '0.012346']);
  expect([quantity(0.25, true), quantity(-4.2, true), quantity(12345.678)]).toEqual(['+0.25', '−4.2', '12,345.68']);
  expect([percent(0.1234), percent(-0.00001, 2, true), percent(0.5, 0, true), bp(0.00032)]).toEqual(['12.34%', '0.00%', '+50%', '3.2 bp']);
  expect([count(12_345.4), bytes(1_234_567), bytes(12)]).toEqual(['12,345', '1.2 MB', '12 B']);
  expect([utc(0), utcClock(45_296_000)]).toEqual(['1970-01-01 00:00:00', '12:34:56']);
  expect([span(340), span(12_000), span(90_061_000), span(-5000), countdown(14_347_000), countdown(-5)]).toEqual([
    '340 ms',
    '12 s',
    '1 d 1 h',
    '−5 s',
    '03:59:07',
    '00:00:00',
  ]);
});

test('what is no number is a dash, whatever writes it', () => {
  for (const write of [money, price, quantity, percent, bp, count, bytes, utc, span, countdown])
    for (const nothing of [null, undefined, Number.NaN, Infinity, -Infinity]) expect(write(nothing)).toBe(NONE);
});

test('a written amount reads back as the amount, to its last digit', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), value => {
      const text = money(value);
      const digits = text.split('.')[1]?.length ?? 0;
      const read = Number(text.replace('−', '-').replaceAll(',', ''));
      expect(Math.abs(read - value)).toBeLessThanOrEqual(0.5000001 * 10 ** -digits);
      expect(/^[−\d,.]+$/.test(text)).toBe(true);
      expect(text.startsWith('−0.00') && !/[1-9]/.test(text)).toBe(false);
    }),
  );
});

test('rows are ordered by a column, nothing last, and equal rows keep their order', () => {
  const value = fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.NaN)), { nil: null });
  fc.assert(
    fc.property(fc.array(value), fc.boolean(), (values, down) => {
      const rows = values.map((by, at) => ({ by, at }));
      const result = ordered(rows, row => row.by, down);
      // A slow sort by insertion, one row at a time.
      const isNothing = (by: number | null): boolean => by === null || Number.isNaN(by);
      const slow: typeof rows = [];
      for (const row of rows) {
        let to = slow.length;
        while (to > 0) {
          const before = slow[to - 1]!;
          const after = isNothing(row.by) ? false : isNothing(before.by) ? true : down ? row.by! > before.by! : row.by! < before.by!;
          if (!after) break;
          to--;
        }
        slow.splice(to, 0, row);
      }
      expect(result).toEqual(slow);
    }),
  );
});

test('facts that come again after a cut are taken once, and in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(8))), chunks => {
      let heard = 0;
      const taken: number[] = [];
      // A server tells from anywhere at or before what was heard on: overlaps, but no gap.
      for (const [back, length] of chunks) {
        const from = Math.max(0, heard - back);
        const fresh = freshFacts(
          Array.from({ length }, (_, at) => ({ position: from + at + 1 })),
          heard,
        );
        taken.push(...fresh.map(({ position }) => position));
        heard = taken.at(-1) ?? 0;
      }
      expect(taken).toEqual(taken.map((_, at) => at + 1));
    }),
  );
});

const column = (ts: readonly number[], close: readonly number[]) => ({
  ts: [...ts],
  open: [...close],
  high: [...close],
  low: [...close],
  close: [...close],
  volume: ts.map(() => 1),
});

test('the newest bars of the stream replace those of the same open and follow the others', () => {
  const history = column([1, 2, 3], [10, 20, 30]);
  const tick = column([3, 4], [31, 40]);
  expect(mergeBars(history, tick)).toMatchObject({ ts: [1, 2, 3, 4], close: [10, 20, 31, 40] });
  expect(mergeBars(history, column([], []))).toBe(history);
  expect(mergeBars(null, tick)).toBe(tick);
});

test('a chart draws anew only what changed, and everything when bars were missed', () => {
  const before = column([1, 2, 3], [10, 20, 30]);
  expect(changedFrom(before, column([1, 2, 3, 4], [10, 20, 31, 40]))).toBe(2);
  expect(changedFrom(before, column([1, 2, 3], [10, 21, 30]))).toBeNull();
  expect(changedFrom(before, column([2, 3, 4], [20, 30, 40]))).toBeNull();
  expect(changedFrom(null, before)).toBeNull();
});

test('a live line grows by market time, keeps its newest point, and never grows without end', () => {
  let line: { readonly ts: readonly number[]; readonly equity: readonly number[] } = { ts: [], equity: [] };
  for (let second = 0; second < 86_400 * 4; second += 30) line = addPoint(line, second * 1000, second, 60_000);
  expect(line.ts.length).toBeLessThanOrEqual(4001);
  expect(line.equity.at(-1)).toBe(86_400 * 4 - 30);
  expect(new Set(line.ts).size).toBe(line.ts.length);
  expect(line.ts).toEqual([...line.ts].sort((a, b) => a - b));
  expect(addPoint(line, 0, 5, 60_000)).toBe(line);
  const joined = joinEquity({ ts: [1000, 2000], equity: [1, 2] }, { ts: [1500, 3000], equity: [9, 3] });
  expect(joined).toMatchObject({ ts: [1000, 2000, 3000], equity: [1, 2, 3] });
});

test('figures are called old only where something should have come', () => {
  const base = { connection: 'live', isRunning: true, heardAt: 1000, cutAt: 0, now: 2000 } as const;
  expect(dataState(base)).toEqual({ state: 'live', forMs: 0 });
  expect(dataState({ ...base, now: 21_000 })).toEqual({ state: 'old', forMs: 20_000 });
  expect(dataState({ ...base, isRunning: false, now: 21_000 }).state).toBe('live');
  expect(dataState({ ...base, connection: 'cut', cutAt: 5000, now: 9000 })).toEqual({ state: 'cut', forMs: 4000 });
});
