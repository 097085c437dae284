import type { CancelTimer, LiveClock } from '../live-clock.js';
import { NoticeFailure, type NoticeChannel, type NoticeMessage } from './notice.js';

/** How long a channel is tried. Wall ms. */
export interface RetryConfig {
  readonly firstMs: number;
  readonly longestMs: number;
  readonly attempts: number;
  /** Messages that wait; beyond it the oldest that is not critical goes. */
  readonly queue: number;
}

export const DEFAULT_RETRY: RetryConfig = { firstMs: 1_000, longestMs: 300_000, attempts: 12, queue: 100 };

/** One channel's messages, sent one after the other. */
export interface ChannelQueue {
  post(message: NoticeMessage): void;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
  close(): void;
}

/** Told what went wrong and what was given up. */
export type ChannelLog = (text: string, fields: Readonly<Record<string, unknown>>) => void;

/** Sends in order, tries again with doubling pauses, and gives up in the end: a channel that is down costs memory for a stated number of messages and nothing else. */
export const channelQueue = (
  channel: NoticeChannel,
  clock: LiveClock,
  log: ChannelLog,
  config: RetryConfig = DEFAULT_RETRY,
): ChannelQueue => {
  const waiting: NoticeMessage[] = [];
  const listeners: (() => void)[] = [];
  let isBusy = false;
  let isClosed = false;
  let timer: CancelTimer | null = null;
  let failures = 0;

  const settle = (): void => {
    if (waiting.length > 0 && !isClosed) return;
    for (const listener of listeners.splice(0)) listener();
  };
  const over = (message: NoticeMessage): void => {
    const at = waiting.indexOf(message);
    if (at >= 0) waiting.splice(at, 1);
    failures = 0;
  };
  const failed = (message: NoticeMessage, error: unknown): void => {
    failures++;
    const text = error instanceof Error ? error.message : String(error);
    const isOver = (error instanceof NoticeFailure && !error.isWorthAnother) || failures >= config.attempts;
    log('notice not sent', { channel: channel.name, error: text, attempt: failures, givenUp: isOver });
    if (isOver) return over(message);
    let wait = config.firstMs;
    for (let i = 1; i < failures && wait < config.longestMs; i++) wait *= 2;
    const told = error instanceof NoticeFailure ? (error.afterMs ?? 0) : 0;
    timer = clock.after(Math.max(told, Math.min(wait, config.longestMs)), () => {
      timer = null;
      void pump();
    });
  };
  const pump = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    for (let [message] = waiting; message !== undefined && timer === null && !isClosed; [message] = waiting)
      try {
        await channel.send(message);
        over(message);
      } catch (error) {
        failed(message, error);
      }
    isBusy = false;
    settle();
  };

  return {
    post: message => {
      if (isClosed) return;
      waiting.push(message);
      if (waiting.length > config.queue) {
        // The first may be under way.
        const at = waiting.findIndex(({ level }, i) => i > 0 && level !== 'critical');
        waiting.splice(at < 0 ? 1 : at, 1);
        log('notice given up', { channel: channel.name, because: 'too many wait' });
      }
      void pump();
    },
    idle: () =>
      new Promise(resolve => {
        listeners.push(resolve);
        if (!isBusy) settle();
      }),
    close: () => {
      isClosed = true;
      timer?.();
      channel.close?.();
      settle();
    },
  };
};
