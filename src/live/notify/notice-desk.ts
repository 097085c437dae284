import type { CancelTimer, LiveClock } from '../live-clock.js';
import type { Redactor } from '../secrets/redactor.js';
import { channelQueue, DEFAULT_RETRY, type ChannelLog, type RetryConfig } from './channel-queue.js';
import type { Notice, NoticeChannel, NoticeLevel, NoticeMessage, NoticeSource } from './notice.js';
import { sendRate } from './send-rate.js';

/** How often people are told. Wall ms. */
export interface NoticeRate {
  /** The same subject in the same state is not told again within this. */
  readonly repeatMs: number;
  /** Messages at once, and one more after each `everyMs`; critical ones have as many of their own. What has to wait comes together in one. */
  readonly burst: number;
  readonly everyMs: number;
}

export const DEFAULT_RATE: NoticeRate = { repeatMs: 900_000, burst: 5, everyMs: 60_000 };

export interface NoticeDeskOptions {
  readonly source: NoticeSource;
  readonly channels: readonly NoticeChannel[];
  readonly clock: LiveClock;
  readonly redact: Redactor;
  readonly log: ChannelLog;
  readonly rate?: NoticeRate;
  readonly retry?: RetryConfig;
}

/** Tells people. */
export interface NoticeDesk {
  /** Returns at once and never throws. */
  post(notice: Notice): void;
  /** Waits until everything has left or was given up, for at most so long (wall ms), then closes. */
  close(withinMs: number): Promise<void>;
}

/** Notices of one message; a digest of more would not be read. */
const DIGEST = 40;

const ORDER: readonly NoticeLevel[] = ['info', 'warning', 'critical'];

/**
 * Notices on their way to people: secrets are taken out, what was said already is left out, and what comes too fast waits and goes together. Nothing of it can hold the session up or make it fail.
 */
export const noticeDesk = (options: NoticeDeskOptions): NoticeDesk => {
  const { source, channels, clock, redact, log, rate = DEFAULT_RATE, retry = DEFAULT_RETRY } = options;
  const queues = channels.map(channel =>
    channelQueue(channel, clock, (text, fields) => log(redact.text(text), redact.value(fields) as Record<string, unknown>), retry),
  );
  const said = new Map<string, { readonly state: string; readonly at: number }>();
  const plain = { rate: sendRate(rate.burst, rate.everyMs), held: [] as Notice[], omitted: 0, timer: null as CancelTimer | null };
  const urgent = { rate: sendRate(rate.burst, rate.everyMs), held: [] as Notice[], omitted: 0, timer: null as CancelTimer | null };
  type Lane = typeof plain;
  let isClosed = false;

  const leave = (lane: Lane): void => {
    const notices = lane.held.splice(0);
    if (notices.length === 0) return;
    const level = notices.reduce<NoticeLevel>(
      (high, each) => (ORDER.indexOf(each.level) > ORDER.indexOf(high) ? each.level : high),
      'info',
    );
    const message: NoticeMessage = { source, level, notices, omitted: lane.omitted };
    lane.omitted = 0;
    for (const queue of queues) queue.post(message);
  };
  const pump = (lane: Lane): void => {
    if (lane.timer !== null || lane.held.length === 0) return;
    if (lane.rate.take(clock.monotonic())) return leave(lane);
    lane.timer = clock.after(lane.rate.wait(clock.monotonic()), () => {
      lane.timer = null;
      pump(lane);
    });
  };

  return {
    post: given => {
      if (isClosed || channels.length === 0) return;
      const now = clock.monotonic();
      const last = said.get(given.subject);
      if (last?.state === given.state && now - last.at < rate.repeatMs) return;
      said.set(given.subject, { state: given.state, at: now });
      const notice = { ...given, subject: redact.text(given.subject), text: redact.text(given.text) };
      const lane = given.level === 'critical' ? urgent : plain;
      lane.held.push(notice);
      if (lane.held.length > DIGEST) {
        lane.held.shift();
        lane.omitted++;
      }
      pump(lane);
    },
    close: async withinMs => {
      isClosed = true;
      for (const lane of [urgent, plain]) {
        lane.timer?.();
        leave(lane);
      }
      let cancel: CancelTimer = () => {};
      const late = new Promise<void>(resolve => (cancel = clock.after(withinMs, resolve)));
      await Promise.race([Promise.all(queues.map(queue => queue.idle())), late]);
      cancel();
      for (const queue of queues) queue.close();
    },
  };
};
