import type { LiveClock } from '../live-clock.js';
import type { VenueTransport } from '../venue-transport.js';
import type { Capture } from './capture.js';
import type { FeedConfig } from './feed-config.js';
import type { FeedCounters } from './feed-counters.js';
import type { FeedTimers } from './feed-timers.js';
import type { FeedVoice } from './feed-voice.js';
import type { HistoryDesk } from './history-desk.js';

/** What every part of a feed works with. */
export interface FeedParts {
  readonly transport: Pick<VenueTransport, 'subscribe' | 'resubscribe' | 'history'>;
  readonly clock: LiveClock;
  readonly timers: FeedTimers;
  readonly config: FeedConfig;
  readonly counters: FeedCounters;
  readonly desk: HistoryDesk;
  readonly voice: FeedVoice;
  readonly capture: Capture | null;
}

/** Market time that this machine's clock may be wrong by. */
export const clockSlack = ({ clock, config }: Pick<FeedParts, 'clock' | 'config'>): number => config.wallSlackMs * clock.speed;
