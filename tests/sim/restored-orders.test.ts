import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/events/fact.js';
import type { OrderAmended, Ticket } from '../../src/events/order.js';
import type { VenueEvent } from '../../src/execution/venue.js';
import { simulatedExchange } from '../../src/sim/exchange-rules.js';
import { restingOrders } from '../../src/sim/matching/resting-order.js';
import { A, stage, T0 } from '../engine/scenario.js';

const HOUR = 3_600_000;
const ticket: Ticket = {
  orderId: 'o1',
  symbol: A,
  side: 'buy',
  type: 'limit',
  lots: 5,
  limit: 90,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
};
let seq = 0;
const at = (ts: number) => ({ seq: seq++, version: 1, ts, knownAt: ts, account: 'a', strategy: 's', correlationId: 0, causationId: -1 });
const submitted = (order: Ticket): Fact[] => [
  { ...at(T0), type: 'OrderApproved', ticket: order },
  { ...at(T0), type: 'OrderSubmitted', orderId: order.orderId, symbol: A },
];
const accepted = (order: Ticket): Fact => ({ ...at(T0), type: 'OrderAccepted', orderId: order.orderId, symbol: A });
const amended = (ts: number, more: Partial<OrderAmended>): Fact => ({
  ...at(ts),
  type: 'OrderAmended',
  orderId: 'o1',
  symbol: A,
  lots: 5,
  limit: 90,
  stop: null,
  keepsPlace: false,
  ...more,
});

/** Fills of the second bar after a restart between two bars, with what facts tell of orders. The bars open at 100 and fall to 98. */
const fills = (facts: readonly Fact[]): readonly unknown[] => {
  const { chunks, config, instruments } = stage({
    bars: {
      [A]: [
        [100, 101, 99, 100, 1_000],
        [100, 101, 98, 100, 1_000],
      ],
    },
  });
  const venue = simulatedExchange(config, instruments, []);
  const told: VenueEvent[] = [];
  let now = T0 + HOUR;
  venue.connect(
    event => told.push(event),
    () => now,
  );
  const [chunk] = chunks;
  if (!chunk) throw new Error('no bars');
  const row = (i: number) => ({
    ...chunk,
    rows: 1,
    ts: chunk.ts.slice(i, i + 1),
    columns: chunk.columns.map(column => column.slice(i, i + 1)),
  });
  venue.load(row(0));
  venue.restore({ cash: 1e12, lots: [0], cost: [0] }, restingOrders(facts));
  expect(told).toEqual([]);
  venue.load(row(1));
  while (venue.nextAt < T0 + 2 * HOUR) {
    now = venue.nextAt;
    venue.step();
  }
  return told.flatMap(event => (event.type === 'OrderFilled' ? [[event.orderId, event.price, event.lots, event.liquidity]] : []));
};

describe('orders that are put back after a restart', () => {
  it('rest at the price that they were last amended to', () => {
    expect(fills([...submitted(ticket), accepted(ticket)])).toEqual([]);
    expect(fills([...submitted(ticket), accepted(ticket), amended(T0 + 60, { limit: 99, lots: 3 })])).toEqual([['o1', 99, 3, 'maker']]);
  });

  it('have yet to meet the market when they were amended after its last bar', () => {
    // Beyond the open: one that rests there is filled as a maker at its price, one that comes now takes at the market's.
    const facts = [...submitted(ticket), accepted(ticket)];
    expect(fills([...facts, amended(T0 + 60, { limit: 105 })])).toEqual([['o1', 105, 5, 'maker']]);
    expect(fills([...facts, amended(T0 + HOUR, { limit: 105 })])).toEqual([['o1', 100, 5, 'taker']]);
  });

  it('keep what had filled of them, and what had ended stays over', () => {
    const other = { ...ticket, orderId: 'o2', limit: 99 };
    const filled: Fact = {
      ...at(T0 + 90),
      type: 'OrderFilled',
      orderId: 'o1',
      symbol: A,
      side: 'buy',
      price: 99,
      lots: 2,
      fee: 0,
      liquidity: 'maker',
      slippage: 0,
      realised: 0,
    };
    const facts = [...submitted(ticket), accepted(ticket), amended(T0 + 60, { limit: 99 }), filled];
    expect(fills(facts)).toEqual([['o1', 99, 3, 'maker']]);
    expect(fills([...facts, { ...at(T0 + 99), type: 'OrderCancelled', orderId: 'o1', symbol: A, code: 'requested' }])).toEqual([]);
    // One that the venue never said to have is on its way.
    expect(restingOrders([...facts, ...submitted(other)]).map(({ ticket: { orderId } }) => orderId)).toEqual(['o1']);
  });
});
