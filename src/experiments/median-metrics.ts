import { quantile } from '../statistics/quantile.js';
import type { Metrics } from './objective.js';

/**
 * One configuration's metrics over several stretches of time as one: of each metric the median over the stretches in which it is defined, null unless it is in more than half of them; of
 * closed trades the sum. A configuration that earned all in one stretch has the median of the others: what counts is how it does as a rule.
 */
export const medianMetrics = (stretches: readonly Metrics[]): Metrics => {
  const names = [...new Set(stretches.flatMap(metrics => Object.keys(metrics)))];
  const typical = (name: string): number | null => {
    const values = stretches.flatMap(metrics => {
      const value = metrics[name] ?? null;
      return value === null || !Number.isFinite(value) ? [] : [value];
    });
    if (name === 'trades') return values.reduce((sum, value) => sum + value, 0);
    return 2 * values.length > stretches.length ? quantile(values, 0.5) : null;
  };
  return Object.fromEntries(names.map(name => [name, typical(name)]));
};
