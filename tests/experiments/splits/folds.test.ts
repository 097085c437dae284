import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anchored } from '../../../src/experiments/splits/anchored.js';
import type { Calendar } from '../../../src/experiments/splits/calendar.js';
import type { Fold } from '../../../src/experiments/splits/fold.js';
import { rolling } from '../../../src/experiments/splits/rolling.js';
import type { WalkOptions } from '../../../src/experiments/splits/walk.js';
import { DAY, HOUR } from '../../../src/time.js';

const START = Date.UTC(2024, 0, 1);
const kinds = [
  ['rolling', rolling],
  ['anchored', anchored],
] as const;

interface Case {
  readonly calendar: Calendar;
  readonly options: WalkOptions;
  /** In units of the extents: days, or bars. */
  readonly n: { readonly data: number; readonly train: number; readonly test: number; readonly purge: number; readonly embargo: number };
}

const sizes = fc
  .record({
    train: fc.integer({ min: 2, max: 200 }),
    test: fc.integer({ min: 1, max: 90 }),
    spare: fc.integer({ min: 0, max: 500 }),
    gap: fc.double({ min: 0, max: 0.99, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ train, test: length, spare, gap, share }) => {
    const both = Math.min(train - 1, Math.floor(train * gap));
    const purge = Math.floor(both * share);
    return { data: train + length + spare, train, test: length, purge, embargo: both - purge };
  });

const byDuration: fc.Arbitrary<Case> = sizes.map(n => ({
  n,
  calendar: { from: START, to: START + n.data * DAY },
  options: { train: `${n.train}d`, test: `${n.test}d`, purge: `${n.purge}d`, embargo: `${n.embargo}d` },
}));

/** Hourly bars with holes, so that bars and hours differ. */
const byCount: fc.Arbitrary<Case> = fc.tuple(sizes, fc.infiniteStream(fc.integer({ min: 1, max: 3 }))).map(([n, steps]) => {
  const opens = new Float64Array(n.data);
  let ts = START;
  for (let i = 0; i < n.data; i++) {
    opens[i] = ts;
    ts += HOUR * (steps.next().value ?? 1);
  }
  return {
    n,
    calendar: { from: START, to: opens[n.data - 1]! + HOUR, opens },
    options: { train: n.train, test: n.test, purge: n.purge, embargo: n.embargo },
  };
});

/** Number of bars or days of a span. */
const lengthOf = ({ calendar: { opens } }: Case, { from, to }: Fold['train']): number =>
  opens ? opens.filter(open => open >= from && open < to).length : (to - from) / DAY;

describe.each(kinds)('%s windows', (kind, split) => {
  describe.each([
    ['durations', byDuration],
    ['numbers of bars', byCount],
  ])('by %s', (_, cases) => {
    test('lie within the data, with tests that follow one another and trainings that end purge and embargo before them', () => {
      fc.assert(
        fc.property(cases, one => {
          const { calendar, options, n } = one;
          const folds = split(calendar, options);
          folds.forEach(({ index, train, test: tested }, i) => {
            expect(index).toBe(i);
            expect(train.from).toBeGreaterThanOrEqual(calendar.from);
            expect(train.to).toBeGreaterThan(train.from);
            expect(tested.from).toBeGreaterThanOrEqual(train.to);
            expect(tested.to).toBeGreaterThan(tested.from);
            expect(tested.to).toBeLessThanOrEqual(calendar.to);
            expect(lengthOf(one, { from: train.to, to: tested.from })).toBe(n.purge + n.embargo);
            expect(lengthOf(one, tested)).toBe(n.test);
            if (i > 0) expect(tested.from).toBe(folds[i - 1]!.test.to);
          });
        }),
      );
    });

    test('are as many as fit: ⌊(data − train) ÷ test⌋, or one more where a shorter last one is wanted', () => {
      fc.assert(
        fc.property(cases, one => {
          const { calendar, options, n } = one;
          const spare = n.data - n.train;
          expect(split(calendar, options)).toHaveLength(Math.floor(spare / n.test));
          const partial = split(calendar, { ...options, partial: true });
          expect(partial).toHaveLength(Math.ceil(spare / n.test));
          expect(partial.at(-1)!.test.to).toBe(calendar.to);
        }),
      );
    });

    test('are reckoned per training window', () => {
      fc.assert(
        fc.property(cases, one => {
          const { n, calendar, options } = one;
          split(calendar, options).forEach(({ train }, i) => {
            if (kind === 'anchored') expect(train.from).toBe(calendar.from);
            const grown = kind === 'anchored' ? i * n.test : 0;
            expect(lengthOf(one, train)).toBe(n.train - n.purge - n.embargo + grown);
          });
        }),
      );
    });
  });

  test('refuse data that is too short, windows of nothing, and gaps that leave nothing to train on', () => {
    const calendar = { from: START, to: START + 30 * DAY };
    expect(() => split(calendar, { train: '20d', test: '11d' })).toThrow('too short');
    expect(() => split(calendar, { train: '40d', test: '1d' })).toThrow('too short');
    expect(() => split(calendar, { train: '10d', test: '0d' })).toThrow('cannot be empty');
    expect(() => split(calendar, { train: '10d', test: '5d', purge: '6d', embargo: '4d' })).toThrow('nothing to train on');
    expect(() => split(calendar, { train: '10d', test: '5 days' })).toThrow('not a duration');
    expect(() => split(calendar, { train: 10, test: 5 })).toThrow('need the bars');
    expect(() => split(calendar, { train: 1.5, test: '5d' })).toThrow('not a number of bars');
  });
});

test('a year of days with half a year of training and months of test, written out', () => {
  const calendar = { from: START, to: START + 365 * DAY };
  const day = (n: number): number => START + n * DAY;
  const [first, second, ...rest] = rolling(calendar, { train: '180d', test: '30d', purge: '2d', embargo: '1d' });
  expect(first).toEqual({ index: 0, train: { from: day(0), to: day(177) }, test: { from: day(180), to: day(210) } });
  expect(second).toEqual({ index: 1, train: { from: day(30), to: day(207) }, test: { from: day(210), to: day(240) } });
  expect(rest).toHaveLength(4);
  expect(anchored(calendar, { train: '180d', test: '30d' })[5]).toEqual({
    index: 5,
    train: { from: day(0), to: day(330) },
    test: { from: day(330), to: day(360) },
  });
});
