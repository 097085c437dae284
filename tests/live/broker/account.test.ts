import { describe, expect, it } from 'vitest';
import type { VenueIncome } from '../../../src/live/venue-transport.js';
import { openedBroker, START, SYMBOL, ticket } from './scripted-venue.js';

const MONEY = 1e8;
const funding = (id: string, amount: number, ts: number): VenueIncome => ({
  id,
  kind: 'funding',
  symbol: SYMBOL,
  asset: 'USDT',
  amount,
  ts,
  execution: null,
});

describe('the account of the live broker', () => {
  it('opens with what the venue holds, as one fact', async () => {
    const on = await openedBroker();
    expect(on.words.filter(word => word.type === 'CashMoved')).toMatchObject([{ kind: 'opening', amount: 1000 * MONEY }]);
    expect(on.broker.readiness).toEqual({ ready: true });
  });

  it('refuses a key that may withdraw', async () => {
    const on = await openedBroker({
      isOpen: false,
      prepare: venue =>
        void Object.assign(venue.transport, { permissions: () => Promise.resolve({ trade: true, withdraw: true, ipRestricted: true }) }),
    });
    await on.pass(1_000);
    await expect(on.opened).rejects.toMatchObject({ code: 'key-may-withdraw' });
  });

  it('books funding once by its id, its correction by the difference, for whoever held the position then', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    on.submit('beta', ticket('b.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    on.venue.fill('qt-b.2.1', 0.005, 50_000);
    await on.pass(1_000);
    const at = START + 60_000;
    await on.pass(100_000);
    // Told late, when beta holds nothing any more.
    on.submit('beta', ticket('b.2.2', { side: 'sell', lots: 5 }));
    await on.pass(100);
    on.venue.fill('qt-b.2.2', 0.005, 50_000);
    on.venue.pay(funding('f1', -0.3, at));
    on.venue.pay(funding('f1', -0.3, at));
    on.venue.moveWallet(0.3);
    await on.pass(61_000);
    const paid = (): [string, number][] =>
      on.told.flatMap(({ strategy, event }): [string, number][] => (event.type === 'FundingSettled' ? [[strategy, event.amount]] : []));
    expect(paid()).toEqual([
      ['alpha', -0.2 * MONEY],
      ['beta', -0.1 * MONEY],
    ]);
    // The later entry of the id is corrected.
    on.venue.pay(funding('f1', -0.36, at));
    on.venue.moveWallet(0.3);
    await on.pass(61_000);
    expect(paid().reduce((sum, [, amount]) => sum + amount, 0)).toBe(-0.36 * MONEY);
    expect(on.words.filter(word => word.type === 'CashMoved')).toHaveLength(1);
  });

  it('books all that happened in a pause of ten days, each fill and payment once, and calls nothing unexplained', async () => {
    const DAYS = 10;
    const DAY = 86_400_000;
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1', { lots: 20 }));
    await on.pass(1_000);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    await on.pass(120_000);
    const from = on.clock.market();
    // The process stands still: the order goes on filling, at one moment in two parts, and what is held pays every eight hours.
    on.venue.state.isTold = false;
    on.stall(DAY);
    on.venue.fill('qt-a.2.1', 0.004, 49_900);
    on.venue.fill('qt-a.2.1', 0.006, 49_900);
    on.stall((DAYS - 1) * DAY);
    for (let i = 1; i <= 3 * DAYS; i++) on.venue.pay(funding(`f${i}`, -0.1, from + (i * DAY) / 3));
    await on.pass(600_000);
    on.venue.state.isTold = true;
    await on.pass(600_000);
    const of = (type: string) => on.told.filter(({ event }) => event.type === type);
    expect(of('OrderFilled').map(({ event }) => ('lots' in event ? event.lots : NaN))).toEqual([10, 4, 6]);
    expect(of('FundingSettled')).toHaveLength(3 * DAYS);
    expect(on.words.filter(word => word.type === 'CashMoved')).toMatchObject([{ kind: 'opening' }]);
    expect(of('PositionAdopted')).toEqual([]);
    expect(on.words.filter(word => word.type === 'AlarmRaised' && word.code === 'difference')).toEqual([]);
    // A long quiet time: nothing is booked again.
    for (let day = 0; day < 30; day++) await on.pass(900_000).then(() => on.stall(DAY - 900_000));
    expect(of('OrderFilled')).toHaveLength(3);
    expect(of('FundingSettled')).toHaveLength(3 * DAYS);
  });

  it('ledgers deposits and withdrawals by their ids', async () => {
    const on = await openedBroker();
    const entry = { symbol: null, asset: 'USDT', execution: null };
    on.venue.pay({ ...entry, id: 'd1', kind: 'deposit', amount: 250, ts: START + 30_000 });
    await on.pass(200_000);
    expect(on.words.filter(word => word.type === 'CashMoved')).toMatchObject([
      { kind: 'opening' },
      { kind: 'deposit', amount: 250 * MONEY, income: 'd1' },
    ]);
  });

  it('adopts a balance that nothing explains once, and only when it stands still', async () => {
    const on = await openedBroker();
    on.venue.moveWallet(-7);
    await on.pass(300_000);
    expect(on.words.filter(word => word.type === 'CashMoved' && word.kind === 'adopted')).toMatchObject([{ amount: -7 * MONEY }]);
    expect(on.words.filter(word => word.type === 'AlarmRaised' && word.code === 'difference')).toHaveLength(1);
  });

  it('concludes nothing from a comparison whose requests fail', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    const before = on.told.length;
    for (const method of ['positions', 'balances', 'openOrders', 'executions', 'income', 'order'])
      for (let i = 0; i < 500; i++) on.venue.spoil(method, 'ambiguous', '503');
    await on.pass(600_000);
    expect(on.told.length).toBe(before);
    expect(on.broker.readiness).toMatchObject({ ready: false });
    expect(on.broker.state.books.get('alpha')?.account.lots[0]).toBe(10);
    expect(on.words.some(word => word.type === 'ConnectionChanged' && word.channel === 'requests' && word.state === 'degraded')).toBe(true);
  });

  it('gives a trade by hand to the strategy whose position it reduces, and the rest to the account', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    on.venue.trade({
      id: 'm1',
      venueOrderId: 'v77',
      clientId: 'web_1',
      symbol: SYMBOL,
      side: 'sell',
      price: 50_100,
      quantity: 0.015,
      fee: 0.3,
      feeAsset: 'USDT',
      maker: false,
      ts: on.clock.market(),
      cause: 'order',
      positionSide: null,
    });
    await on.pass(100_000);
    expect(on.told.filter(({ event }) => event.type === 'ExternalFilled')).toMatchObject([
      { strategy: 'alpha', event: { lots: 10, cause: 'manual', fee: 0.2 * MONEY, realised: 1 * MONEY } },
    ]);
    expect(on.words.filter(word => word.type === 'ExternalFilled')).toMatchObject([{ lots: 5, fee: 0.1 * MONEY }]);
    expect(on.words.filter(word => word.type === 'PositionAdopted')).toEqual([]);
  });

  it('tells the one strategy that holds a position of a difference in it, as one fact', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    await on.pass(1_000);
    // The venue's trades end before the trade that nobody told.
    on.venue.state.isTold = false;
    on.venue.trade({ ...on.venue.executions[0]!, id: 'lost', clientId: 'web_2', venueOrderId: 'v88', quantity: 0.002 });
    on.venue.executions.pop();
    await on.pass(200_000);
    expect(on.told.filter(({ event }) => event.type === 'PositionAdopted')).toMatchObject([
      { strategy: 'alpha', event: { before: 10, after: 12 } },
    ]);
  });

  it('pays a fee in another coin out of that coin, at the price of the trade for the base coin', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000, 0.00001, { feeAsset: 'BTC' });
    await on.quiet();
    expect(on.told.find(({ event }) => event.type === 'OrderFilled')?.event).toMatchObject({
      fee: 0.5 * MONEY,
      feePaid: { asset: 'BTC', amount: 1_000 },
    });
    const { cash } = on.broker.state.books.get('alpha')!;
    expect([cash.get('BTC'), cash.get('USDT') ?? 0]).toEqual([-1_000, 0]);
  });

  it('keeps numbers aside that cannot be, and takes the true ones from a poll', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.state.isTold = false;
    const execution = on.venue.fill('qt-a.2.1', 0.01, 50_000);
    for (const bad of [{ price: NaN }, { quantity: -1 }, { price: 1e308 }, { price: 500_000 }, { fee: Infinity }])
      on.venue.send({ event: 'execution', execution: { ...execution, ...bad } });
    expect(on.words.filter(word => word.type === 'DataQuarantined')).toHaveLength(5);
    await on.pass(15_000);
    expect(on.typesOf('a.2.1').filter(type => type === 'OrderFilled')).toHaveLength(1);
  });

  it('opens nothing new while the clocks are apart, and does again when they agree', async () => {
    const on = await openedBroker({ config: { clockMs: 1_000 } });
    on.venue.state.clockOffset = 60_000;
    await on.pass(3_000);
    expect(on.broker.readiness).toMatchObject({ ready: false, code: 'clock' });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    expect(on.sent('a.2.1')).toBe(0);
    on.venue.state.clockOffset = 0;
    await on.pass(3_000);
    expect(on.broker.readiness).toEqual({ ready: true });
  });

  it('whose clock is set while it opens asks for the venue’s time again, and opens', async () => {
    const on = await openedBroker({ isOpen: false, prepare: venue => venue.spoil('positions', 'clock', 'timestamp') });
    await on.pass(30_000);
    await on.opened;
    // Once as every opening does, and once because a request was refused for its time.
    expect(on.calls('serverTime')).toBe(2);
  });

  it('notices a clock that was set back by itself', async () => {
    const on = await openedBroker();
    const before = on.calls('serverTime');
    on.setBack(3_600_000);
    await on.pass(3_000);
    expect(on.calls('serverTime')).toBeGreaterThan(before);
    expect(on.broker.readiness).toMatchObject({ code: 'clock' });
  });
});

