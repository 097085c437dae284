import { mean } from '../statistics/moments.js';
import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

/** Mean net return of the closed round trips on their entry notional, as a fraction; each trip weighs the same. */
export const averageTrade: Metric = track => finiteOr(mean(outcomesOf(track).netReturn), 'no closed trades');
