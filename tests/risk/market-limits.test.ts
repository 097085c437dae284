import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marketWatch } from '../../src/risk/market-watch.js';
import { orderRate, requestCount } from '../../src/risk/order-rate.js';
import { returnTape } from '../../src/risk/return-tape.js';
import { spreadHalt } from '../../src/risk/spread-halt.js';
import { staleData } from '../../src/risk/stale-data.js';
import { volatilityHalt } from '../../src/risk/volatility-halt.js';
import { random } from '../../src/random.js';
import { A, B, OFF, says, ticket, view } from './book.js';

const YEAR = 365 * 86_400_000;
const HOUR = 3_600_000;

describe('the tape of returns', () => {
  it('gives the correlation and deviation that the whole history gives, whatever is missing and however it wraps around', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const r = random(seed);
      const window = 3 + r.int(20);
      const tape = returnTape(2, window + 1);
      const history: [number, number][] = [];
      let [a, b] = [100, 50];
      let [seenA, seenB] = [NaN, NaN];
      for (let t = 0; t < 80; t++) {
        const shared = r.normal() * 0.01;
        a *= Math.exp(shared);
        b *= Math.exp(shared * (seed % 3) + r.normal() * 0.01);
        const [hasA, hasB] = [r.next() > 0.1, r.next() > 0.1];
        if (hasA) tape.push(0, t, a);
        if (hasB) tape.push(1, t, b);
        if (hasA || hasB) history.push([hasA ? Math.log(a / seenA) : NaN, hasB ? Math.log(b / seenB) : NaN]);
        if (hasA) seenA = a;
        if (hasB) seenB = b;
        const recent = history.slice(-window);
        const both = recent.filter(([x, y]) => !Number.isNaN(x) && !Number.isNaN(y));
        const mean = (k: 0 | 1): number => both.reduce((sum, pair) => sum + pair[k], 0) / both.length;
        const moment = (i: 0 | 1, j: 0 | 1): number => both.reduce((sum, pair) => sum + (pair[i] - mean(i)) * (pair[j] - mean(j)), 0);
        const expected = both.length < 2 || both.length * 2 < window ? NaN : moment(0, 1) / Math.sqrt(moment(0, 0) * moment(1, 1));
        if (Number.isNaN(expected)) expect(tape.correlation(0, 1, window)).toBeNaN();
        else expect(tape.correlation(0, 1, window)).toBeCloseTo(expected, 10);
        const own = recent.map(([x]) => x).filter(x => !Number.isNaN(x));
        const deviation =
          history.length <= window || own.length * 2 < window ? NaN : Math.sqrt(own.reduce((sum, x) => sum + x * x, 0) / own.length);
        if (Number.isNaN(deviation)) expect(tape.deviation(0, window)).toBeNaN();
        else expect(tape.deviation(0, window)).toBeCloseTo(deviation, 12);
      }
    }
  });

  it('leaves aside what comes too late and what is no price, and knows no correlation of what never moves', () => {
    const tape = returnTape(2, 5);
    for (let t = 0; t < 5; t++) {
      tape.push(0, t, 100);
      tape.push(1, t, 100 + t);
    }
    expect(tape.correlation(0, 1, 4)).toBeNaN();
    tape.push(1, 2, 1);
    tape.push(1, 9, NaN);
    tape.push(1, 9, -1);
    expect(tape.length).toBe(5);
    expect(tape.deviation(0, 4)).toBe(0);
  });
});

