import { describe, expect, it } from 'vitest';
import { evolve, initialState, type BrokerState, type StateFact } from '../../../src/live/broker/broker-state.js';
import { clientIdOf } from '../../../src/live/broker/client-id.js';
import type { VenueExecution, VenueOrder } from '../../../src/live/venue-transport.js';
import { BTC, openedBroker, START, SYMBOL, ticket } from './scripted-venue.js';

const MINUTE = 60_000;
const MONEY = 1e8;

const execution = (id: string, orderId: string, ts: number, change: Partial<VenueExecution> = {}): VenueExecution => ({
  id,
  venueOrderId: `v-${orderId}`,
  clientId: clientIdOf(orderId),
  symbol: SYMBOL,
  side: 'buy',
  price: 50_000,
  quantity: 0.01,
  fee: 0,
  feeAsset: 'USDT',
  maker: true,
  ts,
  cause: 'order',
  positionSide: null,
  ...change,
});

const filledOrder = (orderId: string): VenueOrder => ({
  clientId: clientIdOf(orderId),
  venueId: `v-${orderId}`,
  symbol: SYMBOL,
  side: 'buy',
  type: 'limit',
  status: 'filled',
  quantity: 0.01,
  filled: 0.01,
  price: 50_000,
  stopPrice: null,
  reduceOnly: false,
  closePosition: false,
  conditional: false,
  positionSide: null,
  updatedAt: START - 5 * MINUTE,
});

/** The journal of a session that had two orders at work, and ended. */
const journal = (...more: StateFact[]): BrokerState => {
  const state = initialState([BTC]);
  const opening: StateFact = {
    type: 'CashMoved',
    strategy: '',
    ts: START - 120 * MINUTE,
    kind: 'opening',
    amount: 1000 * MONEY,
    income: '',
    text: '',
  };
  evolve(state, opening);
  for (const [strategy, orderId] of [
    ['alpha', 'a.1.1'],
    ['beta', 'b.1.1'],
  ] as const) {
    const ts = START - 50 * MINUTE;
    evolve(state, { type: 'OrderApproved', strategy, ts, ticket: ticket(orderId) });
    evolve(state, { type: 'OrderSubmitted', strategy, ts, orderId, symbol: SYMBOL });
    evolve(state, { type: 'OrderAccepted', strategy, ts, orderId, symbol: SYMBOL, venueOrderId: `v-${orderId}` });
  }
  for (const fact of more) evolve(state, fact);
  return state;
};

describe('what a crash took out of the journal', () => {
  const later: StateFact = {
    type: 'OrderFilled',
    strategy: 'beta',
    ts: START - 5 * MINUTE,
    orderId: 'b.1.1',
    symbol: SYMBOL,
    side: 'buy',
    price: 500_000,
    lots: 10,
    fee: 0,
    liquidity: 'maker',
    slippage: 0,
    realised: 0,
    execution: 't2',
  };

  it('is found though a later fill of the same symbol was written', async () => {
    const on = await openedBroker({
      state: journal(
        {
          type: 'Reconciled',
          strategy: '',
          ts: START - 6 * MINUTE,
          orders: 2,
          positions: 0,
          balances: 1,
          executions: 0,
          differences: 0,
          cause: 'periodic',
        },
        later,
      ),
      prepare: venue => {
        for (const id of ['a.1.1', 'b.1.1']) venue.orders.set(clientIdOf(id), filledOrder(id));
        venue.trade(execution('t1', 'a.1.1', START - 40 * MINUTE));
        venue.trade(execution('t2', 'b.1.1', START - 5 * MINUTE));
      },
    });
    await on.pass(5_000);
    expect(on.told.filter(({ event }) => event.type === 'OrderFilled')).toMatchObject([
      { strategy: 'alpha', event: { orderId: 'a.1.1', execution: 't1', lots: 10 } },
    ]);
    expect(on.words.filter(word => word.type === 'AlarmRaised' || word.type === 'CashMoved' || word.type === 'PositionAdopted')).toEqual(
      [],
    );
  });

  it('and the venue tells no more is adopted, and the session begins all the same', async () => {
    const on = await openedBroker({
      state: journal(later),
      prepare: venue => {
        for (const id of ['a.1.1', 'b.1.1']) venue.orders.set(clientIdOf(id), filledOrder(id));
        venue.trade(execution('t1', 'a.1.1', START - 40 * MINUTE));
        venue.trade(execution('t2', 'b.1.1', START - 5 * MINUTE));
        venue.executions.length = 0;
      },
      isOpen: false,
    });
    await on.pass(90_000);
    await on.opened;
    expect(on.broker.readiness).toEqual({ ready: true });
    expect(on.broker.state.orders.get('a.1.1')?.status).toBe('ended');
    expect(on.words.filter(word => word.type === 'AlarmRaised' && word.code === 'no-fills')).toHaveLength(1);
    expect([...on.broker.state.books.values()].reduce((sum, { account }) => sum + (account.lots[0] ?? 0), 0)).toBe(20);
  });
});

