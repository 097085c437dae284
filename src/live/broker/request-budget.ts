import type { LiveClock } from '../live-clock.js';
import { VenueFailure } from '../venue-transport.js';
import type { BrokerConfig } from './broker-config.js';

/** What goes first when requests must wait: 0 cancels, 1 protective orders, 2 questions about unknown orders, 3 new orders, 4 polls. */
export type Priority = 0 | 1 | 2 | 3 | 4;
export const PRIORITY = { cancel: 0, protective: 1, query: 2, order: 3, poll: 4 } as const;

/** Weights as on Binance USDⓈ-M, the dearest of the venues. */
export const WEIGHT = { order: 1, query: 1, executions: 5, openOrders: 40, positions: 5, balances: 5, income: 30 } as const;

interface Waiting {
  readonly priority: Priority;
  readonly weight: number;
  /** Sends; never throws. */
  readonly send: () => void;
  readonly fail: (failure: VenueFailure) => void;
  readonly guard: () => VenueFailure | null;
}

/** One budget for all requests of an account. */
export interface RequestBudget {
  /**
   * Sends when its turn comes, and settles as the request does. `guard` is asked at the very moment of sending: what it returns fails the request, which then never left. During a ban new orders fail at
   * once as `limited`; the rest waits for its end.
   */
  request<T>(priority: Priority, weight: number, send: () => Promise<T>, guard?: () => VenueFailure | null): Promise<T>;
  /** Wall ms until requests may go on; 0 when they may. */
  readonly bannedFor: number;
  /** Failures in a row that say that the venue does not answer. */
  readonly failures: number;
  /** The venue's last answer was that it is in maintenance. */
  readonly isUnavailable: boolean;
  /** The venue's last answer to a private request was that the key is no good. */
  readonly isUnauthorised: boolean;
  /** Fail everything from now on. */
  stop(code: string): void;
}

/** Requests that go out one at a time after a ban. */
const PACED = 20;

/**
 * A bucket of request weight that fills by the minute, with a reserve for cancels; first in, first out within a priority. It holds at most a sixth of a minute's weight at once, so that a burst cannot run into
 * the venue's own limit. `onClock` hears that a request was refused for its time.
 */
export const requestBudget = (clock: LiveClock, config: BrokerConfig, onClock: () => void = () => undefined): RequestBudget => {
  const queues: Waiting[][] = [[], [], [], [], []];
  const { budgetReserve, banSilence } = config.defences;
  const size = Math.max(config.weightPerMinute / 6, 60);
  const reserve = budgetReserve ? size * config.cancelReserve : 0;
  let tokens = size;
  let filledAt = clock.monotonic();
  let inFlight = 0;
  let bannedTill = -Infinity;
  let paced = 0;
  let sentAt = -Infinity;
  let failures = 0;
  let isUnavailable = false;
  let isUnauthorised = false;
  let stopped: string | null = null;
  let isDue = false;

  const ban = (until: number | null): void => {
    const ms = until === null ? config.banMs : Math.max(0, until - clock.wall()) + 1;
    bannedTill = Math.max(bannedTill, clock.monotonic() + ms);
    paced = PACED;
    if (!banSilence) return;
    for (const waiting of queues[PRIORITY.order]!.splice(0))
      waiting.fail(new VenueFailure('limited', 'banned', 'the venue has banned requests for now', until));
  };

  const judge = (error: unknown): void => {
    if (!(error instanceof VenueFailure)) {
      failures++;
      return;
    }
    if (error.kind === 'ambiguous' || error.kind === 'unavailable' || error.kind === 'limited') failures++;
    else failures = 0;
    isUnavailable = error.kind === 'unavailable';
    isUnauthorised = error.kind === 'unauthorised';
    if (error.kind === 'limited') ban(error.until);
    if (error.kind === 'clock') onClock();
  };

  const wake = (ms: number): void => {
    if (isDue) return;
    isDue = true;
    clock.after(Math.max(1, Math.ceil(ms)), () => {
      isDue = false;
      pump();
    });
  };

  const pump = (): void => {
    for (;;) {
      const now = clock.monotonic();
      tokens = Math.min(size, tokens + ((now - filledAt) * config.weightPerMinute) / 60_000);
      filledAt = now;
      const next = queues.find(queue => queue.length > 0)?.[0];
      if (next === undefined) return;
      if (stopped !== null) {
        queues[next.priority]!.shift();
        next.fail(new VenueFailure('unavailable', stopped, 'nothing is sent any more'));
        continue;
      }
      // Cancels do not wait for slow answers to other requests.
      if (inFlight >= config.maxInFlight * (next.priority === PRIORITY.cancel ? 4 : 1)) return;
      if (banSilence && now < bannedTill) return wake(bannedTill - now);
      if (banSilence && paced > 0 && now < sentAt + config.paceMs) return wake(sentAt + config.paceMs - now);
      const needed = next.weight + (next.priority === PRIORITY.cancel ? 0 : reserve);
      if (tokens < needed) return wake(((needed - tokens) * 60_000) / config.weightPerMinute);
      queues[next.priority]!.shift();
      const denied = next.guard();
      if (denied !== null) {
        next.fail(denied);
        continue;
      }
      tokens -= next.weight;
      sentAt = now;
      if (paced > 0) paced--;
      inFlight++;
      next.send();
    }
  };

  const answerOf = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      const answer = await send();
      failures = 0;
      isUnavailable = false;
      isUnauthorised = false;
      return answer;
    } catch (error) {
      judge(error);
      throw error;
    } finally {
      inFlight--;
      // What waits goes after whoever asked has heard the answer.
      void Promise.resolve().then(pump);
    }
  };

  return {
    request: <T>(priority: Priority, weight: number, send: () => Promise<T>, guard: () => VenueFailure | null = () => null): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        if (stopped !== null) return reject(new VenueFailure('unavailable', stopped, 'nothing is sent any more'));
        if (banSilence && priority === PRIORITY.order && clock.monotonic() < bannedTill)
          return reject(new VenueFailure('limited', 'banned', 'the venue has banned requests for now'));
        queues[priority]!.push({
          priority,
          weight,
          guard,
          fail: reject,
          send: () => {
            void answerOf(send).then(resolve, reject);
          },
        });
        pump();
      }),
    get bannedFor() {
      return Math.max(0, bannedTill - clock.monotonic());
    },
    get failures() {
      return failures;
    },
    get isUnavailable() {
      return isUnavailable;
    },
    get isUnauthorised() {
      return isUnauthorised;
    },
    stop: code => {
      stopped = code;
      pump();
    },
  };
};
