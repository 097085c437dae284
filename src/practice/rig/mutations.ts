import type { Defence } from '../../live/broker/broker-config.js';
import type { FeedDefences } from '../../live/feed/feed-config.js';
import type { SessionDefences } from '../../live/session/session-options.js';
import type { JournalDefences } from './weakened-disk.js';

/** A defence by the part that has it. */
export type Switch =
  | { readonly of: 'broker'; readonly defence: Defence }
  | { readonly of: 'session'; readonly defence: keyof SessionDefences }
  | { readonly of: 'feed'; readonly defence: keyof FeedDefences }
  | { readonly of: 'journal'; readonly defence: keyof JournalDefences };

/** A defence switched off, and the scenario whose judgement must then be against it. `also`: another one that stands behind it and is switched off with it. */
export type Mutation = Switch & { readonly scenario: string; readonly also?: Switch };

/** Each defence that a scenario can miss: with it on the scenario passes, with it off it fails. */
export const MUTATIONS: readonly Mutation[] = [
  { of: 'broker', defence: 'queryUnknown', scenario: 'lost-ack' },
  { of: 'broker', defence: 'waitReceiveWindow', scenario: 'lost-ack' },
  { of: 'broker', defence: 'absentNeedsAuthority', scenario: 'outage-after-lost-ack' },
  { of: 'broker', defence: 'dedupeExecutions', scenario: 'duplicates-and-reorder' },
  { of: 'broker', defence: 'pollExecutions', scenario: 'fills-omitted' },
  { of: 'broker', defence: 'backfillOnGap', scenario: 'reconnect-then-quiet' },
  { of: 'broker', defence: 'cancelFillRace', scenario: 'cancel-fill-race' },
  { of: 'broker', defence: 'fence', scenario: 'fenced-hosts' },
  { of: 'broker', defence: 'budgetReserve', scenario: 'budget-at-its-end' },
  { of: 'broker', defence: 'banSilence', scenario: 'rate-limit', also: { of: 'session', defence: 'sharedBan' } },
  { of: 'broker', defence: 'protectionResize', scenario: 'never-two-stops' },
  { of: 'broker', defence: 'catastropheStop', scenario: 'partial-fills' },
  { of: 'broker', defence: 'fundingById', scenario: 'funding' },
  { of: 'broker', defence: 'adoptDifferences', scenario: 'old-position' },
  { of: 'broker', defence: 'safeRounding', scenario: 'maintenance' },
  { of: 'broker', defence: 'clockBound', scenario: 'clock-skew' },
  { of: 'broker', defence: 'validateNumbers', scenario: 'hostile-data' },
  { of: 'broker', defence: 'haltBlocksSubmits', scenario: 'opposite-holders' },
  { of: 'broker', defence: 'deadMan', scenario: 'dead-man' },
  { of: 'session', defence: 'intentFirst', scenario: 'kill-every-step' },
  { of: 'session', defence: 'fencing', scenario: 'stale-paused', also: { of: 'broker', defence: 'fence' } },
  { of: 'session', defence: 'isolation', scenario: 'poison-strategy' },
  { of: 'session', defence: 'sharedBan', scenario: 'rate-limit' },
  { of: 'feed', defence: 'backfillBars', scenario: 'bars-omitted' },
  { of: 'feed', defence: 'refuseHostile', scenario: 'bars-omitted' },
  { of: 'feed', defence: 'ageGuard', scenario: 'silent-stale-data' },
  { of: 'feed', defence: 'bookResync', scenario: 'broken-book' },
  { of: 'journal', defence: 'fsync', scenario: 'kill-every-step' },
  { of: 'journal', defence: 'hashChain', scenario: 'flipped-bit' },
  { of: 'journal', defence: 'quarantine', scenario: 'flipped-bit' },
  { of: 'journal', defence: 'tornTail', scenario: 'torn-tail' },
  { of: 'journal', defence: 'commitMark', scenario: 'torn-commit' },
];
