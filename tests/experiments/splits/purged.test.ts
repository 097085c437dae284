import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anchored } from '../../../src/experiments/splits/anchored.js';
import { combinatorialPurged } from '../../../src/experiments/splits/combinatorial-purged.js';
import type { SplitFold } from '../../../src/experiments/splits/fold.js';
import { nested } from '../../../src/experiments/splits/nested.js';
import { purgedKFold } from '../../../src/experiments/splits/purged-k-fold.js';
import { rolling } from '../../../src/experiments/splits/rolling.js';
import { DAY, HOUR } from '../../../src/time.js';
import { barsIn, firstLeak, hourly, isOrdered, splitCases } from './split-market.js';

const days = (n: number) => hourly(Array.from({ length: 24 * n }, () => 1));

/** n over k by Pascal's triangle. */
const pascal = (n: number, k: number): number => (k === 0 || k === n ? 1 : pascal(n - 1, k - 1) + pascal(n - 1, k));

/** How often each bar is tested. */
const timesTested = (opens: Float64Array, folds: readonly SplitFold[]): number[] => {
  const times = Array.from(opens, () => 0);
  for (const { test } of folds) for (const bar of barsIn(opens, test)) times[bar]!++;
  return times;
};

describe('purged k-fold', () => {
  const cases = fc.record({ one: splitCases(60, 120, 4), folds: fc.integer({ min: 2, max: 6 }) });

  test('shares no outcome between training and test, and keeps the embargo', () => {
    fc.assert(
      fc.property(cases, ({ one, folds }) => {
        for (const fold of purgedKFold(one.calendar, { folds, ...one.options })) {
          expect(firstLeak(one, fold.train, fold.test)).toBeNull();
          expect(isOrdered(fold.train, one.calendar) && isOrdered(fold.test, one.calendar)).toBe(true);
        }
      }),
    );
  });

  test('tests every bar exactly once, in folds whose sizes differ by one at most', () => {
    fc.assert(
      fc.property(cases, ({ one, folds }) => {
        const { opens } = one.calendar;
        const split = purgedKFold(one.calendar, { folds, ...one.options });
        expect(new Set(timesTested(opens, split))).toEqual(new Set([1]));
        const sizes = split.map(fold => barsIn(opens, fold.test).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(split.map(({ index }) => index)).toEqual([...split.keys()]);
      }),
    );
  });

  test('drops no more than the gap asks for, where it counts bars', () => {
    fc.assert(
      fc.property(cases, ({ one, folds }) => {
        fc.pre(one.inBars);
        const { opens } = one.calendar;
        for (const fold of purgedKFold(one.calendar, { folds, ...one.options })) {
          const tested = barsIn(opens, fold.test);
          const far = [...opens.keys()].filter(i => tested.every(j => Math.abs(i - j) > one.purge + one.embargo));
          expect(barsIn(opens, fold.train)).toEqual(far);
        }
      }),
    );
  });

  test('has as its last fold the last step of an anchored walk with the same gaps', () => {
    const calendar = days(100);
    const gaps = { purge: '2d', embargo: '1d' };
    const { train, test: tested } = purgedKFold(calendar, { folds: 5, ...gaps }).at(-1)!;
    const walk = anchored(calendar, { train: '80d', test: '20d', ...gaps })[0]!;
    expect(train).toEqual([walk.train]);
    expect(tested).toEqual([walk.test]);
  });

  test('a hundred days in five folds, written out', () => {
    const calendar = days(100);
    const day = (n: number): number => calendar.from + n * DAY;
    const folds = purgedKFold(calendar, { folds: 5, purge: '2d', embargo: '1d' });
    expect(folds[0]).toEqual({ index: 0, train: [{ from: day(23), to: day(100) }], test: [{ from: day(0), to: day(20) }] });
    expect(folds[2]).toEqual({
      index: 2,
      train: [
        { from: day(0), to: day(37) },
        { from: day(63), to: day(100) },
      ],
      test: [{ from: day(40), to: day(60) }],
    });
  });

  test('drops a bar that is still open when the purge begins', () => {
    const calendar = days(10);
    const [, second] = purgedKFold(calendar, { folds: 2, purge: '90m' });
    expect(second!.train).toEqual([{ from: calendar.from, to: calendar.from + 5 * DAY - 2 * HOUR }]);
  });

  test('says what is wrong when history is too short or the options are none', () => {
    const calendar = hourly([1, 1, 1, 1]);
    expect(() => purgedKFold(calendar, { folds: 5 })).toThrow('4 bars do not make 5 groups');
    expect(() => purgedKFold(calendar, { folds: 2, purge: 1, embargo: 1 })).toThrow('nothing to train on in fold 0');
    expect(() => purgedKFold(calendar, { folds: 1 })).toThrow('1 is not a number of folds');
    expect(() => purgedKFold(calendar, { folds: 2.5 })).toThrow('2.5 is not a number of folds');
    expect(() => purgedKFold(calendar, { folds: 2, purge: 'soon' })).toThrow('not a duration');
    expect(() => purgedKFold({ from: 0, to: DAY }, { folds: 2 })).toThrow('needs the bars');
    expect(() => purgedKFold({ from: 0, to: DAY, opens: new Float64Array(0) }, { folds: 2 })).toThrow('no bars to split');
  });
});

describe('combinatorial purged cross-validation', () => {
  const cases = fc
    .record({ one: splitCases(120, 160, 3), groups: fc.integer({ min: 3, max: 6 }), testGroups: fc.integer({ min: 1, max: 5 }) })
    .filter(({ groups, testGroups }) => testGroups < groups);

  test('has C(N, k) splits without a shared outcome, and k ÷ N × C(N, k) paths', () => {
    fc.assert(
      fc.property(cases, ({ one, groups, testGroups }) => {
        const { folds, paths } = combinatorialPurged(one.calendar, { groups, testGroups, ...one.options });
        expect(folds).toHaveLength(pascal(groups, testGroups));
        expect(new Set(folds.map(fold => fold.groups.join())).size).toBe(folds.length);
        expect(paths).toHaveLength((testGroups * pascal(groups, testGroups)) / groups);
        for (const { train, test: tested, groups: numbers } of folds) {
          expect(firstLeak(one, train, tested)).toBeNull();
          expect(isOrdered(train, one.calendar) && isOrdered(tested, one.calendar)).toBe(true);
          expect(numbers).toHaveLength(testGroups);
          expect(tested).toHaveLength(testGroups);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('tests every bar as often as there are paths, and once in each path, no test serving two paths', () => {
    fc.assert(
      fc.property(cases, ({ one, groups, testGroups }) => {
        const { opens } = one.calendar;
        const { folds, paths } = combinatorialPurged(one.calendar, { groups, testGroups, ...one.options });
        expect(new Set(timesTested(opens, folds))).toEqual(new Set([pascal(groups - 1, testGroups - 1)]));
        const used = new Set<string>();
        for (const path of paths) {
          const spans = path.map((fold, group) => {
            used.add(`${fold}/${group}`);
            return folds[fold]!.test[folds[fold]!.groups.indexOf(group)]!;
          });
          expect(spans[0]!.from).toBe(one.calendar.from);
          expect(spans.at(-1)!.to).toBe(one.calendar.to);
          for (let i = 1; i < spans.length; i++) expect(spans[i]!.from).toBe(spans[i - 1]!.to);
        }
        expect(used.size).toBe(paths.length * groups);
      }),
      { numRuns: 25 },
    );
  });

  test('assigns six groups tested in pairs to the five paths of the book', () => {
    const { folds, paths } = combinatorialPurged(days(60), { groups: 6, testGroups: 2 });
    expect(folds).toHaveLength(15);
    expect(paths).toHaveLength(5);
    // López de Prado (2018), §12.4.1: path 1 is S1 S1 S2 S3 S4 S5, path 2 is S2 S6 S6 S7 S8 S9, splits counted from 1.
    expect(paths[0]!.map(fold => fold + 1)).toEqual([1, 1, 2, 3, 4, 5]);
    expect(paths[1]!.map(fold => fold + 1)).toEqual([2, 6, 6, 7, 8, 9]);
  });

  test('is the purged k-fold and its one path when one group is tested at a time', () => {
    fc.assert(
      fc.property(splitCases(60, 120, 4), fc.integer({ min: 2, max: 6 }), (one, groups) => {
        const { folds, paths } = combinatorialPurged(one.calendar, { groups, testGroups: 1, ...one.options });
        expect(folds.map(({ index, train, test: tested }) => ({ index, train, test: tested }))).toEqual(
          purgedKFold(one.calendar, { folds: groups, ...one.options }),
        );
        expect(paths).toEqual([[...Array(groups).keys()]]);
      }),
      { numRuns: 30 },
    );
  });

  test('trains on every bar that no test is near to', () => {
    fc.assert(
      fc.property(cases, ({ one, groups, testGroups }) => {
        fc.pre(one.inBars);
        const { opens } = one.calendar;
        for (const fold of combinatorialPurged(one.calendar, { groups, testGroups, ...one.options }).folds) {
          const tested = barsIn(opens, fold.test);
          const far = [...opens.keys()].filter(i => tested.every(j => Math.abs(i - j) > one.purge + one.embargo));
          expect(barsIn(opens, fold.train)).toEqual(far);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('refuses what it cannot split', () => {
    const calendar = days(10);
    expect(() => combinatorialPurged(calendar, { groups: 4, testGroups: 4 })).toThrow('leaves none to train on');
    expect(() => combinatorialPurged(calendar, { groups: 4, testGroups: 0 })).toThrow('0 is not a number of test groups');
    expect(() => combinatorialPurged(calendar, { groups: 30, testGroups: 10 })).toThrow('more than 10000 splits');
    expect(() => combinatorialPurged(calendar, { groups: 241, testGroups: 1 })).toThrow('240 bars do not make 241 groups');
    expect(() => combinatorialPurged(calendar, { groups: 3, testGroups: 2, purge: '2d' })).toThrow('nothing to train on in fold 1');
  });
});

describe('nested folds', () => {
  const cases = fc.record({ one: splitCases(150, 200, 3), folds: fc.integer({ min: 2, max: 4 }) });

  test('lie inside the outer training, leak nothing within it, and test each of its bars once', () => {
    fc.assert(
      fc.property(cases, ({ one, folds }) => {
        const { opens } = one.calendar;
        const outer = [
          ...purgedKFold(one.calendar, { folds: 3, ...one.options }),
          ...combinatorialPurged(one.calendar, { groups: 4, testGroups: 2, ...one.options }).folds,
        ];
        for (const { outer: whole, inner } of nested(one.calendar, outer, { folds, ...one.options })) {
          expect(inner).toHaveLength(folds);
          const allowed = barsIn(opens, whole.train);
          expect(inner.flatMap(fold => barsIn(opens, fold.test))).toEqual(allowed);
          for (const { train, test: tested } of inner) {
            for (const span of [...train, ...tested])
              expect(whole.train.some(({ from, to }) => span.from >= from && span.to <= to && span.from < span.to)).toBe(true);
            expect(firstLeak(one, train, tested)).toBeNull();
            expect(firstLeak(one, train, whole.test)).toBeNull();
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test('lie inside the training windows of walks too, wherever those end', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(rolling, anchored), ({ one, folds }, walk) => {
        const outer = walk(one.calendar, { ...(one.inBars ? { train: 60, test: 23 } : { train: '60h', test: '23h' }), ...one.options });
        const long = outer.filter(({ train }) => barsIn(one.calendar.opens, [train]).length >= 15 * folds);
        for (const { outer: whole, inner } of nested(one.calendar, long, { folds, ...one.options }))
          for (const { train, test: tested } of inner) {
            expect(isOrdered(train, whole.train) && isOrdered(tested, whole.train)).toBe(true);
            expect(firstLeak(one, train, tested)).toBeNull();
          }
      }),
      { numRuns: 50 },
    );
  });

  test('refuse a training that is too short to be split again', () => {
    const calendar = days(4);
    const outer = rolling(calendar, { train: '4h', test: '1d' });
    expect(() => nested(calendar, outer, { folds: 5 })).toThrow('4 bars do not make 5 groups');
    expect(() => nested(calendar, outer, { folds: 2, purge: '2h' })).toThrow('nothing to train on in fold 0');
  });
});
