import { normalQuantile } from '../../statistics/normal.js';
import { sharpeVariance } from './psr.js';
import type { ObservedSharpe } from './psr.js';

/**
 * Observations needed before a Sharpe ratio like this is above `benchmark` (per observation) with probability `confidence`; Infinity when it
 * is not above it at all. Source: Bailey & López de Prado, The Sharpe Ratio Efficient Frontier (2012), eq. 11.
 */
export const minTrackRecordLength = (observed: Omit<ObservedSharpe, 'observations'>, benchmark = 0, confidence = 0.95): number => {
  if (observed.sharpe <= benchmark) return Infinity;
  const distance = normalQuantile(confidence) / (observed.sharpe - benchmark);
  return 1 + sharpeVariance({ ...observed, observations: NaN }) * distance * distance;
};
