import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

/** Number of closed round trips; a position still open at the end is none. */
export const trades: Metric = track => outcomesOf(track).netPnl.length;
