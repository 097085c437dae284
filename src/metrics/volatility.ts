import type { Vector } from '../numeric/vector.js';
import { standardDeviation } from '../statistics/moments.js';
import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';
import { momentsOf } from './return-moments.js';

/** Standard deviation of returns (divisor n − 1) × √periodsPerYear. Not compounded. */
export const annualVolatility = (returns: Vector, periodsPerYear: number): number => standardDeviation(returns) * Math.sqrt(periodsPerYear);

/** Annualised standard deviation of returns, as a fraction. */
export const volatility: Metric = track => finiteOr(momentsOf(track).deviation * Math.sqrt(track.periodsPerYear), 'fewer than two returns');
