import type { RunConfig } from '../engine/run-config.js';
import { contentHash } from './job-store.js';
import type { Trial } from './trial-ledger.js';

/** What all trials of one command have in common; with parameters, a window and a role each is a `Trial`. */
export type TrialScope = Pick<Trial, 'strategy' | 'code' | 'data' | 'config'>;

/**
 * The scope of a strategy (`code` as `resolveStrategy` gives it) on a dataset version (its hash) under a run's configuration. Made here alone, so that one
 * configuration evaluated by two commands is one trial. Costs are no part of what N counts, the symbols and the timeframe are.
 */
export const trialScope = ({
  strategy,
  code,
  version,
  config,
}: {
  readonly strategy: string;
  readonly code: string;
  readonly version: string;
  readonly config: RunConfig;
}): TrialScope => {
  const { from: _from, to: _to, ...timeless } = config;
  return {
    strategy,
    code,
    data: contentHash({ version, symbols: config.symbols, timeframe: config.timeframe }),
    config: contentHash(timeless),
  };
};
