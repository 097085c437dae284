import { mean } from '../statistics/moments.js';
import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';

/** Mean net return of the closed round trips on their entry notional, as a fraction; each trip weighs the same. */
export const averageTrade: Metric = ({ roundTrips }) => finiteOr(mean(roundTrips.map(t => t.netReturn)), 'no closed trades');
