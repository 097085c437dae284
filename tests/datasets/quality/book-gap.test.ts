import { describe, expect, it } from 'vitest';
import { bookGap } from '../../../src/datasets/quality/book-gap.js';
import type { Series } from '../../../src/datasets/series.js';

type Ids = readonly [first: number, last: number, previous: number, snapshot?: boolean];

const bookOf = (messages: readonly Ids[]): Series => {
  const column = (of: (ids: Ids) => number): Float64Array => Float64Array.from(messages, of);
  const ones = column(() => 1);
  return {
    kind: 'book',
    symbol: 'A/B',
    rows: messages.length,
    ts: column(([, last]) => last),
    columns: [
      ones,
      ones,
      ones,
      column(ids => (ids[3] === true ? 1 : 0)),
      column(ids => ids[0]),
      column(ids => ids[1]),
      column(ids => ids[2]),
    ],
  };
};

const gaps = (...messages: Ids[]): number =>
  bookGap(bookOf(messages), { file: 'f', exchange: 'x', step: NaN, naive: false, locate: () => ({ file: 'f' }) })[0]?.count ?? 0;

describe('a book with updates missing', () => {
  it('is found by the id that each update names before it', () => {
    expect(gaps([3, 5, 2], [7, 9, 5], [11, 12, 9])).toBe(0);
    expect(gaps([3, 5, 2], [7, 9, 6], [11, 12, 9])).toBe(1);
  });

  it('is found by ids that do not go on', () => {
    expect(gaps([3, 5, NaN], [6, 9, NaN], [4, 4, NaN, true], [10, 12, NaN])).toBe(0);
    expect(gaps([3, 5, NaN], [7, 9, NaN], [10, 12, NaN])).toBe(1);
  });

  it('is found by ids that fall, unless a snapshot begins anew', () => {
    expect(gaps([NaN, 5, NaN], [NaN, 6, NaN], [NaN, 1, NaN, true], [NaN, 2, NaN])).toBe(0);
    expect(gaps([NaN, 5, NaN], [NaN, 6, NaN], [NaN, 2, NaN])).toBe(1);
  });
});
