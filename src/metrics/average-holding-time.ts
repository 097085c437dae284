import { mean } from '../statistics/moments.js';
import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';

/** Mean time from entry to exit of the closed round trips, in milliseconds. */
export const averageHoldingTime: Metric = ({ roundTrips }) => finiteOr(mean(roundTrips.map(t => t.exitTs - t.entryTs)), 'no closed trades');
