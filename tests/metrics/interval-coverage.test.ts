import { describe, expect, test } from 'vitest';
import { autoregression, coverage, garch } from '../../bench/studies/bootstrap-coverage.js';
import type { Covered } from '../../bench/studies/bootstrap-coverage.js';

/** Three points and two standard errors of 100 series below 95 %. The study itself has more: scripts/study-bootstrap-coverage.mjs. */
const LOWEST = 0.95 - 0.03 - 2 * Math.sqrt((0.95 * 0.05) / 100);
const NAMES: readonly Covered[] = ['mean', 'sharpe', 'volatility', 'cagr', 'sortino', 'omega', 'skew', 'valueAtRisk', 'tailRatio'];

describe('95 % intervals hold the true value about as often as they say', () => {
  test('where returns remember the day before', () => {
    const { studentised } = coverage(autoregression(0.5), { days: 500, seeds: 100, samples: 150 });
    for (const name of NAMES) expect(studentised[name].share, name).toBeGreaterThan(LOWEST);
  });
  test('where calm and wild days follow one another, which percentile intervals of a volatility do not know', () => {
    const { studentised, stationary } = coverage(garch(0.1, 0.8, 400_000), { days: 500, seeds: 100, samples: 150 });
    for (const name of NAMES) expect(studentised[name].share, name).toBeGreaterThan(LOWEST);
    expect(stationary.volatility.share).toBeLessThan(0.85);
  });
});
