import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';

/** Smallest net return of a closed round trip on its entry notional, as a fraction. */
export const worstTrade: Metric = ({ roundTrips }) =>
  finiteOr(
    roundTrips.reduce((worst, t) => Math.min(worst, t.netReturn), Infinity),
    'no closed trades',
  );
