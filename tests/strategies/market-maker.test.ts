import fc from 'fast-check';
import { EMPTY, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ClockScheduler } from '../../src/engine/clock-scheduler.js';
import type { BookUpdate, Quote } from '../../src/events/market.js';
import type { OrderFact } from '../../src/events/order.js';
import type { Instrument } from '../../src/market/instrument.js';
import { OrderBook } from '../../src/market/order-book.js';
import { random } from '../../src/random.js';
import marketMaker, { quotePrices } from '../../src/strategies/builtin/market-maker.js';
import type { Intent, OrderIntent } from '../../src/strategies/intent.js';
import { resolveParams } from '../../src/strategies/params.js';
import type { Context } from '../../src/strategies/strategy.js';

const SYMBOL = 'BTC/USDT:USDT';
const INSTRUMENT: Instrument = {
  symbol: SYMBOL,
  exchange: 'binance',
  kind: 'linear-perpetual',
  tickSize: 0.1,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 100,
  maintenanceMarginRate: 0.004,
  source: 'test',
};

/** The strategy between a market and a venue that the test plays. Prices of the market in ticks. */
const play = (given: Record<string, unknown> = {}) => {
  const params = resolveParams(marketMaker.params, { skew: 0, minIntervalMs: 0, ...given });
  const book$ = new Subject<BookUpdate>();
  const quotes$ = new Subject<Quote>();
  const orders$ = new Subject<OrderFact>();
  const scheduler = new ClockScheduler();
  const state = { now: 1_000, position: 0, seq: 0 };
  const context: Context<typeof params, undefined> = {
    params,
    memory: undefined,
    get now() {
      return state.now;
    },
    equity: 1_000_000,
    universe: [SYMBOL],
    position: () => ({ quantity: state.position, entryPrice: NaN, exposure: NaN }),
    quantityFor: () => NaN,
    instrument: () => INSTRUMENT,
    funding: () => undefined,
    book: () => undefined,
    forecast: () => undefined,
    random: () => 0,
    plot: () => undefined,
    note: () => undefined,
  };
  const intents: Intent[] = [];
  scheduler.set(state.now);
  marketMaker
    .run?.({
      params,
      context,
      bars$: EMPTY,
      slices$: EMPTY,
      trades$: EMPTY,
      quotes$,
      book$,
      funding$: EMPTY,
      mark$: EMPTY,
      orders$,
      account$: EMPTY,
      scheduler,
    })
    .subscribe(intent => intents.push(intent));
  const envelope = (correlationId: number) => ({
    seq: ++state.seq,
    version: 1,
    ts: state.now,
    knownAt: state.now,
    account: 'a',
    strategy: 'market-maker',
    correlationId,
    causationId: -1,
  });
  /** Orders at the desk or the venue by name: their id, and lots left. */
  const atWork = new Map<string, { intent: OrderIntent; orderId: string; lots: number }>();
  const book = new OrderBook();
  const self = {
    state,
    atWork,
    /** What it asked for since the last call. */
    take: (): Intent[] => intents.splice(0),
    wait: (ms: number): void => {
      state.now += ms;
      scheduler.run(state.now);
    },
    book: (bid: number, bidLots: number, ask: number, askLots: number): void => {
      book.clear();
      if (bid > 0) book.set(1, bid, bidLots);
      book.set(-1, ask, askLots);
      book$.next({ symbol: SYMBOL, ts: state.now, book });
    },
    quote: (bid: number, ask: number): void => quotes$.next({ symbol: SYMBOL, ts: state.now, bid, bidSize: 1, ask, askSize: 1 }),
    /** The desk lets an order pass. */
    approve: (intent: OrderIntent): string => {
      const requested = { ...envelope(-1), ...asked(intent) };
      const orderId = `o${requested.seq}`;
      orders$.next(requested);
      const lots = Math.round(intent.quantity / INSTRUMENT.lotSize);
      const ticket = { ...ticketOf(intent), orderId, lots };
      atWork.set(intent.id ?? '', { intent, orderId, lots });
      orders$.next({ ...envelope(requested.seq), type: 'OrderApproved', ticket });
      orders$.next({ ...envelope(requested.seq), type: 'OrderSubmitted', orderId, symbol: SYMBOL });
      return orderId;
    },
    deny: (intent: OrderIntent): void => {
      const requested = { ...envelope(-1), ...asked(intent) };
      orders$.next(requested);
      orders$.next({ ...envelope(requested.seq), type: 'IntentDenied', symbol: SYMBOL, code: 'no', text: 'no' });
    },
    accept: (orderId: string): void => orders$.next({ ...envelope(0), type: 'OrderAccepted', orderId, symbol: SYMBOL }),
    end: (orderId: string, type: 'OrderCancelled' | 'OrderRejected' | 'OrderExpired'): void => {
      for (const [name, order] of atWork) if (order.orderId === orderId) atWork.delete(name);
      orders$.next({ ...envelope(0), type, orderId, symbol: SYMBOL, code: 'asked' });
    },
    tooLate: (orderId: string): void => orders$.next({ ...envelope(0), type: 'CancelRejected', orderId, code: 'unknown-order' }),
    fill: (orderId: string, lots: number): void => {
      const [name, order] = [...atWork].find(([, each]) => each.orderId === orderId) ?? [];
      if (!order) return;
      order.lots -= lots;
      if (order.lots === 0) atWork.delete(name ?? '');
      state.position += (order.intent.side === 'buy' ? lots : -lots) * INSTRUMENT.lotSize;
      orders$.next({
        ...envelope(0),
        type: 'OrderFilled',
        orderId,
        symbol: SYMBOL,
        side: order.intent.side,
        price: 0,
        lots,
        fee: 0,
        liquidity: 'maker',
        slippage: 0,
        realised: 0,
      });
    },
  };
  return self;
};