describe('an execution told by the stream', () => {
  it.each([
    ['buy', 500_000],
    ['sell', 500_000],
  ] as const)('at ten times the price of a %s, while no price is known, is booked as the venue lists it', async (side, wrong) => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1', { side }));
    await on.pass(100);
    on.venue.state.last = NaN;
    on.venue.state.isTold = false;
    const listed = on.venue.fill('qt-a.2.1', 0.01, 50_000);
    on.venue.send({ event: 'execution', execution: { ...listed, price: wrong } });
    await on.pass(1_000);
    expect(on.told.flatMap(({ event }) => (event.type === 'OrderFilled' ? [event.price] : []))).toEqual([500_000]);
    expect(on.words.filter(word => word.type === 'DataQuarantined')).toMatchObject([{ code: 'execution-price' }]);
  });

  it('worse than the limit of its order is not booked on the stream’s word', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.state.isTold = false;
    const listed = on.venue.fill('qt-a.2.1', 0.01, 50_000);
    on.venue.send({ event: 'execution', execution: { ...listed, price: 50_000.2 } });
    await on.pass(1_000);
    expect(on.told.flatMap(({ event }) => (event.type === 'OrderFilled' ? [event.price] : []))).toEqual([500_000]);
  });

  it('otherwise than the venue lists it raises an alarm, and the difference is adopted', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.state.isTold = false;
    const listed = on.venue.fill('qt-a.2.1', 0.01, 50_000);
    on.venue.send({ event: 'execution', execution: { ...listed, price: 49_900 } });
    await on.pass(120_000);
    expect(on.words.filter(word => word.type === 'AlarmRaised' && word.code === 'execution-disagrees')).toHaveLength(1);
    // 0.01 of it cost 100 more a piece than was booked.
    expect(on.words.filter(word => word.type === 'CashMoved' && word.kind === 'adopted')).toMatchObject([{ amount: -1 * MONEY }]);
  });
});

describe('rules of a market that changed', () => {
  it('are asked for at the first refusal, and what is sent meanwhile is rounded by them', async () => {
    const on = await openedBroker({ config: { marketsMs: 3_600_000 } });
    on.venue.state.tickSize = 0.5;
    on.venue.spoil('submit', 'refused', 'price-step');
    on.submit('alpha', ticket('a.2.1', { limit: 500_003 }));
    await on.quiet();
    on.submit('alpha', ticket('a.2.2', { limit: 500_003 }));
    await on.quiet();
    expect(on.typesOf('a.2.1')).toEqual(['OrderRejected']);
    expect(on.venue.submitted.map(({ clientId, price }) => [clientId, price])).toEqual([['qt-a.2.2', 50_000]]);
    expect(on.calls('markets')).toBe(2);
  });
});

describe('an account that cannot be looked at', () => {
  const guarded = { catastrophe: { enabled: true, distance: 0.1 } };
  const bought = async () => {
    const on = await openedBroker({ config: guarded });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    await on.pass(12_000);
    return on;
  };

  it('is halted with a critical alarm once the venue has been silent for longer than a position may be bare', async () => {
    const on = await bought();
    for (const method of ['positions', 'balances', 'openOrders', 'executions', 'income', 'order'])
      for (let i = 0; i < 500; i++) on.venue.spoil(method, 'ambiguous', '503');
    await on.pass(9_000);
    expect(on.halts).toEqual([]);
    // The last answer is up to 10 s old when it falls silent, and 12 s is how long a position may be bare.
    await on.pass(15_000);
    expect(on.halts).toContain('unverified');
    expect(on.words.some(word => word.type === 'AlarmRaised' && word.code === `unverified ${SYMBOL}` && word.severity === 'critical')).toBe(
      true,
    );
  });

  it('is looked at first, and not halted, after the process stood still', async () => {
    const on = await bought();
    const before = on.calls('order');
    // Too short for the next round of questions to be due by itself.
    on.stall(4_000);
    await on.pass(1_500);
    expect(on.calls('order')).toBeGreaterThan(before);
    on.stall(40_000);
    await on.pass(1_500);
    expect(on.halts).toEqual([]);
  });
});

