import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLayout, CsvParser } from '../../../src/datasets/import/csv.js';
import type { ColumnPlan, Table } from '../../../src/datasets/import/table.js';

const parse = (text: string, roles: readonly (ColumnPlan['role'] | 'skip')[], pieces: readonly number[] = [], cut = false): Table => {
  const { layout } = csvLayout(text, true, 'x.csv');
  const plans = roles.flatMap((role, index) => (role === 'skip' ? [] : [{ index, name: `c${index}`, role }]));
  const parser = new CsvParser(layout, plans);
  const bytes = Buffer.from(text);
  let at = 0;
  for (const size of pieces) {
    parser.push(bytes.subarray(at, at + size));
    at += size;
  }
  parser.push(bytes.subarray(Math.min(at, bytes.length)));
  return parser.end(cut);
};
const column = (table: Table, slot: number): number[] => [...(table.columns[slot]?.values ?? [])];

describe('CSV', () => {
  test('every decimal number is read to the same double as JavaScript reads it', () => {
    const decimal = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.integer({ min: 0, max: 999_999_999 }),
        fc.option(fc.stringMatching(/^\d{1,12}$/), { nil: undefined }),
      )
      .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`);
    const other = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(decimal, other), fc.oneof(decimal, other)), { minLength: 1, maxLength: 50 }), rows => {
        const table = parse(`a,b\n${rows.map(row => row.join(',')).join('\n')}\n`, ['number', 'number']);
        expect(column(table, 0)).toEqual(rows.map(([a]) => Number(a)));
        expect(column(table, 1)).toEqual(rows.map(([, b]) => Number(b)));
      }),
    );
  });

  test('the table does not depend on where the file is cut into chunks', () => {
    const text =
      '\ufeffjunk line\r\ntime,name,price\r\n2024-01-01 00:00,"a, ""quoted""",1.5\r\n\r\n2024-01-01 01:00,b,2e3\r\n2024-01-01 02:00,b\r\n2024-01-01 03:00,c,x\r\n';
    const body = text.slice(1);
    const whole = parse(body, ['time', 'category', 'number']);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 20 }), pieces => {
        expect(parse(body, ['time', 'category', 'number'], pieces)).toEqual(whole);
      }),
    );
    expect(column(whole, 0)).toEqual([0, 1, 3].map(h => Date.UTC(2024, 0, 1, h)));
    expect(whole.columns[1]?.labels).toEqual(['a, "quoted"', 'b', 'c']);
    expect(column(whole, 2)).toEqual([1.5, 2000, NaN]);
    expect([...whole.lines]).toEqual([3, 5, 7]);
    expect(whole.faults).toEqual([{ code: 'wrong-field-count', first: 6, count: 1, text: '2024-01-01 02:00,b' }]);
    expect([...whole.malformed.values()]).toEqual(['x']);
  });

  test('junk before the header, the delimiter and a missing header are told from the lines', () => {
    const cdd = csvLayout('Timestamps are UTC timezone,https://x\ndate,symbol,open\n2019-10-17 09-AM,BTCUSD,8051\n', true, 'x');
    expect(cdd.layout).toMatchObject({ fields: 3, firstLine: 3, junk: ['Timestamps are UTC timezone,https://x'] });
    expect(cdd.sample.header).toEqual(['date', 'symbol', 'open']);
    const semicolons = csvLayout('ts;price\n1;2\n3;4\n', true, 'x');
    expect(semicolons.layout.delimiter).toBe(';'.charCodeAt(0));
    expect(csvLayout('1,2,3\n4,5,6\n', true, 'x').sample.header).toBeUndefined();
    expect(() => csvLayout('hello\nworld\n', true, 'x')).toThrow(/one field each/);
    expect(() => csvLayout('\n\n', true, 'x')).toThrow(/no rows/);
  });

  test('a last line without its end is read when whole, dropped when half written or when the file was cut', () => {
    const text = 'a,b\n1,2\n3,4';
    expect(column(parse(text, ['number', 'number']), 1)).toEqual([2, 4]);
    const half = parse('a,b\n1,2\n3', ['number', 'number']);
    expect(column(half, 0)).toEqual([1]);
    expect(half.faults).toMatchObject([{ code: 'half-written-line', first: 3, text: '3' }]);
    const broken = parse('a,b\n1,2\n3,-', ['number', 'number']);
    expect(broken.rows).toBe(1);
    expect(broken.faults).toMatchObject([{ code: 'half-written-line', first: 3 }]);
    const cut = parse(text, ['number', 'number'], [], true);
    expect(cut.rows).toBe(1);
    expect(cut.faults).toMatchObject([{ code: 'half-written-line', first: 3, text: '3,4' }]);
  });
});
