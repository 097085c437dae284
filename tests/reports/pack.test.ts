import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packRows } from '../../src/reports/pack.js';
import type { PackedColumn, PackedRows } from '../../src/reports/pack.js';

const isPlain = (column: PackedColumn): column is readonly (number | string | boolean | null)[] => Array.isArray(column);

const column = (packed: PackedRows, name: string): readonly unknown[] => {
  const values = packed.columns[name]!;
  if (isPlain(values)) return values;
  if ('words' in values) return values.which.map(i => values.words[i]);
  return Array.from({ length: packed.rows }, (_, i) => values.steps.slice(0, i).reduce((a, b) => a + b, values.first));
};

describe('rows stored by column', () => {
  test('come back: times exactly, text exactly, numbers to seven digits', () => {
    const row = fc.record({
      ts: fc.integer({ min: 0, max: 4e12 }),
      value: fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
      name: fc.string(),
      on: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), rows => {
        const packed = packRows(rows);
        expect(packed.rows).toBe(rows.length);
        if (rows.length === 0) return;
        expect(column(packed, 'ts')).toEqual(rows.map(r => r.ts));
        expect(column(packed, 'name')).toEqual(rows.map(r => r.name));
        expect(column(packed, 'on')).toEqual(rows.map(r => r.on));
        column(packed, 'value').forEach((value, i) => {
          const real = rows[i]!.value;
          expect(Math.abs(Number(value) - real)).toBeLessThanOrEqual(Math.abs(real) * 5e-7);
        });
      }),
    );
  });

  test('hold null for what is missing, NaN or infinite', () => {
    const packed = packRows([{ a: 1, b: null }, { a: NaN }, { a: Infinity, b: 2 }]);
    expect(column(packed, 'a')).toEqual([1, null, null]);
    expect(column(packed, 'b')).toEqual([null, null, 2]);
  });

  test('keep fractional times', () => {
    expect(column(packRows([{ ts: 0.5 }, { ts: 1.25 }]), 'ts')).toEqual([0.5, 1.25]);
  });
});
