import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/events/market.js';
import { Tape, type TapeCursor } from '../../src/events/tape.js';

const chunk = (values: readonly number[], spare = 0): Chunk => ({
  kind: 'mark',
  symbol: 'AAA',
  rows: values.length,
  ts: Float64Array.from([...values, ...Array.from({ length: spare }, () => -1)]),
  columns: [],
});

const drain = (cursor: TapeCursor): number[] => {
  const seen: number[] = [];
  while (cursor.ready()) {
    seen.push(cursor.chunk?.ts[cursor.row] ?? NaN);
    cursor.row++;
  }
  return seen;
};

describe('a tape', () => {
  it('shows every row once, in order, however it was cut and whenever it was read', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(fc.nat(), { maxLength: 4 }), fc.boolean()), { maxLength: 12 }), pieces => {
        const tape = new Tape();
        const cursor = tape.cursor();
        const seen: number[] = [];
        for (const [values, reads] of pieces) {
          tape.append(chunk(values, 3));
          if (reads) seen.push(...drain(cursor));
        }
        seen.push(...drain(cursor));
        expect(seen).toEqual(pieces.flatMap(([values]) => values));
      }),
    );
  });

  it('keeps cursors apart, and starts one at what is appended from now on', () => {
    const tape = new Tape();
    const [first, second] = [tape.cursor(), tape.cursor()];
    tape.append(chunk([1, 2]));
    expect(drain(first)).toEqual([1, 2]);
    const late = tape.cursor();
    tape.append(chunk([3]));
    expect([drain(first), drain(second), drain(late)]).toEqual([[3], [1, 2, 3], [3]]);
    expect(first.ready()).toBe(false);
  });
});
