import { quantileOfSorted } from '../../statistics/quantile.js';
import type { Outcomes } from '../monte-carlo/outcomes.js';
import type { CheckPoint } from './check.js';

/** As many points as a picture needs of a distribution. */
const POINTS = 100;

/** A simulated distribution by its percentiles, as points without an order. */
export const simulatedPoints = ({ samples }: Outcomes, figures: (value: number) => Partial<CheckPoint>): CheckPoint[] => {
  const sorted = Float64Array.from(samples).sort();
  return Array.from({ length: POINTS }, (_, i) => {
    // The middle of each hundredth.
    const share = (i + 0.5) / POINTS;
    return {
      label: `percentile ${i + 1}`,
      x: null,
      sharpe: null,
      totalReturn: null,
      maxDrawdown: null,
      trades: null,
      ...figures(quantileOfSorted(sorted, share)),
    };
  });
};
