import { BybitError } from './bybit-error.js';

/** What may be asked for, and what happens to who asks for more. */
export interface BybitLimits {
  /** Requests of an address in five seconds. */
  readonly requests: number;
  /** How long an address is shut out that sends more, ms. */
  readonly banMs: number;
  /** What an account may ask of an endpoint in a second is multiplied by this. */
  readonly scale: number;
}

/** As the venue publishes them (2025): 600 requests in five seconds, else ten minutes without access. */
export const BYBIT_LIMITS: BybitLimits = { requests: 600, banMs: 600_000, scale: 1 };

const FIVE_SECONDS = 5000;
const SECOND = 1000;

/** Limits of the address, and of each account at each endpoint, on a steady clock. */
export interface RateLimits {
  /** Counts a request of the address. Throws HTTP 403 when it is or gets shut out. */
  request(): void;
  /** Counts one of an account at an endpoint; the headers of its answer. Throws 10006. */
  account(account: string, path: string, perSecond: number): Record<string, string>;
  /** Requests that came while the address was shut out. */
  readonly sentWhileBanned: number;
}

export const rateLimits = (limits: BybitLimits, steady: () => number, wall: () => number): RateLimits => {
  const counts = new Map<string, { start: number; used: number }>();
  let bannedUntil = -Infinity;
  let sentWhileBanned = 0;
  /** One more in the window of this name, which begins with its first request. */
  const count = (name: string, length: number, now: number): { readonly start: number; readonly used: number } => {
    const window = counts.get(name);
    if (window === undefined || now - window.start >= length) {
      const fresh = { start: now, used: 1 };
      counts.set(name, fresh);
      return fresh;
    }
    window.used++;
    return window;
  };
  const shut = (): BybitError => new BybitError(10018, 'access too frequent', 403);
  return {
    get sentWhileBanned() {
      return sentWhileBanned;
    },
    request: () => {
      const now = steady();
      if (now < bannedUntil) {
        sentWhileBanned++;
        throw shut();
      }
      if (count('', FIVE_SECONDS, now).used <= limits.requests) return;
      bannedUntil = now + limits.banMs;
      throw shut();
    },
    account: (account, path, perSecond) => {
      const now = steady();
      const most = Math.max(1, Math.floor(perSecond * limits.scale));
      const { start, used } = count(`${account} ${path}`, SECOND, now);
      const over = used > most;
      const headers = {
        'x-bapi-limit': String(most),
        'x-bapi-limit-status': String(Math.max(0, most - used)),
        'x-bapi-limit-reset-timestamp': String(Math.ceil(wall() + (over ? start + SECOND - now : 0))),
      };
      if (over) throw new BybitError(10006, 'Too many visits. Exceeded the API Rate Limit.', 200, headers);
      return headers;
    },
  };
};
