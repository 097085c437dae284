import type { Metric } from './metric.js';

/** Number of closed round trips; a position still open at the end is none. */
export const trades: Metric = ({ roundTrips }) => roundTrips.length;
