import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Side } from '../../../src/events/order.js';
import { banGate } from '../../../src/live/broker/ban-gate.js';
import { BrokerConfig } from '../../../src/live/broker/broker-config.js';
import { evolve, executionKey, initialState, venueKey, type StateFact } from '../../../src/live/broker/broker-state.js';
import { splitAmount } from '../../../src/live/broker/holders.js';
import { isUnsendable, marketRules, requestOf } from '../../../src/live/broker/market-rules.js';
import { orderRecord } from '../../../src/live/broker/order-record.js';
import { PRIORITY, requestBudget } from '../../../src/live/broker/request-budget.js';
import { canonicalState, restoreState } from '../../../src/live/broker/state-text.js';
import { VenueFailure } from '../../../src/live/venue-transport.js';
import { units } from '../../../src/market/units.js';
import { BTC, scriptedClock, scriptedVenue, START, SYMBOL, ticket } from './scripted-venue.js';

/** Orders of one strategy, each approved, sent, taken and filled in parts; some cancelled. */
const streamOf = (strategy: string, tag: string) =>
  fc
    .array(
      fc.record({
        isBuy: fc.boolean(),
        lots: fc.integer({ min: 2, max: 50 }),
        price: fc.integer({ min: 1000, max: 9000 }),
        isCut: fc.boolean(),
      }),
      { maxLength: 12 },
    )
    .map(orders =>
      orders.flatMap(({ isBuy, lots, price, isCut }, n): StateFact[] => {
        const orderId = `${tag}.1.${n}`;
        const side: Side = isBuy ? 'buy' : 'sell';
        const ts = START + n * 1000;
        const of = { strategy, orderId, symbol: SYMBOL };
        const fill = (part: number, k: number): StateFact => ({
          ...of,
          type: 'OrderFilled',
          ts: ts + k,
          side,
          price,
          lots: part,
          fee: part * 3,
          liquidity: 'taker',
          slippage: 0,
          realised: 0,
          execution: `${tag}${n}-${k}`,
        });
        const half = Math.floor(lots / 2);
        return [
          { type: 'OrderApproved', ts, strategy, ticket: ticket(orderId, { side, lots, limit: price }) },
          { ...of, type: 'OrderSubmitted', ts },
          { ...of, type: 'OrderAccepted', ts, venueOrderId: `v${orderId}` },
          fill(half, 1),
          isCut ? { ...of, type: 'OrderCancelled', ts: ts + 2, code: 'requested' } : fill(lots - half, 2),
        ];
      }),
    );

const foldAll = (facts: readonly StateFact[]) => facts.reduce(evolve, initialState([BTC]));

