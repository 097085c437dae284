import { mean } from '../statistics/moments.js';
import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

/** Mean time from entry to exit of the closed round trips, in milliseconds. */
export const averageHoldingTime: Metric = track => finiteOr(mean(outcomesOf(track).held), 'no closed trades');
