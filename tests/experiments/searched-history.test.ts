import { describe, expect, test } from 'vitest';
import { onSameDates, searchedHistory as joined } from '../../src/experiments/searched-history.js';
import type { TrainedConfiguration } from '../../src/experiments/searched-history.js';
import { DAY } from '../../src/time.js';

const searchedHistory = (folds: readonly (readonly TrainedConfiguration[])[]) => joined(folds.map(onSameDates));

/** Days `from` to `to` − 1 of configuration `k`: the return of a day is k + day ÷ 1000 in the fold it was seen in. */
const fold = (from: number, to: number, ks: readonly number[]) =>
  ks.map(k => ({
    params: { k },
    returns: Float64Array.from({ length: to - from }, (_, i) => k + (from + i) / 1000),
    returnTs: Float64Array.from({ length: to - from }, (_, i) => (from + i + 1) * DAY),
  }));

const days = (from: number, to: number, k: number): number[] => Array.from({ length: to - from }, (_, i) => k + (from + i) / 1000);

describe('the history that a walk has searched', () => {
  test('has each day once: later windows add what follows the end of those before', () => {
    const { configurations, over, periodsPerYear } = searchedHistory([fold(0, 40, [1, 2]), fold(10, 50, [2, 1]), fold(20, 60, [1, 2])]);
    expect(over).toBe('the 3 training windows joined, 60 returns');
    expect(periodsPerYear).toBe(365);
    const byK = new Map(configurations.map(({ params, returns }) => [params['k'], [...returns]]));
    expect(byK.get(1)).toEqual(days(0, 60, 1));
    expect(byK.get(2)).toEqual(days(0, 60, 2));
  });

  test('keeps gaps between windows that do not touch, and is the last of windows that grow from one start', () => {
    const gapped = searchedHistory([fold(0, 10, [1]), fold(30, 40, [1])]);
    expect([...gapped.configurations[0]!.returns]).toEqual([...days(0, 10, 1), ...days(30, 40, 1)]);
    const grown = searchedHistory([fold(0, 10, [1]), fold(0, 20, [1]), fold(0, 30, [1])]);
    expect([...grown.configurations[0]!.returns]).toEqual(days(0, 30, 1));
  });

  test('is the last window where folds tried different configurations, and says so', () => {
    const { configurations, over } = searchedHistory([fold(0, 40, [1, 2]), fold(10, 50, [2, 3])]);
    expect(over).toContain('the last fold, 40 returns, as folds tried different configurations');
    expect(configurations.map(({ params }) => params['k'])).toEqual([2, 3]);
    expect([...configurations[0]!.returns]).toEqual(days(10, 50, 2));
  });

  test('is empty without returns on common dates', () => {
    const [a, b] = [fold(0, 40, [1]), fold(1, 40, [2])];
    for (const last of [[], [...a, ...b], [{ params: { k: 1 }, returns: null, returnTs: null }]]) {
      const { configurations, over } = searchedHistory([a, last]);
      expect(configurations).toEqual([]);
      expect(over).toContain('nothing');
    }
  });

  test('counts as many returns a year as there are: weeks give 52', () => {
    const weeks = [{ params: {}, returns: new Float64Array(100), returnTs: Float64Array.from({ length: 100 }, (_, i) => i * 7 * DAY) }];
    expect(searchedHistory([weeks]).periodsPerYear).toBeCloseTo(365 / 7, 9);
  });
});
