import { trackOf, type TrackInput } from '../metrics/track.js';
import { observedSharpe } from './overfitting/psr.js';
import type { TrialOutcome } from './trial.js';

/** What the ledger keeps of returns per UTC day (per bar from daily bars up) where nothing was made large. */
export const returnsOutcome = (returns: Float64Array): TrialOutcome => {
  const { sharpe } = observedSharpe(returns);
  return { objective: null, sharpe: Number.isFinite(sharpe) ? sharpe : null, returns };
};

/** The same of a run by itself. */
export const runOutcome = (result: TrackInput): TrialOutcome => returnsOutcome(trackOf(result).returns);
