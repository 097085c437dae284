import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/events/fact.js';
import type { Fill, FundingPayment } from '../../src/portfolio/fill.js';
import { roundTrips } from '../../src/portfolio/round-trips.js';
import { dailyLoss } from '../../src/risk/daily-loss.js';
import { drawdownHalt } from '../../src/risk/drawdown-halt.js';
import { losingStreak } from '../../src/risk/losing-streak.js';
import { A, B, INSTRUMENTS } from './book.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const SCALE = 1e8;

describe('the daily loss', () => {
  const watch = (maxDailyLoss: number | null = 0.1, dailyLossHalts = false) => dailyLoss(() => ({ maxDailyLoss, dailyLossHalts }));

  it('reduces up to the next midnight when the day has lost more than the limit, once', () => {
    const day = watch();
    expect(day.mark(1000, 0)).toBeNull();
    expect(day.mark(1200, HOUR)).toBeNull();
    // The day began with 1,000: a peak within it does not count.
    expect(day.mark(900, 2 * HOUR)).toBeNull();
    expect(day.mark(899, 3 * HOUR)).toEqual({
      source: 'daily-loss',
      state: 'REDUCING',
      code: 'daily-loss',
      text: 'equity 899.00 is 10.10 % below the 1000.00 with which 1970-01-01 began; the limit is 10.00 %',
      until: DAY,
    });
    expect(day.mark(500, 4 * HOUR)).toBeNull();
  });

  it('begins a day with the mark of midnight, or with the last before it', () => {
    const day = watch();
    day.mark(1000, 23 * HOUR);
    expect(day.mark(950, DAY)).toBeNull();
    expect(day.mark(855, DAY + HOUR)).toBeNull();
    expect(day.mark(854, DAY + 2 * HOUR)?.until).toBe(2 * DAY);
    // No mark at midnight: the gap over it belongs to the new day.
    expect(day.mark(800, 2 * DAY + 1)).toBeNull();
    expect(day.mark(768, 2 * DAY + 2)?.code).toBe('daily-loss');
  });

  it('that only the mark of midnight shows is over with its day, unless a loss halts', () => {
    const soft = watch();
    soft.mark(1000, HOUR);
    expect(soft.mark(100, DAY)).toBeNull();
    const hard = watch(0.1, true);
    hard.mark(1000, HOUR);
    expect(hard.mark(100, DAY)).toMatchObject({ state: 'HALTED', code: 'daily-loss' });
    expect(hard.mark(89, DAY + 1)).toMatchObject({ state: 'HALTED' });
  });

  it('is no loss when money is taken out, and no profit when it is paid in', () => {
    const out = watch();
    out.mark(1000, 0);
    out.moved(-500);
    expect(out.mark(450, 1)).toBeNull();
    expect(out.mark(449, 2)?.code).toBe('daily-loss');
    const into = watch();
    into.mark(1000, 0);
    into.moved(1000);
    expect(into.mark(1799, 1)?.code).toBe('daily-loss');
  });

  it('counts from the latest mark when a person takes trading up again', () => {
    const day = watch();
    day.mark(1000, 0);
    day.mark(800, 1);
    day.resume();
    expect(day.mark(720, 2)).toBeNull();
    expect(day.mark(719, 3)?.code).toBe('daily-loss');
  });

  it('is what the equity of all marks shows, day by day', () => {
    const marks = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 9 }), equity: fc.integer({ min: 1, max: 2000 }) }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(marks, rows => {
        const day = watch();
        let ts = 0;
        const seen: { ts: number; equity: number }[] = [];
        const expected: number[] = [];
        const said: number[] = [];
        for (const { gap, equity } of rows) {
          ts += gap * 3 * HOUR;
          seen.push({ ts, equity });
          const midnight = Math.floor(ts / DAY) * DAY;
          const opening = (seen.find(mark => mark.ts === midnight) ?? seen.findLast(mark => mark.ts < midnight) ?? seen[0])?.equity ?? NaN;
          if (opening - equity > 0.1 * opening + 1e-6 && !expected.some(at => at >= midnight)) expected.push(ts);
          if (day.mark(equity, ts)) said.push(ts);
        }
        expect(said).toEqual(expected);
      }),
    );
  });
});

describe('the drawdown', () => {
  it('is none when money is taken out, and counts from here after a halt that was lifted', () => {
    const watch = drawdownHalt(0.2);
    watch(1000);
    watch.moved(-500);
    expect(watch(401)).toBeNull();
    expect(watch(400)?.code).toBe('max-drawdown');
    expect(watch(300)).toBeNull();
    watch.resume();
    expect(watch(241)).toBeNull();
    expect(watch(240)?.code).toBe('max-drawdown');
  });
});

