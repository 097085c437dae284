import type { RunConfig } from '../../engine/run-config.js';
import type { PinnedConfig } from './pin-subject.js';

/** What of a session's configuration is pinned. */
export const pinnedConfig = (config: RunConfig): PinnedConfig => {
  const rest: PinnedConfig & Partial<RunConfig> = { ...config };
  delete rest.capital;
  delete rest.from;
  delete rest.to;
  return rest;
};