describe('the state of the broker', () => {
  it('trusts a comparison once the same process has made another: what the first one found is in the journal then', () => {
    const started = (epoch: number): StateFact => ({
      type: 'SessionStarted',
      ts: START,
      strategy: '',
      mode: 'live',
      venue: 'v',
      practice: true,
      epoch,
      manifest: '',
    });
    const compared = (minute: number): StateFact => ({
      type: 'Reconciled',
      ts: START + minute * 60_000,
      strategy: '',
      orders: 0,
      positions: 0,
      balances: 1,
      executions: 0,
      differences: 0,
      cause: 'periodic',
    });
    const provenAfter = (facts: readonly StateFact[]): number => (foldAll(facts).provenAt - START) / 60_000;
    const once = [started(1), compared(1)];
    expect(provenAfter(once)).toBeNaN();
    // Killed again and again as it starts: none of them shows that the fills it found were written.
    expect(provenAfter([...once, started(2), compared(2), started(3), compared(3)])).toBeNaN();
    expect(provenAfter([...once, started(2), compared(2), compared(3)])).toBe(2);
    expect(provenAfter([...once, started(2), compared(2), compared(3), started(3), compared(4)])).toBe(2);
  });

  it('does not depend on how the streams of strategies interleave', () => {
    fc.assert(
      fc.property(streamOf('alpha', 'a'), streamOf('beta', 'b'), fc.infiniteStream(fc.boolean()), (alpha, beta, coin) => {
        const mixed: StateFact[] = [];
        for (let i = 0, j = 0; i < alpha.length || j < beta.length;) {
          const first = j >= beta.length || (i < alpha.length && coin.next().value);
          mixed.push(first ? alpha[i++]! : beta[j++]!);
        }
        expect(canonicalState(foldAll(mixed))).toBe(canonicalState(foldAll([...alpha, ...beta])));
      }),
    );
  });

  it('is the same after a snapshot at any moment as without one', () => {
    fc.assert(
      fc.property(streamOf('alpha', 'a'), fc.nat(), (facts, at) => {
        const cut = facts.length === 0 ? 0 : at % (facts.length + 1);
        const restored = restoreState(canonicalState(foldAll(facts.slice(0, cut))), [BTC]);
        expect(canonicalState(facts.slice(cut).reduce(evolve, restored))).toBe(canonicalState(foldAll(facts)));
      }),
    );
  });

  it('holds cash minus cost equal to what the fills paid, to the unit', () => {
    fc.assert(
      fc.property(streamOf('alpha', 'a'), facts => {
        const { books } = foldAll(facts);
        const u = units(BTC);
        let paid = 0;
        let lots = 0;
        for (const fact of facts)
          if (fact.type === 'OrderFilled') {
            const signed = fact.side === 'buy' ? fact.lots : -fact.lots;
            paid -= u.notional(fact.price, signed) + fact.fee;
            lots += signed;
          }
        const book = books.get('alpha');
        expect((book?.cash.get('USDT') ?? 0) - (book?.account.cost[0] ?? 0) + 0).toBe(paid + 0);
        expect((book?.account.lots[0] ?? 0) + 0).toBe(lots + 0);
      }),
    );
  });

  describe('of a year', () => {
    const WEEK = 7 * 86_400_000;
    const STEP = 300_000;
    const yearOf = (count: number): StateFact[] =>
      Array.from({ length: count }, (_, n) => {
        const orderId = `a.1.${n}`;
        const ts = START + n * STEP;
        const of = { strategy: 'alpha', orderId, symbol: SYMBOL, ts };
        const fill = { side: n % 2 === 0 ? 'buy' : 'sell', price: 500_000, lots: 10, fee: 1, liquidity: 'maker' } as const;
        return [
          { type: 'OrderApproved', ts, strategy: 'alpha', ticket: ticket(orderId) },
          { ...of, type: 'OrderSubmitted' },
          { ...of, type: 'OrderAccepted', venueOrderId: `v${n}` },
          { ...of, type: 'OrderFilled', ...fill, slippage: 0, realised: 0, execution: `e${n}` },
        ] satisfies StateFact[];
      }).flat();

    it('forgets orders and executions some time after a week', () => {
      const state = foldAll(yearOf(9_000));
      expect([...state.orders].length).toBeLessThan((2 * WEEK) / STEP + 2);
      expect([...state.executions].length).toBeLessThan((2 * WEEK) / STEP + 2);
    });

    it('knows each for a week after it ended, whenever that was: the venue may still speak of it', () => {
      const state = initialState([BTC]);
      const weekly = WEEK / STEP;
      for (const [i, fact] of yearOf(3 * weekly).entries()) {
        evolve(state, fact);
        // After the last fact of some orders, at times that are no part of a week.
        if (i % 4_003 !== 3) continue;
        const newest = Math.floor(i / 4) - (i % 4 === 3 ? 0 : 1);
        for (let n = Math.max(0, newest - weekly + 1); n <= newest; n++) {
          expect(state.orders.get(`a.1.${n}`)?.status).toBe('ended');
          expect(state.byVenue.get(venueKey(SYMBOL, `v${n}`))).toBe(`a.1.${n}`);
          expect(state.executions.has(executionKey(SYMBOL, `e${n}`, `a.1.${n}`))).toBe(true);
        }
      }
    });

    it('never forgets an order that has not ended, and keeps it for a week from its end', () => {
      const state = initialState([BTC]);
      const of = { strategy: 'beta', orderId: 'b.1.1', symbol: SYMBOL };
      evolve(state, { type: 'OrderApproved', ts: START, strategy: 'beta', ticket: ticket('b.1.1') });
      evolve(state, { ...of, type: 'OrderSubmitted', ts: START });
      evolve(state, { ...of, type: 'OrderAccepted', ts: START, venueOrderId: 'long' });
      const endsAt = START + 3.6 * WEEK;
      for (const fact of yearOf((6 * WEEK) / STEP)) {
        if (state.now < endsAt && fact.ts >= endsAt) evolve(state, { ...of, type: 'OrderCancelled', ts: endsAt, code: 'requested' });
        evolve(state, fact);
        if (state.now > endsAt + WEEK) continue;
        expect(state.orders.get('b.1.1')?.status).toBe(state.now < endsAt ? 'working' : 'ended');
        expect(state.byVenue.get(venueKey(SYMBOL, 'long'))).toBe('b.1.1');
      }
      expect(state.orders.get('b.1.1')).toBeUndefined();
    });
  });
});

