import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

/** Smallest net return of a closed round trip on its entry notional, as a fraction. */
export const worstTrade: Metric = track =>
  finiteOr(
    outcomesOf(track).netReturn.reduce((worst, each) => Math.min(worst, each), Infinity),
    'no closed trades',
  );
