import { reduces, type RiskCheck } from './risk-check.js';

/** Requests of the last while, counted. Times are epoch ms and do not run back. */
export interface RequestCount {
  /** An order, an amendment or a cancel leaves at `now`. */
  sent(now: number): void;
  /** Requests in (now − window, now]. */
  within(now: number, window: number): number;
}

/** Moments of requests, kept for as long as any window asked for. */
export const requestCount = (): RequestCount => {
  let times: number[] = [];
  let head = 0;
  return {
    sent: now => {
      times.push(now);
    },
    within: (now, window) => {
      while (head < times.length && !(times[head]! > now - window)) head++;
      if (head > 1024 && head * 2 > times.length) [times, head] = [times.slice(head), 0];
      return times.length - head;
    },
  };
};

/** Reductions may use so many times the limit. */
const RESERVE = 2;

/**
 * Orders, amendments and cancels per window of market time. Cancels count but are never refused; what only reduces has a reserve as large as the limit again, and beyond it waits too: a loop of exits would
 * get the whole account banned. Orders by which the broker itself protects a position do not pass here.
 */
export const orderRate =
  (limit: number, window: number, requests: RequestCount, now: () => number): RiskCheck =>
  (ticket, view) => {
    const sent = requests.within(now(), window);
    if (sent + 1 <= limit) return null;
    const isReduction = reduces(ticket, view);
    if (isReduction && sent + 1 <= RESERVE * limit) return null;
    return {
      code: 'order-rate',
      text: `${sent} requests in the last ${window / 1000} s; the limit is ${isReduction ? RESERVE * limit : limit}`,
    };
  };
