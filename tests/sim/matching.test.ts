import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makerTaker } from '../../src/costs/fees.js';
import { fixedBps } from '../../src/costs/slippage.js';
import type { Ticket } from '../../src/events/order.js';
import type { Approved } from '../../src/execution/broker.js';
import type { VenueEvent } from '../../src/execution/venue.js';
import type { Instrument } from '../../src/market/instrument.js';
import { timeframeOf } from '../../src/market/timeframe.js';
import { SimulatedExchange } from '../../src/sim/simulated-exchange.js';
import { referenceInput } from '../arbitraries/orders.js';
import { referenceMatch, type ReferenceEvent, type ReferenceInput } from './reference-matcher.js';

const RUNS = Number(process.env['QUANTAI_FUZZ_RUNS'] ?? 1500);
const CAPITAL = 1_000_000;

const KIND = {
  OrderFilled: 'filled',
  OrderRejected: 'rejected',
  OrderExpired: 'expired',
  OrderCancelled: 'cancelled',
  CancelRejected: 'cancel-rejected',
} as const;

/** Play a reference input on the simulated exchange. */
const play = (input: ReferenceInput): { events: VenueEvent[]; exchange: SimulatedExchange } => {
  const instruments: Instrument[] = input.symbols.map(s => ({
    symbol: s.symbol,
    exchange: 'test',
    kind: 'linear-perpetual',
    tickSize: s.tickSize,
    lotSize: s.lotSize,
    minNotional: s.minNotional,
    contractSize: 1,
    maxLeverage: 1e6,
    maintenanceMarginRate: 0,
    source: 'test',
  }));
  const exchange = new SimulatedExchange(instruments, CAPITAL, {
    fees: makerTaker(input.config.feeRates),
    slippage: fixedBps({ bps: input.config.slippageBps }),
    path: input.config.path,
    limits: input.config.limits,
    participation: input.config.participation,
    leverage: 1e9,
    latency: { order: 0, cancel: 0, report: 0 },
    funding: false,
  });
  const events: VenueEvent[] = [];
  let now = -Infinity;
  exchange.connect(
    event => events.push(event),
    () => now,
  );
  for (const { symbol, bars } of input.symbols)
    for (const bar of bars)
      exchange.load({
        kind: 'bars',
        symbol,
        timeframe: timeframeOf(bar.length),
        rows: 1,
        ts: Float64Array.of(bar.openTime),
        columns: [bar.open, bar.high, bar.low, bar.close, bar.volume ?? NaN].map(x => Float64Array.of(x)),
      });
  for (const o of input.orders) {
    now = o.arrival;
    const ticket: Ticket = {
      orderId: o.id,
      symbol: o.symbol,
      side: o.side,
      type: o.type,
      lots: o.lots,
      limit: o.limit ?? null,
      stop: o.stop ?? null,
      tif: o.tif,
      postOnly: o.postOnly,
      reduceOnly: o.reduceOnly,
    };
    exchange.submit(ticket as Approved<Ticket>);
  }
  for (const c of input.cancels) {
    now = c.arrival;
    exchange.cancel(c.orderId);
  }
  now = -Infinity;
  while (exchange.nextAt < Infinity) {
    now = exchange.nextAt;
    exchange.step();
  }
  return { events, exchange };
};

const asReference = (event: VenueEvent): ReferenceEvent[] => {
  switch (event.type) {
    case 'OrderFilled':
      return [
        {
          ts: event.ts,
          symbol: event.symbol,
          orderId: event.orderId,
          event: 'filled',
          lots: event.lots,
          priceTicks: event.price,
          liquidity: event.liquidity,
          fee: event.fee + 0,
          realised: event.realised + 0,
        },
      ];
    case 'CancelRejected':
      return [{ ts: event.ts, symbol: '', orderId: event.orderId, event: 'cancel-rejected' }];
    case 'OrderRejected':
    case 'OrderExpired':
      return [
        {
          ts: event.ts,
          symbol: event.symbol,
          orderId: event.orderId,
          event: KIND[event.type],
          code: event.code as NonNullable<ReferenceEvent['code']>,
        },
      ];
    case 'OrderCancelled':
      return [
        {
          ts: event.ts,
          symbol: event.symbol,
          orderId: event.orderId,
          event: 'cancelled',
          ...(event.code === 'reduce-only' ? { code: 'reduce-only' as const } : {}),
        },
      ];
    case 'OrderAccepted':
    case 'OrderTriggered':
    case 'FundingSettled':
    case 'AccountLiquidated':
      return [];
  }
};

describe('the simulated exchange on bars', () => {
  it(`agrees fill by fill with a reference written from the rules page alone (${RUNS} random order sequences)`, () => {
    fc.assert(
      fc.property(referenceInput(), input => {
        const expected = referenceMatch(input).map(e =>
          e.event === 'cancel-rejected' ? { ts: e.ts, symbol: '', orderId: e.orderId, event: e.event } : e,
        );
        expect(play(input).events.flatMap(asReference)).toEqual(expected);
      }),
      { numRuns: RUNS, seed: 20240601 },
    );
  }, 120_000);

  it('keeps the conservation and limit-price laws over random order sequences', () => {
    fc.assert(
      fc.property(referenceInput(), input => {
        const { events, exchange } = play(input);
        const orders = new Map(input.orders.map(o => [o.id, o]));
        const filled = new Map<string, number>();
        const ended = new Set<string>();
        let cash = CAPITAL * 1e8;
        const lots = new Map<string, number>();
        for (const event of events) {
          if (event.type === 'OrderFilled') {
            const order = orders.get(event.orderId);
            expect(ended.has(event.orderId)).toBe(false);
            if (order?.limit !== undefined)
              expect(event.side === 'buy' ? event.price <= order.limit : event.price >= order.limit).toBe(true);
            const total = (filled.get(event.orderId) ?? 0) + event.lots;
            filled.set(event.orderId, total);
            expect(total).toBeLessThanOrEqual(order?.lots ?? 0);
            if (total === order?.lots) ended.add(event.orderId);
            cash += event.realised - event.fee;
            lots.set(event.symbol, (lots.get(event.symbol) ?? 0) + (event.side === 'buy' ? event.lots : -event.lots));
          } else if (event.type === 'OrderRejected' || event.type === 'OrderExpired' || event.type === 'OrderCancelled') {
            expect(ended.has(event.orderId)).toBe(false);
            ended.add(event.orderId);
          }
        }
        expect(exchange.account.cash).toBe(cash);
        for (const [symbol, held] of lots) expect(exchange.account.lots[exchange.account.indexOf(symbol)]).toBe(held);
        // What was spent on positions and is not in them was realised: cash + cost of what is held = capital + Σ (proceeds − payments) − fees.
        for (const { symbol } of input.symbols) {
          const i = exchange.account.indexOf(symbol);
          const u = exchange.account.unitsAt(i);
          let flow = 0;
          let realised = 0;
          for (const event of events)
            if (event.type === 'OrderFilled' && event.symbol === symbol) {
              flow += (event.side === 'buy' ? 1 : -1) * u.notional(event.price, event.lots);
              realised += event.realised;
            }
          expect(exchange.account.cost[i]).toBe(flow + realised);
        }
      }),
      { numRuns: RUNS, seed: 7 },
    );
  }, 120_000);
});
