import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';

/** Largest net return of a closed round trip on its entry notional, as a fraction. */
export const bestTrade: Metric = ({ roundTrips }) =>
  finiteOr(
    roundTrips.reduce((best, t) => Math.max(best, t.netReturn), -Infinity),
    'no closed trades',
  );