describe('strategies that hold the two sides of one symbol', () => {
  it('can each close their own part, though the account then holds the other', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    on.submit('beta', ticket('b.2.1', { side: 'sell' }));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    on.venue.fill('qt-b.2.1', 0.01, 50_000);
    on.submit('alpha', ticket('a.2.2', { side: 'sell', type: 'market', limit: null, reduceOnly: true }));
    await on.pass(100);
    // The venue sees a flat account, and would refuse what may only reduce it.
    expect(on.venue.submitted.at(-1)).toMatchObject({ clientId: 'qt-a.2.2', reduceOnly: false, quantity: 0.01 });
    on.venue.fill('qt-a.2.2', 0.01, 50_000);
    await on.pass(100);
    expect([on.venue.position, ...['alpha', 'beta'].map(name => on.broker.state.books.get(name)?.account.lots[0])]).toEqual([
      -0.01, 0, -10,
    ]);
  });
});

describe('funding', () => {
  it('is told with the rate that the venue settled at', async () => {
    const at = START + 30_000;
    const on = await openedBroker({
      prepare: venue => Object.assign(venue.transport.history, { funding: () => Promise.resolve([[at, 0.000123]]) }),
    });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    await on.pass(40_000);
    on.venue.pay({ id: 'f1', kind: 'funding', symbol: SYMBOL, asset: 'USDT', amount: -0.06, ts: at + 500, execution: null });
    await on.pass(60_000);
    expect(on.told.flatMap(({ event }) => (event.type === 'FundingSettled' ? [event.rate] : []))).toEqual([0.000123]);
  });

  it('has the settled rate of each hour of a pause, however many pages of the history that takes', async () => {
    const HOUR = 3_600_000;
    const hours = 250;
    const settled = Array.from({ length: hours }, (_, i) => [START + (i + 1) * HOUR, (i + 1) * 1e-6] as const);
    const on = await openedBroker({
      prepare: venue =>
        Object.assign(venue.transport.history, {
          funding: (_: string, from: number, to: number, limit: number) =>
            Promise.resolve(settled.filter(([ts]) => ts >= from && ts <= to).slice(0, limit)),
        }),
    });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    await on.pass(1_000);
    on.stall((hours + 1) * HOUR);
    settled.forEach(([ts], i) =>
      on.venue.pay({ id: `f${i}`, kind: 'funding', symbol: SYMBOL, asset: 'USDT', amount: -0.01, ts: ts + 500, execution: null }),
    );
    await on.pass(600_000);
    expect(on.told.flatMap(({ event }) => (event.type === 'FundingSettled' ? [event.rate] : []))).toEqual(settled.map(([, rate]) => rate));
  });
});

describe('an account in hedge mode', () => {
  it('keeps the two sides apart, and protects each by a stop of its own', async () => {
    const legs = { long: 0, short: 0 };
    const on = await openedBroker({
      config: { catastrophe: { enabled: true, distance: 0.1 } },
      state: initialState([BTC], { hedge: true }),
      prepare: venue =>
        Object.assign(venue.transport, {
          positionMode: () => Promise.resolve(true),
          positions: () =>
            Promise.resolve(
              (['long', 'short'] as const).map(positionSide => ({
                symbol: SYMBOL,
                quantity: legs[positionSide],
                entryPrice: 50_000,
                markPrice: 50_000,
                leverage: 10,
                marginMode: 'cross' as const,
                liquidationPrice: NaN,
                positionSide,
              })),
            ),
        }),
    });
    on.submit('alpha', ticket('a.2.1', { positionSide: 'long' }));
    on.submit('alpha', ticket('a.2.2', { side: 'sell', lots: 4, positionSide: 'short' }));
    await on.pass(100);
    Object.assign(legs, { long: 0.01, short: -0.004 });
    for (const [id, side, quantity, positionSide] of [
      ['a.2.1', 'buy', 0.01, 'long'],
      ['a.2.2', 'sell', 0.004, 'short'],
    ] as const) {
      const { venueId } = on.venue.orders.get(clientIdOf(id))!;
      on.venue.send({
        event: 'execution',
        execution: execution(`t-${id}`, id, on.clock.market(), { side, quantity, positionSide, venueOrderId: venueId }),
      });
    }
    await on.pass(5_000);
    expect([...on.broker.state.books.get('alpha')!.account.lots]).toEqual([10, -4]);
    expect(on.venue.submitted.filter(({ type }) => type === 'stop').map(({ side, positionSide }) => [side, positionSide])).toEqual([
      ['sell', 'long'],
      ['buy', 'short'],
    ]);
  });
});
