import { describe, expect, it } from 'vitest';
import { clientIdOf } from '../../../src/live/broker/client-id.js';
import { canonicalBooks } from '../../../src/live/broker/state-text.js';
import { openedBroker, SYMBOL, ticket } from './scripted-venue.js';

describe('an order of the live broker', () => {
  it('that was taken, and whose answer was lost, is unknown and then found by its own id, and is sent once', async () => {
    const on = await openedBroker();
    on.venue.state.isTold = false;
    on.venue.spoil('submit', 'ambiguous', 'timeout', { after: true });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    expect(on.typesOf('a.2.1')).toEqual(['OrderUnknown', 'OrderAccepted']);
    expect(on.sent('a.2.1')).toBe(1);
    expect(on.broker.state.orders.get('a.2.1')?.status).toBe('working');
  });

  it('that never arrived is refused only when the request can take effect no more, and is not sent again', async () => {
    const on = await openedBroker();
    on.venue.spoil('submit', 'ambiguous', 'timeout');
    on.submit('alpha', ticket('a.2.1'));
    // Receive window 5 s and a margin of 1 s: before that "no such order" may only be early.
    await on.pass(5_900);
    expect(on.typesOf('a.2.1')).toEqual(['OrderUnknown']);
    await on.pass(6_000);
    expect(on.typesOf('a.2.1')).toEqual(['OrderUnknown', 'OrderRejected']);
    expect(on.calls('submit')).toBe(1);
  });

  it('that arrives late, within the receive window, is found although the first question said that it is absent', async () => {
    const on = await openedBroker();
    on.venue.state.isTold = false;
    on.venue.spoil('submit', 'ambiguous', 'timeout');
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(1_000);
    await on.venue.transport.submit({
      clientId: clientIdOf('a.2.1'),
      symbol: SYMBOL,
      side: 'buy',
      type: 'limit',
      quantity: 0.01,
      price: 50_000,
      stopPrice: null,
      triggerBy: 'last',
      trail: null,
      tif: 'gtc',
      goodTill: null,
      postOnly: false,
      reduceOnly: false,
      closePosition: false,
      positionSide: null,
    });
    await on.pass(10_000);
    expect(on.typesOf('a.2.1')).toEqual(['OrderUnknown', 'OrderAccepted']);
  });

  it('that ended before the answer to its submission came raises no alarm: the answer is older than the end', async () => {
    const on = await openedBroker();
    const { submit } = on.venue.transport;
    Object.assign(on.venue.transport, {
      submit: async (request: Parameters<typeof submit>[0]) => {
        const answer = await submit(request);
        on.venue.set({ ...answer, status: 'cancelled' });
        await new Promise<void>(resolve => void on.clock.after(200, resolve));
        return answer;
      },
    });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(60_000);
    expect(on.typesOf('a.2.1')).toEqual(['OrderAccepted', 'OrderCancelled']);
    expect(on.words.filter(word => word.type === 'AlarmRaised')).toEqual([]);
    expect(on.calls('cancel')).toBe(0);
  });

  it('that had ended for us and is at work at the venue is found by the next comparison, told as critical, and taken back', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(1_000);
    const order = on.venue.orders.get(clientIdOf('a.2.1'));
    if (!order) throw new Error('the venue does not have it');
    on.venue.send({ event: 'order', order: { ...order, status: 'cancelled' } });
    await on.pass(120_000);
    expect(on.typesOf('a.2.1')).toEqual(['OrderAccepted', 'OrderCancelled']);
    expect(JSON.stringify(on.words)).toContain('order-after-end');
    expect(on.venue.orders.get(clientIdOf('a.2.1'))?.status).toBe('cancelled');
  });

  it('is not closed by an error: while the venue fails to answer it stays unknown', async () => {
    const on = await openedBroker();
    on.venue.spoil('submit', 'ambiguous', 'timeout');
    for (let i = 0; i < 200; i++) on.venue.spoil('order', 'ambiguous', '503');
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(60_000);
    expect(on.typesOf('a.2.1')).toEqual(['OrderUnknown']);
    expect(on.broker.readiness).toMatchObject({ ready: false });
  });

  it.each([
    ['limited', 'limited'],
    ['clock', 'clock'],
    ['unavailable', 'unavailable'],
  ] as const)('refused before it was looked at (%s) is told as rejected and never sent again', async (kind, code) => {
    const on = await openedBroker();
    on.venue.spoil('submit', kind);
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(30_000);
    expect(on.told.filter(({ event }) => event.type === 'OrderRejected').map(({ event }) => ('code' in event ? event.code : ''))).toEqual([
      code,
    ]);
    expect(on.calls('submit')).toBe(1);
  });

  it('handed over twice is sent once', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(1_000);
    expect(on.sent('a.2.1')).toBe(1);
  });

  it('is accepted before its first fill, though the fill comes first', async () => {
    const on = await openedBroker();
    on.venue.spoil('submit', 'ambiguous', 'timeout', { after: true });
    on.submit('alpha', ticket('a.2.1'));
    on.venue.fill('qt-a.2.1', 0.004, 50_000);
    await on.pass(1_000);
    const types = on.typesOf('a.2.1');
    expect(types.indexOf('OrderAccepted')).toBeLessThan(types.indexOf('OrderFilled'));
    expect(types.filter(type => type === 'OrderAccepted')).toHaveLength(1);
  });

  it('books an execution once, however often and by whatever way it is told', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    const execution = on.venue.fill('qt-a.2.1', 0.004, 50_000, 0.1);
    for (let i = 0; i < 5; i++) on.venue.send({ event: 'execution', execution });
    on.venue.send({ event: 'execution', execution: { ...execution, clientId: '' } });
    await on.broker.reconcile('test');
    await on.pass(60_000);
    expect(on.typesOf('a.2.1').filter(type => type === 'OrderFilled')).toHaveLength(1);
    expect(on.broker.state.orders.get('a.2.1')).toMatchObject({ filled: 4, lots: 10, status: 'working' });
  });

  it('finds fills that the stream left out within the interval of the polls', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.state.isTold = false;
    on.venue.fill('qt-a.2.1', 0.01, 50_000, 0.1);
    await on.pass(11_000);
    expect(on.typesOf('a.2.1')).toContain('OrderFilled');
    expect(on.words.filter(word => word.type === 'GapFound')).toHaveLength(1);
  });

  it('cancelled while it fills is over only when the fill is here', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    // The stream says nothing; the cancel comes too late; the venue shows the fill only at the second question.
    on.venue.state.isTold = false;
    on.venue.fill('qt-a.2.1', 0.006, 50_000, 0, { status: 'cancelled' });
    on.venue.spoil('executions', 'ambiguous', '503');
    on.broker.cancel('alpha', 'a.2.1');
    await on.quiet();
    expect(on.typesOf('a.2.1')).toEqual(['OrderAccepted']);
    await on.pass(20_000);
    expect(on.typesOf('a.2.1')).toEqual(['OrderAccepted', 'OrderFilled', 'OrderCancelled']);
    expect(on.broker.state.orders.get('a.2.1')).toMatchObject({ filled: 6, status: 'ended' });
  });

  it('taken back before it left does not leave', async () => {
    const on = await openedBroker({ config: { maxInFlight: 1 } });
    const answers: (() => void)[] = [];
    const submit = on.venue.transport.submit.bind(on.venue.transport);
    Object.assign(on.venue.transport, {
      submit: (r: Parameters<typeof submit>[0]) => new Promise(resolve => answers.push(() => resolve(submit(r)))),
    });
    on.submit('alpha', ticket('a.2.1'));
    on.submit('alpha', ticket('a.2.2'));
    on.broker.cancel('alpha', 'a.2.2');
    answers[0]?.();
    await on.pass(1_000);
    expect(on.sent('a.2.2')).toBe(0);
    expect(on.typesOf('a.2.2')).toEqual(['OrderCancelled']);
  });

  it('leaves the broker and the fold of the journal with the same books', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    on.submit('beta', ticket('b.2.1', { side: 'sell', lots: 3 }));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.004, 50_000, 0.1);
    on.venue.fill('qt-b.2.1', 0.003, 50_100, 0.1);
    on.venue.fill('qt-a.2.1', 0.006, 49_900, 0.1);
    await on.pass(100_000);
    expect(canonicalBooks(on.broker.state)).toBe(canonicalBooks(on.folded));
    expect(on.words.filter(word => word.type === 'PositionAdopted' || (word.type === 'CashMoved' && word.kind === 'adopted'))).toEqual([]);
  });

  it('sends nothing that opens exposure after a halt, and takes back what is at work', async () => {
    const on = await openedBroker();
    for (let n = 1; n <= 3; n++) on.submit('alpha', ticket(`a.2.${n}`));
    await on.pass(100);
    const done = on.broker.haltOrders({ all: false, flatten: false });
    on.submit('alpha', ticket('a.2.9'));
    await on.pass(10_000);
    await done;
    expect(on.sent('a.2.9')).toBe(0);
    expect([...on.venue.orders.values()].filter(order => order.status === 'open')).toEqual([]);
    expect(on.typesOf('a.2.9')).toEqual(['OrderRejected']);
  });

  it('closes positions at the market after a halt when asked to', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    const done = on.broker.haltOrders({ all: false, flatten: true });
    await on.pass(300);
    const exit = on.venue.submitted.find(request => request.type === 'market');
    expect(exit).toMatchObject({ side: 'sell', quantity: 0.01, reduceOnly: true });
    on.venue.fill(exit?.clientId ?? '', 0.01, 50_050);
    await on.pass(5_000);
    await done;
    // The strategy is told as of a trade from outside: it holds nothing any more.
    expect(on.told.filter(({ strategy, event }) => strategy === 'alpha' && event.type === 'ExternalFilled')).toHaveLength(1);
    expect(on.broker.state.books.get('alpha')?.account.lots[0]).toBe(0);
  });

  it('lets an exit of a strategy pass after a halt only where the account’s position becomes smaller, not where it turns into a larger one', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1', { lots: 20 }));
    on.submit('beta', ticket('b.2.1', { side: 'sell', lots: 15 }));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.02, 50_000);
    on.venue.fill('qt-b.2.1', 0.015, 50_000);
    await on.pass(1_000);
    await Promise.all([on.broker.haltOrders({ all: false, flatten: false }), on.pass(2_000)]);
    // The account is long 5: less 12 it would be short 7, less 4 it is long 1.
    const exit = { side: 'sell', type: 'market', limit: null, reduceOnly: true } as const;
    on.submit('alpha', ticket('a.2.2', { ...exit, lots: 12 }));
    on.submit('alpha', ticket('a.2.3', { ...exit, lots: 4 }));
    await on.pass(1_000);
    expect([on.sent('a.2.2'), on.sent('a.2.3')]).toEqual([0, 1]);
    expect(on.told.filter(({ event }) => event.type === 'OrderRejected')).toMatchObject([{ event: { orderId: 'a.2.2', code: 'halted' } }]);
  });

  it('lets no two exits of strategies pass after a halt that together would turn the account’s position', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1', { lots: 20 }));
    on.submit('beta', ticket('b.2.1', { side: 'sell', lots: 12 }));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.02, 50_000);
    on.venue.fill('qt-b.2.1', 0.012, 50_000);
    await on.pass(1_000);
    await Promise.all([on.broker.haltOrders({ all: false, flatten: false }), on.pass(2_000)]);
    // The account is long 8: each of these alone leaves it smaller, both together short 12.
    const exit = { side: 'sell', limit: 490_000, reduceOnly: true, lots: 10 } as const;
    on.submit('alpha', ticket('a.2.2', exit));
    on.submit('alpha', ticket('a.2.3', exit));
    await on.pass(1_000);
    expect([on.sent('a.2.2'), on.sent('a.2.3')]).toEqual([1, 0]);
    expect(on.told.filter(({ event }) => event.type === 'OrderRejected')).toMatchObject([{ event: { orderId: 'a.2.3', code: 'halted' } }]);
  });

  it('closes no more than its strategy holds where others hold the symbol too, and is over with that', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1', { lots: 5 }));
    on.submit('beta', ticket('b.2.1', { side: 'sell', lots: 2 }));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.005, 50_000);
    on.venue.fill('qt-b.2.1', 0.002, 50_000);
    await on.pass(1_000);
    on.submit('alpha', ticket('a.2.2', { side: 'sell', type: 'market', limit: null, reduceOnly: true, lots: 10 }));
    await on.pass(100);
    expect(on.venue.submitted.at(-1)).toMatchObject({ side: 'sell', quantity: 0.005, reduceOnly: false });
    on.venue.fill('qt-a.2.2', 0.005, 50_000);
    await on.pass(5_000);
    expect(on.typesOf('a.2.2')).toEqual(['OrderAccepted', 'OrderFilled', 'OrderCancelled']);
    expect(on.broker.state.books.get('alpha')?.account.lots[0]).toBe(0);
    // Nothing is held any more that it could reduce.
    on.submit('alpha', ticket('a.2.3', { side: 'sell', type: 'market', limit: null, reduceOnly: true, lots: 10 }));
    await on.pass(100);
    expect(on.sent('a.2.3')).toBe(0);
  });

  it('leaves with what its strategy still holds when its turn comes, and not with what it held when it was asked for', async () => {
    const on = await openedBroker({ config: { maxInFlight: 1 } });
    on.submit('alpha', ticket('a.2.1', { lots: 10 }));
    on.submit('beta', ticket('b.2.1', { lots: 10 }));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    on.venue.fill('qt-b.2.1', 0.01, 50_000);
    await on.pass(1_000);
    const exit = { side: 'sell', type: 'market', limit: null, reduceOnly: true, lots: 10 } as const;
    // The first is on the wire when the second is asked for.
    on.submit('alpha', ticket('a.2.2', exit));
    on.submit('alpha', ticket('a.2.3', exit));
    on.venue.fill('qt-a.2.2', 0.01, 50_000);
    await on.pass(5_000);
    expect([on.sent('a.2.2'), on.sent('a.2.3')]).toEqual([1, 0]);
    expect(on.broker.state.books.get('alpha')?.account.lots[0]).toBe(0);
    // A sale is no exit of what is short.
    on.submit('beta', ticket('b.2.2', { ...exit, lots: 20, reduceOnly: false }));
    on.submit('alpha', ticket('a.2.4'));
    await on.pass(100);
    on.venue.fill('qt-b.2.2', 0.02, 50_000);
    on.venue.fill('qt-a.2.4', 0.01, 50_000);
    await on.pass(1_000);
    on.submit('beta', ticket('b.2.3', exit));
    await on.pass(100);
    expect(on.sent('b.2.3')).toBe(0);
  });

  it('that protects a strategy leaves after a halt beside its take-profit, and whole though less is held yet', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1', { lots: 10 }));
    on.submit('beta', ticket('b.2.1', { lots: 2 }));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    on.venue.fill('qt-b.2.1', 0.002, 50_000);
    await on.pass(1_000);
    await Promise.all([on.broker.haltOrders({ all: false, flatten: false }), on.pass(2_000)]);
    on.submit('alpha', ticket('a.2.2', { side: 'sell', limit: 510_000, reduceOnly: true }));
    await on.pass(100);
    on.submit('alpha', ticket('a.2.3', { side: 'sell', type: 'stop', limit: null, stop: 450_000, reduceOnly: true, lots: 30 }));
    await on.pass(100);
    expect([on.sent('a.2.2'), on.sent('a.2.3')]).toEqual([1, 1]);
    expect(on.venue.submitted.at(-1)).toMatchObject({ type: 'stop', quantity: 0.03 });
  });

  it.each(['cancel', 'cancelAll'])('of a session that was replaced is not taken back by %s', async how => {
    const on = await openedBroker();
    for (let n = 1; n <= 5; n++) on.submit('alpha', ticket(`a.2.${n}`));
    await on.pass(100);
    on.owns.account = 'another';
    if (how === 'cancel') on.broker.cancel('alpha', 'a.2.1');
    else void on.broker.haltOrders({ all: false, flatten: false });
    await on.pass(10_000);
    expect([on.calls('cancel'), on.calls('cancelAll')]).toEqual([0, 0]);
  });

  it('keeps its timer at the venue when its session was replaced and ends', async () => {
    const on = await openedBroker({ config: { deadManMs: 30_000 } });
    const wound: number[] = [];
    Object.assign(on.venue.transport, { cancelAllAfter: (_: string, ms: number) => Promise.resolve(wound.push(ms) > 0) });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(15_000);
    await on.broker.close({ isReplaced: true });
    expect(wound.length).toBeGreaterThan(0);
    expect(wound).not.toContain(0);
  });

  it('is neither taken back nor left without its timer at the venue by a session that was replaced', async () => {
    const on = await openedBroker({ config: { deadManMs: 30_000 } });
    const wound: number[] = [];
    Object.assign(on.venue.transport, { cancelAllAfter: (_: string, ms: number) => Promise.resolve(wound.push(ms) > 0) });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(15_000);
    const before = wound.length;
    expect(before).toBeGreaterThan(0);
    on.owns.account = 'another';
    await on.pass(30_000);
    on.broker.cancel('alpha', 'a.2.1');
    await on.pass(30_000);
    await on.broker.close();
    expect([on.calls('cancel'), wound.length]).toEqual([0, before]);
    expect(on.venue.orders.get('qt-a.2.1')?.status).toBe('open');
  });

  it('closes the parts of strategies that cancel out against each other when everything is to be flat', async () => {
    const on = await openedBroker();
    on.submit('alpha', ticket('a.2.1'));
    on.submit('beta', ticket('b.2.1', { side: 'sell' }));
    await on.pass(100);
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    on.venue.fill('qt-b.2.1', 0.01, 50_000);
    const done = on.broker.haltOrders({ all: false, flatten: true });
    // Without the other strategy's part this sale would be a new short position of the account.
    on.submit('alpha', ticket('a.2.2', { side: 'sell', type: 'market', limit: null, reduceOnly: true }));
    await on.pass(5_000);
    await done;
    expect(on.sent('a.2.2')).toBe(0);
    expect(['alpha', 'beta'].map(name => on.broker.state.books.get(name)?.account.lots[0])).toEqual([0, 0]);
    expect(on.venue.position).toBe(0);
  });

  it('is rounded by the market’s present rules when the tick has changed', async () => {
    const on = await openedBroker({ config: { marketsMs: 1_000 } });
    on.venue.state.tickSize = 0.5;
    await on.pass(3_000);
    on.submit('alpha', ticket('a.2.1', { limit: 500_003 }));
    on.submit('alpha', ticket('a.2.2', { limit: 500_003, side: 'sell' }));
    await on.pass(100);
    expect(on.venue.submitted.map(({ price }) => price)).toEqual([50_000, 50_000.5]);
  });

  it('has a dead man’s timer at the venue while it is at work, wound up every third of its time, and taken off at the end', async () => {
    const on = await openedBroker({ config: { deadManMs: 30_000 } });
    const wound: number[] = [];
    Object.assign(on.venue.transport, { cancelAllAfter: (_: string, ms: number) => Promise.resolve(wound.push(ms) > 0) });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(35_000);
    expect(wound.every(ms => ms === 30_000)).toBe(true);
    expect(wound.length).toBeGreaterThanOrEqual(3);
    await on.broker.close();
    expect(wound.at(-1)).toBe(0);
  });

  it('that filled while the private stream was away is known as soon as the stream is back', async () => {
    const on = await openedBroker({ config: { executionsMs: 3_600_000, reconcileMs: 3_600_000 } });
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(100);
    on.venue.send({ event: 'stream', channel: 'private', symbol: '', up: false, code: 'closed' });
    on.venue.state.isTold = false;
    on.venue.fill('qt-a.2.1', 0.01, 50_000);
    await on.pass(20_000);
    expect(on.broker.readiness).toMatchObject({ code: 'private-stream' });
    on.venue.send({ event: 'stream', channel: 'private', symbol: '', up: true, code: 'open' });
    await on.pass(2_000);
    expect(on.typesOf('a.2.1')).toContain('OrderFilled');
  });

  it('of another session, with our prefix, halts the account, and nothing more is sent', async () => {
    const on = await openedBroker();
    on.venue.set({
      clientId: 'qt-a.7.1',
      venueId: 'v99',
      symbol: SYMBOL,
      side: 'buy',
      type: 'limit',
      status: 'open',
      quantity: 1,
      filled: 0,
      price: 1,
      stopPrice: null,
      reduceOnly: false,
      closePosition: false,
      conditional: false,
      positionSide: null,
      updatedAt: 0,
    });
    await on.quiet();
    expect(on.halts).toEqual(['fenced']);
    const before = on.venue.calls.length;
    on.submit('alpha', ticket('a.2.1'));
    await on.pass(120_000);
    expect(on.venue.calls.length).toBe(before);
  });
});