const fill = (seq: number, symbol: string, side: 'buy' | 'sell', price: number, lots: number, fee = 0): Fact => ({
  type: 'OrderFilled',
  seq,
  version: 1,
  ts: seq * HOUR,
  knownAt: seq * HOUR,
  account: '',
  strategy: '',
  correlationId: 0,
  causationId: 0,
  orderId: `o${seq}`,
  symbol,
  side,
  price,
  lots,
  fee: fee * SCALE,
  liquidity: 'taker',
  slippage: 0,
  realised: 0,
});

describe('losses in a row', () => {
  const streakOf = (pauseAfterLosses: number | null) => losingStreak(INSTRUMENTS, () => ({ pauseAfterLosses, lossPause: DAY }));

  it('pause after so many, not before, and the count begins anew', () => {
    const streak = streakOf(2);
    const facts = [
      fill(0, A, 'buy', 100, 1),
      fill(1, A, 'sell', 99, 1),
      // A winner by its price and a loser by its fee.
      fill(2, A, 'sell', 100, 1, 2),
      fill(3, A, 'buy', 99, 1),
      fill(4, B, 'buy', 100, 1),
      fill(5, B, 'sell', 90, 1),
    ];
    expect(facts.map(fact => streak.handle(fact)?.code ?? null)).toEqual([null, null, null, 'consecutive-losses', null, null]);
    expect(streak.length).toBe(1);
  });

  it('are ended by a winner and by a trip that comes out even', () => {
    const streak = streakOf(null);
    const lose = (seq: number): void => {
      streak.handle(fill(seq, A, 'buy', 100, 1));
      streak.handle(fill(seq + 1, A, 'sell', 99, 1));
    };
    lose(0);
    lose(2);
    expect(streak.length).toBe(2);
    streak.handle(fill(4, A, 'buy', 100, 1));
    streak.handle(fill(5, A, 'sell', 100, 1));
    expect(streak.length).toBe(0);
  });

  it('say until when', () => {
    const streak = streakOf(1);
    streak.handle(fill(0, A, 'buy', 100, 2));
    expect(streak.handle(fill(1, A, 'sell', 99, 1))).toBeNull();
    expect(streak.handle(fill(2, A, 'sell', 99, 1))).toMatchObject({ state: 'REDUCING', until: 2 * HOUR + DAY });
  });

  it('know a position from before a restart by its cost', () => {
    const streak = streakOf(1);
    streak.adopt(A, undefined, 2, 200 * SCALE);
    expect(streak.handle(fill(0, A, 'sell', 99, 2))?.code).toBe('consecutive-losses');
    streak.adopt(A, undefined, 2, 200 * SCALE);
    expect(streak.handle(fill(1, A, 'sell', 101, 2))).toBeNull();
  });

  it('are those of the round trips of the report, in whatever order positions open, turn and pay funding', () => {
    const step = fc.record({
      symbol: fc.constantFrom(A, B),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      price: fc.integer({ min: 90, max: 110 }),
      lots: fc.integer({ min: 1, max: 4 }),
      fee: fc.constantFrom(0, 4, 9),
      funding: fc.constantFrom(0, 0, 0, -3, 3),
    });
    let ended = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), steps => {
        const streak = streakOf(null);
        const fills: Fill[] = [];
        const payments: FundingPayment[] = [];
        const books: Record<string, { lots: number; cost: number }> = { [A]: { lots: 0, cost: 0 }, [B]: { lots: 0, cost: 0 } };
        steps.forEach(({ symbol, side, price, lots, fee, funding }, i) => {
          const seq = 2 * i;
          const book = books[symbol] as { lots: number; cost: number };
          const signed = side === 'buy' ? lots : -lots;
          const closing = book.lots * signed < 0 ? Math.min(lots, Math.abs(book.lots)) : 0;
          const released = closing === 0 ? 0 : (book.cost * closing) / Math.abs(book.lots);
          const realised = closing === 0 ? 0 : Math.sign(book.lots) * closing * price - released;
          book.cost += Math.sign(signed) * (lots - closing) * price - released;
          book.lots += signed;
          const common = { symbol, orderId: '', side, price, quantity: lots, fee, slippage: 0, liquidity: 'taker' as const, reason: '' };
          fills.push({ ...common, seq, ts: seq * HOUR, realised });
          streak.handle(fill(seq, symbol, side, price, lots, fee));
          if (funding === 0) return;
          const at = { seq: seq + 1, ts: (seq + 1) * HOUR, symbol };
          payments.push({ ...at, rate: 0, quantity: 0, markPrice: 0, amount: funding });
          streak.handle({
            ...fill(seq + 1, symbol, side, price, lots),
            type: 'FundingSettled',
            rate: 0,
            lots: 0,
            markPrice: 0,
            amount: funding * SCALE,
          } as Fact);
        });
        const profits = roundTrips(fills, payments).map(({ netPnl }) => netPnl);
        ended += profits.length;
        const lastGood = profits.findLastIndex(profit => profit > -1e-9);
        expect(streak.length).toBe(profits.length - 1 - lastGood);
      }),
      { numRuns: 100 },
    );
    expect(ended).toBeGreaterThan(100);
  });
});