const asked = (intent: OrderIntent) => ({
  type: 'OrderRequested' as const,
  symbol: intent.symbol,
  side: intent.side,
  orderType: intent.type,
  quantity: intent.quantity,
  limit: intent.limit,
  stop: intent.stop,
  tif: intent.tif,
  postOnly: intent.postOnly,
  reduceOnly: intent.reduceOnly,
  name: intent.id,
  reason: intent.reason,
});
const ticketOf = (intent: OrderIntent) => ({
  symbol: intent.symbol,
  side: intent.side,
  type: intent.type,
  limit: Math.round((intent.limit ?? NaN) / INSTRUMENT.tickSize),
  stop: null,
  tif: intent.tif,
  postOnly: intent.postOnly,
  reduceOnly: intent.reduceOnly,
});
const ordersIn = (intents: readonly Intent[]): OrderIntent[] => intents.filter(intent => intent.intent === 'order');
const said = (intents: readonly Intent[]): string[] =>
  intents.map(intent =>
    intent.intent === 'order'
      ? `${intent.side} ${intent.quantity}@${intent.limit}`
      : `${intent.intent} ${intent.intent === 'cancel' ? intent.id : ''}`,
  );

describe('the prices that a market maker quotes', () => {
  const top = { bid: 1000, bidLots: 1, ask: 1001, askLots: 1 };
  it('lie the half spread around the fair price, rounded away from it', () => {
    expect(quotePrices(top, 1000.5, 5, 1, 0)).toEqual({ bid: 995, ask: 1006 });
    expect(quotePrices(top, 1000.5, 0, 1, 0)).toEqual({ bid: 1000, ask: 1001 });
  });
  it('lean against the inventory: at a full long one, skew half spreads lower', () => {
    expect(quotePrices(top, 1000.5, 5, 2, 1)).toEqual({ bid: 985, ask: 1001 });
    expect(quotePrices(top, 1000.5, 5, 2, -1)).toEqual({ bid: 1000, ask: 1016 });
  });
  it('never take, and never cross each other', () => {
    const whole = fc.integer({ min: 1, max: 1e5 });
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        whole,
        fc.integer({ min: 1, max: 50 }),
        part,
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (bid, width, share, half, skew, inventory) => {
          const quoted = quotePrices({ bid, bidLots: 1, ask: bid + width, askLots: 1 }, bid + share * width, half, skew, inventory);
          expect(quoted.bid).toBeLessThan(bid + width);
          expect(quoted.ask).toBeGreaterThan(bid);
          expect(quoted.bid).toBeLessThan(quoted.ask);
        },
      ),
    );
  });
});

