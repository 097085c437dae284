import { VenueFailure } from '../venue-transport.js';
import type { LiveClock } from '../live-clock.js';
import type { FeedConfig } from './feed-config.js';
import type { FeedTimers } from './feed-timers.js';

/** Requests for history that are repeated until the venue answers. */
export interface HistoryDesk {
  /**
   * The venue's answer. Time-outs, limits and outages are waited out, for ever: an error is not an answer. Only a refusal with authority rejects, and the end of the feed, with `FeedStopped`.
   */
  ask<T>(request: () => Promise<T>): Promise<T>;
  /** Rejects everything that waits. */
  stop(): void;
}

/** The feed was closed while a request waited. */
export class FeedStopped extends Error {
  override readonly name = 'FeedStopped';
}

/** Failures after which the same question gets another answer. */
const PASSING: ReadonlySet<string> = new Set(['ambiguous', 'limited', 'clock', 'unavailable']);

/** A few requests at a time, in the order in which they were asked; all of them rest while the venue limits one. */
export const historyDesk = ({
  clock,
  timers,
  config,
  degraded,
}: {
  readonly clock: LiveClock;
  readonly timers: FeedTimers;
  readonly config: Pick<FeedConfig, 'retryMs' | 'retryMostMs' | 'lanes'>;
  /** Told when requests begin to fail (why) and when they are answered again (null). */
  readonly degraded: (failure: VenueFailure | null) => void;
}): HistoryDesk => {
  const queue: (() => void)[] = [];
  const waiting = new Set<(reason: Error) => void>();
  let busy = 0;
  let restUntil = -Infinity;
  let isFailing = false;

  const next = (): void => {
    while (!timers.stopped && busy < config.lanes && queue.length > 0) {
      busy++;
      queue.shift()?.();
    }
  };

  const rest = async (wallMs: number): Promise<void> => new Promise(resolve => timers.after(wallMs, resolve));
  /** Waits for a free lane, and until the venue may be asked again. */
  const turn = async (): Promise<void> => {
    for (;;) {
      await new Promise<void>(resolve => {
        queue.push(resolve);
        next();
      });
      const left = restUntil - clock.wall();
      if (left <= 0) return;
      leave();
      await rest(left);
    }
  };
  const leave = (): void => {
    busy--;
    next();
  };
  const attempt = async <T>(request: () => Promise<T>): Promise<{ readonly answer: T } | { readonly failure: VenueFailure }> => {
    await turn();
    try {
      return { answer: await request() };
    } catch (error) {
      if (error instanceof VenueFailure && PASSING.has(error.kind)) return { failure: error };
      throw error;
    } finally {
      leave();
    }
  };
  const persist = async <T>(request: () => Promise<T>): Promise<T> => {
    for (let pause = config.retryMs; ; pause = Math.min(pause * 2, config.retryMostMs)) {
      const outcome = await attempt(request);
      if ('answer' in outcome) {
        if (isFailing) degraded(null);
        isFailing = false;
        return outcome.answer;
      }
      const { failure } = outcome;
      if (!isFailing) degraded(failure);
      isFailing = true;
      if (failure.until !== null) restUntil = Math.max(restUntil, failure.until);
      await rest(Math.max(pause, restUntil - clock.wall()));
    }
  };
  return {
    ask: async request => {
      if (timers.stopped) throw new FeedStopped('the feed is closed');
      let cancel: (reason: Error) => void = () => undefined;
      const stopped = new Promise<never>((_, reject) => {
        cancel = reject;
      });
      waiting.add(cancel);
      try {
        return await Promise.race([persist(request), stopped]);
      } finally {
        waiting.delete(cancel);
      }
    },
    stop: () => {
      queue.length = 0;
      for (const cancel of waiting) cancel(new FeedStopped('the feed is closed'));
    },
  };
};
