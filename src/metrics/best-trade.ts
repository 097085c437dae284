import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

/** Largest net return of a closed round trip on its entry notional, as a fraction. */
export const bestTrade: Metric = track =>
  finiteOr(
    outcomesOf(track).netReturn.reduce((best, each) => Math.max(best, each), -Infinity),
    'no closed trades',
  );
