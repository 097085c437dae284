import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/events/fact.js';
import { CLOSE_ALL, type Ticket } from '../../src/events/order.js';
import { firstDifference } from '../../src/journal/fact-difference.js';
import { OrderTable } from '../../src/journal/orders.js';
import { RUN_TABLES, tableColumns } from '../../src/journal/tables.js';
import { perpetual } from '../arbitraries/series.js';

const SYMBOL = 'BTC/USDT:USDT';
const envelope = (seq: number, ts: number, correlationId = seq) => ({
  seq,
  version: 1,
  ts,
  knownAt: ts,
  account: 'backtest',
  strategy: 's',
  correlationId,
  causationId: seq - 1,
});
const ticket = (orderId: string, over: Partial<Ticket> = {}): Ticket => ({
  orderId,
  symbol: SYMBOL,
  side: 'buy',
  type: 'limit',
  lots: 100,
  limit: 305,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  ...over,
});
const fill = (seq: number, ts: number, orderId: string, price: number, lots: number, fee = 0, side: 'buy' | 'sell' = 'buy'): Fact => ({
  ...envelope(seq, ts),
  type: 'OrderFilled',
  orderId,
  symbol: SYMBOL,
  side,
  price,
  lots,
  fee,
  liquidity: 'maker',
  slippage: 0,
  realised: 0,
});

/** Tick 0.1, lot 0.001. */
const rowsOf = (facts: readonly Fact[]) => {
  const table = new OrderTable([perpetual(SYMBOL)]);
  for (const fact of facts) table.apply(fact);
  return table.rows();
};

describe('the table of orders', () => {
  it('has one row an order with its ticket, its times, its fills and its end', () => {
    const facts: Fact[] = [
      { ...envelope(0, 1000), type: 'TargetSet', symbol: SYMBOL, exposure: 1, reason: 'up' },
      { ...envelope(1, 1000, 0), type: 'OrderApproved', ticket: ticket('o1') },
      { ...envelope(2, 1001, 0), type: 'OrderSubmitted', orderId: 'o1', symbol: SYMBOL },
      { ...envelope(3, 1005, 0), type: 'OrderAccepted', orderId: 'o1', symbol: SYMBOL },
      fill(4, 2000, 'o1', 300, 25, 150_000_000),
      fill(5, 3000, 'o1', 304, 75, -50_000_000),
    ];
    expect(rowsOf(facts)).toEqual([
      {
        order_id: 'o1',
        symbol: SYMBOL,
        side: 'buy',
        type: 'limit',
        lots: 100,
        quantity: 0.1,
        limit_price: 30.5,
        stop_price: null,
        tif: 'gtc',
        post_only: false,
        reduce_only: false,
        good_till: null,
        trigger_by: null,
        trail_bps: null,
        trail_distance: null,
        trail_activation: null,
        close_position: false,
        position_side: null,
        amended: 0,
        submitted_ts: 1001,
        accepted_ts: 1005,
        ended_ts: 3000,
        ended: 'filled',
        code: null,
        filled_lots: 100,
        filled_quantity: 0.1,
        // (25 × 30.0 + 75 × 30.4) ÷ 100, a dollar and a half paid and half of one given back.
        average_price: 30.3,
        fee: 1,
        reason: 'up',
      },
    ]);
    expect(rowsOf(facts.slice(0, 5))[0]).toMatchObject({ ended: null, ended_ts: null, filled_lots: 25, average_price: 30 });
  });

  it('says how an order ended, whatever of it had filled', () => {
    const facts: Fact[] = [
      { ...envelope(0, 0), type: 'OrderApproved', ticket: ticket('o1', { type: 'stop-limit', stop: 301, tif: 'ioc' }) },
      { ...envelope(1, 0), type: 'OrderApproved', ticket: ticket('o2', { side: 'sell', postOnly: true }) },
      { ...envelope(2, 0), type: 'OrderApproved', ticket: ticket('o3', { reduceOnly: true, type: 'market', limit: null }) },
      { ...envelope(3, 0), type: 'OrderApproved', ticket: ticket('o4') },
      fill(4, 5, 'o1', 305, 40),
      { ...envelope(5, 6), type: 'OrderExpired', orderId: 'o1', symbol: SYMBOL, code: 'ioc' },
      { ...envelope(6, 7), type: 'OrderRejected', orderId: 'o2', symbol: SYMBOL, code: 'would-cross' },
      { ...envelope(7, 8), type: 'OrderCancelled', orderId: 'o3', symbol: SYMBOL, code: 'requested' },
    ];
    expect(rowsOf(facts).map(row => [row.order_id, row.ended, row.code, row.ended_ts, row.filled_lots, row.average_price])).toEqual([
      ['o1', 'expired', 'ioc', 6, 40, 30.5],
      ['o2', 'rejected', 'would-cross', 7, 0, null],
      ['o3', 'cancelled', 'requested', 8, 0, null],
      ['o4', null, null, null, 0, null],
    ]);
    expect(rowsOf(facts).map(row => [row.stop_price, row.tif, row.post_only, row.reduce_only, row.side])).toEqual([
      [30.1, 'ioc', false, false, 'buy'],
      [null, 'gtc', true, false, 'sell'],
      [null, 'gtc', false, true, 'buy'],
      [null, 'gtc', false, false, 'buy'],
    ]);
  });

  it('shows the terms that an order had last, and what it asked for beyond the usual', () => {
    const facts: Fact[] = [
      { ...envelope(0, 0), type: 'OrderApproved', ticket: ticket('o1', { tif: 'gtd', goodTill: 9000, positionSide: 'long' }) },
      { ...envelope(1, 5), type: 'OrderAmended', orderId: 'o1', symbol: SYMBOL, lots: 60, limit: 301, stop: null, keepsPlace: false },
      fill(2, 6, 'o1', 301, 60),
      {
        ...envelope(3, 7),
        type: 'OrderApproved',
        ticket: ticket('o2', {
          type: 'trailing-stop',
          limit: null,
          trail: { bps: null, distance: 25, activation: 310 },
          triggerBy: 'mark',
        }),
      },
    ];
    expect(rowsOf(facts)).toMatchObject([
      { quantity: 0.06, limit_price: 30.1, tif: 'gtd', good_till: 9000, position_side: 'long', amended: 1, ended: 'filled' },
      { type: 'trailing-stop', trail_bps: null, trail_distance: 2.5, trail_activation: 31, trigger_by: 'mark', amended: 0 },
    ]);
  });

  it('shows no size of an order that closes whatever is held, and that it is filled when nothing is', () => {
    const closing = ticket('o1', {
      type: 'stop',
      side: 'sell',
      limit: null,
      stop: 290,
      lots: CLOSE_ALL,
      reduceOnly: true,
      closePosition: true,
    });
    const facts: Fact[] = [
      { ...envelope(0, 0), type: 'OrderApproved', ticket: closing },
      { ...envelope(1, 0), type: 'OrderApproved', ticket: { ...closing, orderId: 'o2' } },
      fill(2, 6, 'o1', 290, 40, 0, 'sell'),
      { ...envelope(3, 6), type: 'OrderCancelled', orderId: 'o1', symbol: SYMBOL, code: 'position-closed' },
      { ...envelope(4, 7), type: 'OrderCancelled', orderId: 'o2', symbol: SYMBOL, code: 'position-closed' },
    ];
    expect(rowsOf(facts)).toMatchObject([
      { lots: null, quantity: null, close_position: true, filled_quantity: 0.04, ended: 'filled', code: null },
      { lots: null, quantity: null, filled_lots: 0, ended: 'cancelled', code: 'position-closed' },
    ]);
  });

  it('has the venue’s own closing orders, which were never submitted', () => {
    const facts: Fact[] = [
      { ...envelope(0, 9), type: 'OrderAccepted', orderId: 'end-of-data-1', symbol: SYMBOL },
      fill(1, 9, 'end-of-data-1', 299, 40, 0, 'sell'),
    ];
    expect(rowsOf(facts)).toMatchObject([
      { type: 'market', side: 'sell', lots: 40, filled_lots: 40, submitted_ts: null, ended: 'filled', reason: 'end-of-data' },
    ]);
  });
});