describe('the volatility halt', () => {
  const BOUND = 0.5;
  /** Returns of ± `move` an hour, 8 of them. */
  const after = (moves: readonly number[]) => {
    const watch = marketWatch([A, B], HOUR, { ...OFF, maxVolatility: BOUND, volatilityWindow: 4 });
    let price = 100;
    watch.close(0, 0, price);
    moves.forEach((move, i) => {
      price *= Math.exp(i % 2 === 0 ? move : -move);
      watch.close(0, (i + 1) * HOUR, price);
    });
    return watch;
  };
  const gate =
    (watch: ReturnType<typeof after>) =>
    (side: 'buy' | 'sell', symbol = A) =>
      says(ticket(symbol, side, 1), view({ held: { [A]: 2 } }), [volatilityHalt(BOUND, symbol2 => watch.wildness(symbol2))]);
  /** The move an hour that is `x` a year. */
  const hourly = (x: number): number => x / Math.sqrt(YEAR / HOUR);

  it('opens nothing in a symbol above its bound, and holds nothing up below it, elsewhere, or before it can tell', () => {
    expect(gate(after(Array(4).fill(hourly(0.499))))('buy')).toBe('approved');
    expect(gate(after(Array(4).fill(hourly(0.501))))('buy')).toBe('volatility');
    expect(gate(after(Array(4).fill(hourly(0.501))))('sell')).toBe('approved');
    expect(gate(after(Array(4).fill(hourly(0.501))))('buy', B)).toBe('approved');
    expect(gate(after(Array(3).fill(hourly(9))))('buy')).toBe('approved');
  });

  it('ends when the market is well below the bound again, not at it', () => {
    const wild = Array(4).fill(hourly(0.6));
    expect(gate(after([...wild, ...Array(4).fill(hourly(0.41))]))('buy')).toBe('volatility');
    expect(gate(after([...wild, ...Array(4).fill(hourly(0.39))]))('buy')).toBe('approved');
    expect(gate(after([...wild, ...Array(4).fill(hourly(0.39)), ...Array(4).fill(hourly(0.41))]))('buy')).toBe('approved');
  });
});

describe('the spread halt', () => {
  it('opens nothing above its limit, and does not hold up what has no quote or a crossed one', () => {
    const watch = marketWatch([A, B], HOUR, OFF);
    const checks = [spreadHalt(100, symbol => watch.spread(symbol))];
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('approved');
    // 1 of 100 is 100 bp.
    watch.quoted(0, 99.5, 100.5);
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('approved');
    watch.quoted(0, 99.4, 100.6);
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('spread');
    expect(says(ticket(B, 'buy', 1), view(), checks)).toBe('approved');
    expect(says(ticket(A, 'buy', 1), view({ held: { [A]: -1 } }), checks)).toBe('approved');
    watch.quoted(0, 101, 100);
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('approved');
  });
});

describe('stale data', () => {
  it('opens nothing on a price older than so many bars, or on none', () => {
    const watch = marketWatch([A, B], HOUR, OFF);
    let now = 0;
    const checks = [staleData({ limit: 2, barMs: HOUR, now: () => now, pricedAt: symbol => watch.pricedAt(symbol) })];
    watch.close(0, 0, 100);
    now = 2 * HOUR;
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('approved');
    now = 2 * HOUR + 1;
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('stale-data');
    expect(says(ticket(A, 'sell', 1), view({ held: { [A]: 1 } }), checks)).toBe('approved');
    expect(says(ticket(B, 'buy', 1), view(), checks)).toBe('stale-data');
    watch.traded(0, HOUR);
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('approved');
    // An older word does not make it older.
    watch.close(0, 0, 100);
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('approved');
  });
});

describe('the order rate', () => {
  it('lets so many requests through in a window, and one more as soon as the first has left it', () => {
    let now = 0;
    const requests = requestCount();
    const checks = [orderRate(3, 1000, requests, () => now)];
    for (const at of [0, 400, 500]) {
      now = at;
      expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('approved');
      requests.sent(now);
    }
    now = 999;
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('order-rate');
    now = 1000;
    expect(says(ticket(A, 'buy', 1), view(), checks)).toBe('approved');
  });

  it('keeps a reserve as large again for reductions, and stops an endless loop of them', () => {
    const requests = requestCount();
    const checks = [orderRate(3, 1000, requests, () => 0)];
    const close = (): string => says(ticket(A, 'sell', 1, { reduceOnly: true }), view({ held: { [A]: 9 } }), checks);
    for (let i = 0; i < 6; i++) {
      expect(close()).toBe('approved');
      requests.sent(0);
    }
    expect(close()).toBe('order-rate');
  });

  it('counts as a slow count over all requests does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 3000 }), fc.integer({ min: 1, max: 5000 }), (gaps, window) => {
        const requests = requestCount();
        const times: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          requests.sent(now);
          times.push(now);
        }
        return requests.within(now, window) === times.filter(time => time > now - window).length;
      }),
      { numRuns: 60 },
    );
  });
});