describe('the market maker', () => {
  it('quotes both sides of the book, post-only, a share of equity each', () => {
    const t = play({ halfSpreadBps: 1, quoteShare: 0.06, fair: 'mid' });
    t.book(599_999, 10, 600_001, 10);
    const orders = ordersIn(t.take());
    // One basis point of 60,000.0 is 6.0; 6 % of a million at 60,000 is one.
    expect(said(orders)).toEqual(['buy 1@59994', 'sell 1@60006']);
    expect(orders.every(({ postOnly, type }) => postOnly && type === 'limit')).toBe(true);
  });

  it('follows the microprice: a heavy bid lifts both quotes', () => {
    const t = play({ halfSpreadBps: 1, quoteShare: 0.06 });
    t.book(599_990, 90, 600_010, 10);
    // 90 % of the way up the spread: 600,008 ticks, less and more 60.0008.
    expect(said(t.take())).toEqual(['buy 0.999@59994.7', 'sell 0.999@60006.9']);
  });

  it('lives on quotes where there is no book, and on the book alone once there is', () => {
    const t = play({ fair: 'mid' });
    t.quote(59_999.9, 60_000.1);
    expect(ordersIn(t.take())).toHaveLength(2);
    const other = play({ fair: 'mid' });
    other.book(599_999, 10, 600_001, 10);
    other.take();
    other.quote(50_000, 50_000.1);
    expect(other.take()).toEqual([]);
  });

  it('leaves a quote where it is while the price has not moved by more than the threshold, then takes it back, and quotes anew once that is done', () => {
    const t = play({ halfSpreadBps: 0.01, requoteTicks: 3, fair: 'mid', quoteShare: 0.06 });
    t.book(599_999, 10, 600_001, 10);
    const ids = ordersIn(t.take()).map(intent => t.approve(intent));
    for (const id of ids) t.accept(id);
    t.book(600_002, 10, 600_004, 10);
    expect(t.take()).toEqual([]);
    t.book(600_003, 10, 600_005, 10);
    expect(said(t.take())).toEqual([`cancel buy-${SYMBOL}-1`, `cancel sell-${SYMBOL}-2`]);
    t.book(600_003, 10, 600_005, 10);
    expect(t.take()).toEqual([]);
    t.end(ids[0] ?? '', 'OrderCancelled');
    t.book(600_003, 10, 600_005, 10);
    expect(said(t.take())).toEqual(['buy 0.999@60000.3']);
  });

  it('does not cancel what the venue has not taken yet, and cancels again when a cancel came too late', () => {
    const t = play({ fair: 'mid' });
    t.book(599_999, 10, 600_001, 10);
    const [buy = ''] = ordersIn(t.take()).map(intent => t.approve(intent));
    t.book(600_099, 10, 600_101, 10);
    expect(t.take()).toEqual([]);
    t.accept(buy);
    t.book(600_099, 10, 600_101, 10);
    expect(said(t.take())).toEqual([`cancel buy-${SYMBOL}-1`]);
    t.tooLate(buy);
    t.book(600_099, 10, 600_101, 10);
    expect(said(t.take())).toEqual([`cancel buy-${SYMBOL}-1`]);
  });

  it('requotes a side no sooner than the interval allows', () => {
    const t = play({ fair: 'mid', minIntervalMs: 250 });
    t.book(599_999, 10, 600_001, 10);
    for (const id of ordersIn(t.take()).map(intent => t.approve(intent))) t.accept(id);
    t.wait(249);
    t.book(600_099, 10, 600_101, 10);
    expect(t.take()).toEqual([]);
    t.wait(1);
    t.book(600_099, 10, 600_101, 10);
    expect(t.take()).toHaveLength(2);
  });

  it('tries again after a refusal, said or unsaid, and after the venue refused to post', () => {
    const t = play({ fair: 'mid', minIntervalMs: 10 });
    t.book(599_999, 10, 600_001, 10);
    const [buy, sell] = ordersIn(t.take());
    if (buy) t.deny(buy);
    const id = sell ? t.approve(sell) : '';
    t.wait(20);
    t.book(599_999, 10, 600_001, 10);
    // Of the next buy the desk says nothing at all.
    expect(ordersIn(t.take()).map(({ side }) => side)).toEqual(['buy']);
    t.end(id, 'OrderRejected');
    t.wait(20);
    t.book(599_999, 10, 600_001, 10);
    expect(ordersIn(t.take()).map(({ side }) => side)).toEqual(['buy', 'sell']);
  });

  it('takes its quotes back when the market falls silent or the book has no bid', () => {
    const t = play({ fair: 'mid', staleMs: 500 });
    t.book(599_999, 10, 600_001, 10);
    for (const id of ordersIn(t.take()).map(intent => t.approve(intent))) t.accept(id);
    t.wait(400);
    t.book(599_999, 10, 600_001, 10);
    t.wait(200);
    expect(t.take()).toEqual([]);
    t.wait(500);
    expect(said(t.take()).map(text => text.split(' ')[0])).toEqual(['cancel', 'cancel']);

    const other = play({ fair: 'mid' });
    other.book(599_999, 10, 600_001, 10);
    for (const id of ordersIn(other.take()).map(intent => other.approve(intent))) other.accept(id);
    other.book(0, 0, 600_001, 10);
    expect(other.take()).toHaveLength(2);
  });

  it('bids no more at its largest inventory, and quotes what is left below it', () => {
    const t = play({ fair: 'mid', quoteShare: 0.06, maxInventory: 0.09 });
    t.state.position = 1.5;
    t.book(599_999, 10, 600_001, 10);
    expect(ordersIn(t.take()).map(({ side }) => side)).toEqual(['sell']);
    const other = play({ fair: 'mid', quoteShare: 0.06, maxInventory: 0.09 });
    other.state.position = -1.2;
    other.book(599_999, 10, 600_001, 10);
    expect(ordersIn(other.take()).map(({ side, quantity }) => [side, quantity])).toEqual([
      ['buy', 1],
      ['sell', 0.3],
    ]);
  });

  it('holds no more than it may, whatever fills, is refused or comes late, and never has two orders on a side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), seed => {
        const draw = random(`maker/${seed}`);
        const t = play({ quoteShare: 0.05, maxInventory: 0.12, requoteTicks: 2, skew: 1, halfSpreadBps: 0.5 });
        // 12 % of a million at the lowest price of the walk.
        const most = (0.12 * 1e6) / 59_000;
        let mid = 600_000;
        const cancelled: string[] = [];
        for (let i = 0; i < 150; i++) {
          t.wait(draw.int(50));
          mid += draw.int(41) - 20;
          t.book(mid - 1, 1 + draw.int(50), mid + 1, 1 + draw.int(50));
          for (const intent of t.take()) {
            if (intent.intent === 'cancel') cancelled.push(intent.id);
            else if (intent.intent === 'order' && draw.next() < 0.9) {
              const id = t.approve(intent);
              if (draw.next() < 0.1) t.end(id, 'OrderRejected');
            }
          }
          for (const side of ['buy', 'sell'] as const)
            expect([...t.atWork.values()].filter(({ intent }) => intent.side === side).length).toBeLessThan(2);
          for (const { orderId, lots } of t.atWork.values()) {
            const luck = draw.next();
            if (luck < 0.4) t.accept(orderId);
            else if (luck < 0.7) t.fill(orderId, draw.next() < 0.5 ? lots : 1 + draw.int(lots));
          }
          if (cancelled.length > 0 && draw.next() < 0.5) {
            const order = t.atWork.get(cancelled.shift() ?? '');
            if (order) {
              if (draw.next() < 0.7) t.end(order.orderId, 'OrderCancelled');
              else t.tooLate(order.orderId);
            }
          }
          expect(Math.abs(t.state.position)).toBeLessThan(most + 1e-9);
        }
        expect(t.state.seq).toBeGreaterThan(50);
      }),
      { numRuns: 12 },
    );
  });
});