describe('a table by column', () => {
  it('has every column in order, flags as 0 and 1, and NaN or null where nothing is defined, without rows too', () => {
    for (const name of Object.keys(RUN_TABLES) as (keyof typeof RUN_TABLES)[]) {
      const columns = tableColumns(name, []);
      expect(Object.keys(columns)).toEqual(Object.keys(RUN_TABLES[name].columns));
      for (const [column, kind] of Object.entries(RUN_TABLES[name].columns))
        expect(columns[column] instanceof Float64Array, `${name}.${column}`).toBe(kind !== 'text' && kind !== 'json');
    }
    const [row] = rowsOf([{ ...envelope(0, 0), type: 'OrderApproved', ticket: ticket('o1', { postOnly: true }) }]);
    const columns = tableColumns('orders', row ? [row] : []);
    expect(columns['post_only']).toEqual(Float64Array.of(1));
    expect(columns['reduce_only']).toEqual(Float64Array.of(0));
    expect(columns['average_price']).toEqual(Float64Array.of(NaN));
    expect(columns['ended']).toEqual([null]);
  });
});

describe('the first difference between two runs', () => {
  const run: Fact[] = [
    { ...envelope(0, 0), type: 'RunStarted', manifest: 'm' },
    { ...envelope(1, 60_000), type: 'TargetSet', symbol: SYMBOL, exposure: 1, reason: '' },
    { ...envelope(2, 60_000), type: 'OrderApproved', ticket: ticket('o1') },
    fill(3, 120_000, 'o1', 300, 100),
  ];
  const text = (recorded: readonly Fact[], again: readonly Fact[]): string | undefined => firstDifference(recorded, again)?.text;

  it('is none between a run and its copy, whatever the order of its keys', () => {
    const copy = run.map(fact => JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(fact).reverse()))) as Fact);
    expect(firstDifference(run, copy)).toBeNull();
    expect(firstDifference([], [])).toBeNull();
  });

  it('names fact, time and field, also inside a ticket', () => {
    expect(text(run, [...run.slice(0, 3), fill(3, 120_000, 'o1', 301, 100)])).toBe(
      'fact 3, OrderFilled of o1 at 1970-01-01 00:02, differs: price is 300 in the journal and 301 in the replay.',
    );
    const other: Fact = { ...envelope(2, 60_000), type: 'OrderApproved', ticket: ticket('o1', { lots: 99 }) };
    expect(text(run, [...run.slice(0, 2), other, ...run.slice(3)])).toMatch(/fact 2, OrderApproved.*ticket is .*"lots":100.*"lots":99/);
  });

  it('names what is missing, what is too much and what changed places', () => {
    expect(text(run.slice(0, 3), run)).toBe(
      'fact 3, OrderFilled of o1 at 1970-01-01 00:02, is in the replay and missing from the journal.',
    );
    expect(text(run, run.slice(1))).toMatch(/^fact 0, RunStarted .*is in the journal and not in the replay/);
    const [a, b, c, d] = run as [Fact, Fact, Fact, Fact];
    expect(text([a, c, b, d], run)).toMatch(/^fact 2, OrderApproved .*is out of its order in the journal: fact 1 is due there/);
  });
});
