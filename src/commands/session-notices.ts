import type { LiveClock } from '../live/live-clock.js';
import type { NoticeSource } from '../live/notify/notice.js';
import { DEFAULT_RATE, noticeDesk, type NoticeDesk } from '../live/notify/notice-desk.js';
import type { NotifyConfig } from '../live/notify/notify-config.js';
import { openChannels } from '../live/notify/open-channels.js';
import type { KeySet } from '../live/secrets/key-set.js';
import type { Redactor } from '../live/secrets/redactor.js';
import type { SessionLog } from './session-log.js';

/** What notices of a process are made of. */
export interface NoticesRequest {
  readonly config: NotifyConfig;
  readonly keys: readonly KeySet[];
  readonly source: NoticeSource;
  readonly clock: LiveClock;
  readonly redact: Redactor;
  readonly log: SessionLog;
}

/** The desk that tells people, as it is configured; without channels it tells nobody. */
export const sessionNotices = ({ config, keys, source, clock, redact, log }: NoticesRequest): NoticeDesk =>
  noticeDesk({
    source,
    channels: openChannels(config, name => keys.find(set => set.name === name), clock),
    clock,
    redact,
    log: (text, fields) => log.line('warn', text, fields),
    rate: { ...DEFAULT_RATE, repeatMs: config.repeatMinutes * 60_000, burst: config.burst },
  });