describe('the protection of positions', () => {
  const guarded = { catastrophe: { enabled: true, distance: 0.1 } };
  const bought = async (config: object = guarded) => {
    const on = await openedBroker({ config });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    return on;
  };
  const stops = (on: Awaited<ReturnType<typeof bought>>) => on.venue.submitted.filter(request => request.type === 'stop');

  it('places one closing stop at the stated distance for a position that has none', async () => {
    const on = await bought();
    await on.pass(60_000);
    expect(stops(on)).toMatchObject([{ side: 'sell', closePosition: true, stopPrice: 45_000, triggerBy: 'mark' }]);
  });

  it('leaves a position alone that its strategy protects, and takes its own stop back when the strategy’s comes', async () => {
    const on = await bought();
    await on.pass(5_000);
    on.submit('alpha', ticket('a.2.2', { side: 'sell', type: 'stop', limit: null, stop: 480_000, reduceOnly: true }));
    await on.pass(5_000);
    const working = [...on.venue.orders.values()].filter(order => order.status === 'untriggered');
    expect(working.map(order => order.clientId)).toEqual(['qt-a.2.2']);
  });

  it('sends no stop of its own, and nothing of a strategy, once another session has taken the account over', async () => {
    const on = await bought();
    on.owns.account = 'another';
    on.submit('alpha', ticket('a.2.2'));
    await on.pass(5_000);
    expect([stops(on), on.sent('a.2.2')]).toEqual([[], 0]);
    expect(on.typesOf('a.2.2')).toEqual(['OrderRejected']);
  });

  it('sends its own stop, and takes orders back, also where nobody can read whose the account is; a strategy’s order does not leave', async () => {
    const on = await bought();
    on.submit('alpha', ticket('a.2.2', { limit: 400_000 }));
    await on.pass(100);
    on.owns.account = 'unreadable';
    on.submit('alpha', ticket('a.2.3'));
    on.broker.cancel('alpha', 'a.2.2');
    await on.pass(5_000);
    expect([stops(on).length, on.sent('a.2.3')]).toEqual([1, 0]);
    expect(on.typesOf('a.2.2')).toContain('OrderCancelled');
    expect(on.typesOf('a.2.3')).toEqual(['OrderRejected']);
  });

  it('takes its stop back when the position is closed', async () => {
    const on = await bought();
    await on.pass(5_000);
    on.submit('alpha', ticket('a.2.2', { side: 'sell' }));
    await on.pass(100);
    on.venue.fill('qt-a.2.2', 0.01, 50_000);
    await on.pass(5_000);
    expect([...on.venue.orders.values()].filter(order => order.status === 'untriggered')).toEqual([]);
  });

  it('never has two of its stops at the venue, though answers are lost', async () => {
    const on = await openedBroker({ config: guarded });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.state.isTold = false;
    on.venue.spoil('submit', 'ambiguous', 'timeout', { after: true });
    for (let i = 0; i < 3; i++) on.venue.spoil('order', 'ambiguous', '503');
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    await on.pass(60_000);
    expect(stops(on)).toHaveLength(1);
  });

  it('closes the position after five refusals, and halts when that is refused too', async () => {
    const on = await bought();
    for (let i = 0; i < 20; i++) on.venue.spoil('submit', 'refused', 'price-band');
    await on.pass(30_000);
    const asked = on.calls('submit') - 1;
    expect(asked).toBe(5 + 3);
    expect(on.halts).toContain('unprotected');
    expect(on.words.some(word => word.type === 'AlarmRaised' && word.severity === 'critical')).toBe(true);
  });

  it('closes it at once when the stop would trigger at once', async () => {
    const on = await bought();
    on.venue.spoil('submit', 'refused', 'would-trigger');
    await on.pass(6_000);
    expect(on.venue.submitted.filter(request => request.type === 'market')).toMatchObject([
      { side: 'sell', quantity: 0.01, reduceOnly: true },
    ]);
  });
});
