import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makerTaker } from '../../src/costs/fees.js';
import { fixedBps } from '../../src/costs/slippage.js';
import { CLOSE_ALL, type Amendment, type Ticket } from '../../src/events/order.js';
import type { Chunk } from '../../src/events/market.js';
import type { Approved } from '../../src/execution/broker.js';
import type { VenueEvent } from '../../src/execution/venue.js';
import type { Instrument } from '../../src/market/instrument.js';
import { timeframeOf } from '../../src/market/timeframe.js';
import { constantLatency } from '../../src/sim/latency/latency-models.js';
import { BarMarket } from '../../src/sim/matching/bar-market.js';
import { SimulatedExchange } from '../../src/sim/simulated-exchange.js';
import { referenceInput } from '../arbitraries/orders.js';
import { referenceMatch, type ReferenceBar, type ReferenceEvent, type ReferenceInput, type ReferenceSymbol } from './reference-matcher.js';

const RUNS = Number(process.env['QUANTAI_FUZZ_RUNS'] ?? 700);
const CAPITAL = 1_000_000;

const KIND = {
  OrderFilled: 'filled',
  OrderRejected: 'rejected',
  OrderExpired: 'expired',
  OrderCancelled: 'cancelled',
  CancelRejected: 'cancel-rejected',
} as const;

const chunkOf = (symbol: string, { openTime, length, open, high, low, close, volume }: ReferenceBar): Chunk => ({
  kind: 'bars',
  symbol,
  timeframe: timeframeOf(length),
  rows: 1,
  ts: Float64Array.of(openTime),
  columns: [open, high, low, close, volume ?? NaN].map(x => Float64Array.of(x)),
});

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
  const { path, limits, participation, slippageBps, feeRates } = input.config;
  const slippage = fixedBps({ bps: slippageBps });
  const exchange = new SimulatedExchange(
    instruments,
    CAPITAL,
    {
      fees: makerTaker(feeRates),
      slippage,
      leverage: 1e9,
      latency: constantLatency({ order: 0, cancel: 0, report: 0 }),
      funding: false,
      margin: null,
      marked: instruments.map(() => false),
    },
    (index, instrument, account, host) => {
      const { bars, finer } = input.symbols.find(({ symbol }) => symbol === instrument.symbol) as ReferenceSymbol;
      const both = finer?.[0] && bars[0] && { finer: timeframeOf(finer[0].length), timeframe: timeframeOf(bars[0].length) };
      return new BarMarket(index, instrument, account.unitsAt(index), { path, limits, participation, slippage, ...both }, host);
    },
  );
  const events: VenueEvent[] = [];
  let now = -Infinity;
  exchange.connect(
    event => events.push(event),
    () => now,
  );
  for (const { symbol, bars, finer, marks } of input.symbols) {
    for (const bar of bars) exchange.load(chunkOf(symbol, bar));
    for (const bar of finer ?? []) exchange.load(chunkOf(symbol, bar));
    for (const { ts, price } of marks ?? [])
      exchange.load({ kind: 'mark', symbol, rows: 1, ts: Float64Array.of(ts), columns: [Float64Array.of(price)] });
  }
  for (const o of input.orders) {
    now = o.arrival;
    const ticket: Ticket = {
      orderId: o.id,
      symbol: o.symbol,
      side: o.side,
      type: o.type,
      lots: o.closePosition ? CLOSE_ALL : o.lots,
      limit: o.limit ?? null,
      stop: o.stop ?? null,
      tif: o.tif,
      postOnly: o.postOnly,
      reduceOnly: o.reduceOnly,
      ...(o.goodTill === undefined ? {} : { goodTill: o.goodTill }),
      ...(o.triggerBy === undefined ? {} : { triggerBy: o.triggerBy }),
      ...(o.trail === undefined ? {} : { trail: o.trail }),
      ...(o.closePosition === undefined ? {} : { closePosition: o.closePosition }),
    };
    exchange.submit(ticket as Approved<Ticket>);
  }
  for (const c of input.cancels) {
    now = c.arrival;
    exchange.cancel(c.orderId);
  }
  for (const { arrival, ...amendment } of input.amendments ?? []) {
    now = arrival;
    exchange.amend(amendment as Approved<Amendment>);
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
    case 'AmendRejected':
      return [
        {
          ts: event.ts,
          symbol: '',
          orderId: event.orderId,
          event: 'amend-rejected',
          code: event.code as NonNullable<ReferenceEvent['code']>,
        },
      ];
    case 'OrderAmended': {
      const { ts, symbol, orderId, limit, stop, keepsPlace } = event;
      const lots = event.lots === CLOSE_ALL ? Infinity : event.lots;
      return [{ ts, symbol, orderId, event: 'amended', terms: { lots, limit, stop, keepsPlace } }];
    }
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
          ...(event.code === 'reduce-only' || event.code === 'position-closed' ? { code: event.code } : {}),
        },
      ];
    case 'OrderAccepted':
    case 'OrderTriggered':
    case 'FundingSettled':
    case 'AccountLiquidated':
    case 'PositionLiquidated':
    case 'OrderUnknown':
    case 'ExternalFilled':
    case 'PositionAdopted':
    case 'CashMoved':
      return [];
  }
};

describe('the simulated exchange on bars', () => {
  it(`agrees fill by fill with a reference written from the rules page alone (${RUNS} random order sequences)`, () => {
    fc.assert(
      fc.property(referenceInput(), input => {
        // A refusal to change or cancel an order does not say its symbol.
        const expected = referenceMatch(input).map(e =>
          e.event === 'cancel-rejected' || e.event === 'amend-rejected' ? { ...e, symbol: '' } : e,
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
        // Terms as they are at the moment of an event: an amendment changes them.
        const orders = new Map(input.orders.map(o => [o.id, { lots: o.closePosition ? Infinity : o.lots, limit: o.limit ?? null }]));
        const filled = new Map<string, number>();
        const ended = new Set<string>();
        let cash = CAPITAL * 1e8;
        const lots = new Map<string, number>();
        for (const event of events) {
          if (event.type === 'OrderFilled') {
            const order = orders.get(event.orderId);
            expect(ended.has(event.orderId)).toBe(false);
            if (order !== undefined && order.limit !== null)
              expect(event.side === 'buy' ? event.price <= order.limit : event.price >= order.limit).toBe(true);
            const total = (filled.get(event.orderId) ?? 0) + event.lots;
            filled.set(event.orderId, total);
            expect(total).toBeLessThanOrEqual(order?.lots ?? 0);
            if (total === order?.lots) ended.add(event.orderId);
            cash += event.realised - event.fee;
            lots.set(event.symbol, (lots.get(event.symbol) ?? 0) + (event.side === 'buy' ? event.lots : -event.lots));
          } else if (event.type === 'OrderAmended') {
            expect(ended.has(event.orderId)).toBe(false);
            orders.set(event.orderId, { lots: event.lots, limit: event.limit });
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
