import { BinanceError } from './binance-error.js';

/** What may be asked for, and what happens to who asks for more. */
export interface BinanceLimits {
  /** Weight per minute and address. */
  readonly weight: number;
  /** Orders per account in 10 s and in a minute. */
  readonly orders10s: number;
  readonly orders1m: number;
  /** Requests after a 429 that are borne before the ban. */
  readonly patience: number;
  /** Length of the first ban; each further one is twice as long, up to three days. */
  readonly banMs: number;
}

/** As the venue publishes them (July 2025). */
export const BINANCE_LIMITS: BinanceLimits = { weight: 2400, orders10s: 300, orders1m: 1200, patience: 5, banMs: 120_000 };

const MINUTE = 60_000;
const TEN_SECONDS = 10_000;
const LONGEST_BAN = 3 * 24 * 3600 * 1000;

/** Counts of one window that starts anew at each whole multiple of its length. */
class Window {
  #start = -1;
  #used = 0;
  constructor(private readonly length: number) {}
  add(now: number, amount: number): number {
    const start = Math.floor(now / this.length);
    if (start !== this.#start) [this.#start, this.#used] = [start, 0];
    this.#used += amount;
    return this.#used;
  }
  /** Ms until it starts anew. */
  left(now: number): number {
    return this.length - (now % this.length);
  }
}

/** Weights and order counts, on a steady clock. */
export interface RateLimits {
  /** Counts a request; the headers of its answer. Throws 429, and 418 for who goes on. */
  request(weight: number): Record<string, string>;
  /** Counts orders of an account likewise. */
  order(account: string, orders: number): Record<string, string>;
  /** Requests that came in a ban. */
  readonly sentWhileBanned: number;
}

const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1000)));

/** One address: all clients of a practice exchange are on this host, and the venue counts weight by address. */
export const rateLimits = (limits: BinanceLimits, steady: () => number, wall: () => number): RateLimits => {
  const weights = new Window(MINUTE);
  const orders = new Map<string, readonly [short: Window, long: Window]>();
  let bannedUntil = -Infinity;
  let bans = 0;
  let offences = 0;
  let sentWhileBanned = 0;
  return {
    get sentWhileBanned() {
      return sentWhileBanned;
    },
    request: weight => {
      const now = steady();
      if (now < bannedUntil) {
        sentWhileBanned++;
        const left = bannedUntil - now;
        throw new BinanceError(-1003, `Way too many requests; IP banned until ${Math.round(wall() + left)}.`, 418, {
          'retry-after': seconds(left),
        });
      }
      const used = weights.add(now, weight);
      const headers = { 'x-mbx-used-weight-1m': String(used) };
      if (used <= limits.weight) {
        offences = 0;
        return headers;
      }
      offences++;
      if (offences > limits.patience) {
        const length = Math.min(limits.banMs * (1 << Math.min(bans, 20)), LONGEST_BAN);
        bans++;
        offences = 0;
        bannedUntil = now + length;
        throw new BinanceError(-1003, `Way too many requests; IP banned until ${Math.round(wall() + length)}.`, 418, {
          'retry-after': seconds(length),
        });
      }
      throw new BinanceError(
        -1003,
        `Too many requests; current limit of IP(127.0.0.1) is ${limits.weight} requests per minute. Please use the websocket for live updates to avoid polling the API.`,
        429,
        { ...headers, 'retry-after': seconds(weights.left(now)) },
      );
    },
    order: (account, count) => {
      const now = steady();
      const windows = orders.get(account) ?? [new Window(TEN_SECONDS), new Window(MINUTE)];
      orders.set(account, windows);
      const short = windows[0].add(now, count);
      const long = windows[1].add(now, count);
      const headers = { 'x-mbx-order-count-10s': String(short), 'x-mbx-order-count-1m': String(long) };
      if (short > limits.orders10s)
        throw new BinanceError(-1015, `Too many new orders; current limit is ${limits.orders10s} orders per TEN_SECONDS.`, 429, {
          ...headers,
          'retry-after': seconds(windows[0].left(now)),
        });
      if (long > limits.orders1m)
        throw new BinanceError(-1015, `Too many new orders; current limit is ${limits.orders1m} orders per MINUTE.`, 429, {
          ...headers,
          'retry-after': seconds(windows[1].left(now)),
        });
      return headers;
    },
  };
};
