import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { appliedTo } from '../../src/features/applied-to.js';
import { computeColumns } from '../../src/features/batch.js';
import { featureColumns, fromTable, toTable, type ColumnTable } from '../../src/features/columns.js';
import { rsi } from '../../src/features/momentum/rsi.js';
import { donchian } from '../../src/features/trend/donchian.js';
import { sma } from '../../src/features/trend/sma.js';
import { chunkOf, randomSeries, valuesOf } from './bar-series.js';

describe('features by column', () => {
  it('a chunk with spare room counts only its rows', () => {
    const chunk = chunkOf(randomSeries(1, 50));
    const [column] = computeColumns(sma(3), { ...chunk, rows: 30 });
    expect(column).toEqual(computeColumns(sma(3), chunk)[0]?.slice(0, 30));
  });

  it('a chunk that is not of bars is refused', () => {
    expect(() => computeColumns(sma(3), { ...chunkOf({ close: [1] }), kind: 'trades' })).toThrow(TypeError);
  });

  it('one feature over another equals the second over a series of the first', () => {
    const series = randomSeries(2, 60);
    const strength = valuesOf(rsi(14), series);
    const expected = valuesOf(sma(5), { close: strength.slice(14) });
    expect(valuesOf(appliedTo(sma(5), rsi(14)), series).slice(14)).toEqual(expected);
  });
});

describe('tables', () => {
  const table = (columns: Readonly<Record<string, ArrayLike<unknown>>>): ColumnTable => ({
    columnNames: () => Object.keys(columns),
    array: name => columns[name] ?? [],
  });

  it('hold time, bars and each output under its name', () => {
    const chunk = chunkOf(randomSeries(3, 40));
    const columns = featureColumns([sma(5), donchian(5)], chunk);
    expect(Object.keys(columns)).toEqual([
      'ts',
      'open',
      'high',
      'low',
      'close',
      'volume',
      'sma(5)',
      'donchian(5).upper',
      'donchian(5).lower',
      'donchian(5).middle',
    ]);
    expect(columns['donchian(5).lower']).toEqual(computeColumns(donchian(5), chunk)[1]);
    expect(Object.values(columns).every(column => column.length === 40)).toBe(true);
    expect(fromTable(table(columns))).toEqual(columns);
  });

  it('give numbers for dates, flags, big integers and what is missing', () => {
    const read = fromTable(table({ when: [new Date(5), null], flag: [true, false], id: [7n, undefined], name: ['a', 'b'] }), [
      'when',
      'flag',
      'id',
    ]);
    expect(read).toEqual({ when: Float64Array.of(5, NaN), flag: Float64Array.of(1, 0), id: Float64Array.of(7, NaN) });
  });

  it('are refused where they hold text or lack a column', () => {
    expect(() => fromTable(table({ x: [1, 'one'] }))).toThrow('Column "x" of the table holds "one" in row 2, which is not a number.');
    expect(() => fromTable(table({ x: [1] }), ['y'])).toThrow(UserError);
  });
});

describe('Arquero', () => {
  it('takes features in and gives filtered rows back', () => {
    const chunk = chunkOf(randomSeries(3, 40));
    const frame = toTable([sma(3)], chunk);
    expect(frame.numRows()).toBe(40);
    const { ts, 'sma(3)': mean } = fromTable(frame.slice(10, 15).select('ts', 'sma(3)'));
    expect(ts).toEqual(chunk.ts.slice(10, 15));
    expect(mean).toEqual(computeColumns(sma(3), chunk)[0]?.slice(10, 15));
  });
});