describe('the rounding of an order by the market’s present rules', () => {
  const step = fc.constantFrom(0.01, 0.05, 0.1, 0.25, 0.5, 1, 5);
  const lot = fc.constantFrom(0.001, 0.002, 0.005, 0.01, 0.1);

  it('never buys dearer or sells cheaper than was asked for, never asks for more, and keeps to whole steps', () => {
    fc.assert(
      fc.property(
        step,
        lot,
        fc.boolean(),
        fc.integer({ min: 100, max: 900_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        (tickSize, lotSize, isBuy, limit, lots) => {
          const booking = units(BTC);
          const market = {
            instrument: { ...BTC, tickSize, lotSize, minNotional: 0 },
            trading: true,
            minQuantity: 0,
            maxQuantity: 0,
            makerFee: null,
            takerFee: null,
          };
          const record = orderRecord('alpha', ticket('a.1.1', { side: isBuy ? 'buy' : 'sell', limit, lots }));
          const request = requestOf(record, { booking, rules: marketRules(market), last: 1, reduceOnly: false, isSafe: true });
          if (isUnsendable(request)) {
            expect(['below-lot', 'below-tick']).toContain(request.code);
            return;
          }
          const asked = limit * 0.1;
          if (isBuy) expect(request.price).toBeLessThanOrEqual(asked + 1e-7);
          else expect(request.price).toBeGreaterThanOrEqual(asked - 1e-7);
          expect(Math.abs((request.price ?? 0) - asked)).toBeLessThan(tickSize);
          expect(request.quantity).toBeLessThanOrEqual(lots * 0.001 + 1e-9);
          const ticks = (request.price ?? 0) / tickSize;
          const wholeLots = request.quantity / lotSize;
          expect(Math.abs(ticks - Math.round(ticks))).toBeLessThan(1e-6);
          expect(Math.abs(wholeLots - Math.round(wholeLots))).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it('refuses here what the venue would refuse, by name', () => {
    const market = { instrument: BTC, trading: true, minQuantity: 0.001, maxQuantity: 1, makerFee: null, takerFee: null };
    const ask = (change: Parameters<typeof ticket>[1], rules = market) =>
      requestOf(orderRecord('alpha', ticket('a.1.1', change)), {
        booking: units(BTC),
        rules: marketRules(rules),
        last: 50_000,
        reduceOnly: false,
        isSafe: true,
      });
    expect(ask({ lots: 1001 })).toMatchObject({ code: 'max-quantity' });
    expect(ask({ lots: 1, limit: 40_000 })).toMatchObject({ code: 'min-notional' });
    expect(ask({ lots: 1, limit: 50_000 })).not.toHaveProperty('code');
    expect(ask({}, { ...market, trading: false })).toMatchObject({ code: 'not-trading' });
    expect(ask({ lots: 3 }, { ...market, instrument: { ...BTC, lotSize: 0.005 } })).toMatchObject({ code: 'below-lot' });
  });
});

describe('the request budget', () => {
  const made = (config: object = {}) => {
    const time = scriptedClock();
    const sent: { name: string; at: number }[] = [];
    const budget = requestBudget(time.clock, BrokerConfig.parse(config));
    const ask = (name: string, priority: 0 | 1 | 2 | 3 | 4, weight: number, fail?: VenueFailure): Promise<string> => {
      const made = budget.request(priority, weight, () => {
        sent.push({ name, at: time.clock.monotonic() });
        return fail ? Promise.reject(fail) : Promise.resolve(name);
      });
      made.catch(() => undefined);
      return made;
    };
    return { ...time, sent, ask, budget };
  };

  it('is silent during a ban, then lets cancels go first and the rest one by one', async () => {
    const on = made({ paceMs: 200 });
    void on.ask('poll', PRIORITY.poll, 1, new VenueFailure('limited', '418', 'banned', START + 120_000));
    await on.pass(10);
    const order = on.ask('order', PRIORITY.order, 1);
    for (let i = 0; i < 5; i++) void on.ask(`poll${i}`, PRIORITY.poll, 1);
    void on.ask('cancel', PRIORITY.cancel, 1);
    await expect(order).rejects.toMatchObject({ kind: 'limited' });
    await on.pass(119_980);
    expect(on.sent.map(({ name }) => name)).toEqual(['poll']);
    await on.pass(10_000);
    expect(on.sent[1]?.name).toBe('cancel');
    const times = on.sent.slice(1).map(({ at }) => at);
    expect(times.every((at, i) => i === 0 || at - times[i - 1]! >= 200)).toBe(true);
    expect(times[0]).toBeGreaterThanOrEqual(120_000);
  });

  it('keeps its reserve for cancels, and never sends more than its weight in any minute', async () => {
    const on = made({ weightPerMinute: 600, cancelReserve: 0.2 });
    for (let i = 0; i < 60; i++) void on.ask(`poll${i}`, PRIORITY.poll, 10);
    await on.pass(1);
    // A burst of 100, of which 20 are kept.
    expect(on.sent).toHaveLength(8);
    void on.ask('cancel', PRIORITY.cancel, 1);
    await on.pass(1);
    expect(on.sent.at(-1)?.name).toBe('cancel');
    await on.pass(60_000);
    expect(on.sent.filter(({ at }) => at <= 60_000).length * 10).toBeLessThanOrEqual(600 + 100);
  });
});

describe('an amount that is split', () => {
  it('loses nothing and gives nobody more than a unit too much', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 }),
        (amount, weights) => {
          const parts = splitAmount(amount, weights);
          const total = weights.reduce((sum, w) => sum + w, 0);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amount);
          parts.forEach((part, i) => expect(Math.abs(part - (amount * weights[i]!) / total)).toBeLessThan(weights.length));
        },
      ),
    );
  });
});

describe('the ban gate', () => {
  it('keeps every part of a session silent once any of them was refused for its rate, and no longer', async () => {
    const { clock, pass } = scriptedClock();
    const venue = scriptedVenue(clock);
    const gate = banGate(venue.transport, clock, 60_000);
    venue.spoil('positions', 'limited', '429', { until: START + 5_000 });
    await expect(gate.positions()).rejects.toMatchObject({ kind: 'limited', code: '429' });
    await expect(gate.balances()).rejects.toMatchObject({ kind: 'limited', code: 'banned' });
    await pass(5_000);
    await expect(gate.balances()).rejects.toMatchObject({ kind: 'limited' });
    await pass(2);
    await gate.balances();
    expect(venue.calls).toEqual(['positions', 'balances']);
  });
});
