import type { Expectation, MonitorVerdict } from './expectation.js';
import type { LiveRecord } from './live-record.js';

/** What each monitor says of live against expected. */
export const judgeLive = (expectation: Expectation, live: LiveRecord): readonly MonitorVerdict[] => {
  throw new Error(`not yet: ${expectation.run} ${live.returns.length}`);
};
