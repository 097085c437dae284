import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VenueFailure } from '../../../src/live/venue-transport.js';
import { BTC, KEY, OPENED, order, practiceAccount, SECRET, type PracticeAccountRig } from './practice-account.js';

const failure = async (work: Promise<unknown>): Promise<VenueFailure> => {
  try {
    await work;
  } catch (error) {
    return error as VenueFailure;
  }
  throw new Error('it did not fail');
};

describe('the transport to Binance, through unmodified ccxt, at the practice exchange', () => {
  let rig: PracticeAccountRig;
  beforeAll(async () => {
    rig = await practiceAccount();
    rig.transport.listen();
    await rig.wait(event => event.event === 'stream' && event.channel === 'private' && event.up);
  });
  afterAll(() => rig?.close());

  it('loads markets with their rules', async () => {
    const [market] = await rig.transport.markets();
    expect(market?.instrument).toMatchObject({ symbol: BTC, tickSize: 0.1, lotSize: 0.001, minNotional: 5, contractSize: 1 });
    expect(market).toMatchObject({ trading: true, minQuantity: 0.001, maxQuantity: 1000 });
  });

  it('knows the venue time within a second of its own', async () => {
    expect(Math.abs((await rig.transport.serverTime()) - Date.now())).toBeLessThan(1000);
  });

  it('buys at the market, is told of the trade once, and finds the same trade by asking', async () => {
    const answer = await rig.transport.submit(order('qt-a.1.1'));
    expect(answer).toMatchObject({
      clientId: 'qt-a.1.1',
      symbol: BTC,
      side: 'buy',
      type: 'market',
      status: 'filled',
      quantity: 0.01,
      filled: 0.01,
    });
    const told = await rig.wait(event => event.event === 'execution' && event.execution.clientId === 'qt-a.1.1');
    const asked = await rig.transport.executions(BTC, OPENED);
    expect(asked).toHaveLength(1);
    expect(told).toEqual({ event: 'execution', execution: asked[0] });
    expect(asked[0]).toMatchObject({ quantity: 0.01, venueOrderId: answer.venueId, maker: false, feeAsset: 'USDT', cause: 'order' });
    expect(asked[0]!.fee).toBeCloseTo(asked[0]!.price * 0.01 * 0.0005, 6);
    expect(await rig.transport.positions()).toMatchObject([{ symbol: BTC, quantity: 0.01, marginMode: 'cross' }]);
    const truth = rig.server.control.truth('a');
    expect(truth.executions.map(({ id }) => id)).toEqual([asked[0]!.id]);
  });

  it('finds an order by our id, cancels it, and is told by the venue that others do not exist', async () => {
    const placed = await rig.transport.submit(order('qt-a.1.2', { type: 'limit', price: 48_000.1, postOnly: true }));
    const ref = { symbol: BTC, clientId: 'qt-a.1.2', venueId: null, conditional: false };
    expect(await rig.transport.order(ref)).toMatchObject({ venueId: placed.venueId, status: 'open', price: 48_000.1, filled: 0 });
    expect((await rig.transport.openOrders(BTC)).map(({ clientId }) => clientId)).toEqual(['qt-a.1.2']);
    expect(await rig.transport.amend(ref, { quantity: 0.02, price: 48_100, side: 'buy' })).toMatchObject({ quantity: 0.02, price: 48_100 });
    expect(await rig.transport.cancel(ref)).toMatchObject({ status: 'cancelled' });
    expect(await failure(rig.transport.cancel(ref))).toMatchObject({ kind: 'absent' });
    expect(await failure(rig.transport.order({ ...ref, clientId: 'qt-a.1.999' }))).toMatchObject({ kind: 'absent', code: 'no-such-order' });
  });

  it('keeps ids beyond 2^53 to the last digit', async () => {
    for (let n = 0; n < 4; n++) await rig.transport.submit(order(`qt-b.1.${n}`, { type: 'limit', price: 47_000 + n }));
    const mine = (await rig.transport.openOrders(null)).map(({ venueId }) => venueId);
    const truth = rig.server.control
      .truth('a')
      .orders.filter(({ clientId }) => clientId.startsWith('qt-b'))
      .map(({ venueId }) => venueId);
    expect([...mine].sort()).toEqual([...truth].sort());
    expect(mine.some(id => !Number.isSafeInteger(Number(id)))).toBe(true);
    for (const venueId of mine)
      expect(await rig.transport.order({ symbol: BTC, clientId: null, venueId, conditional: false })).toMatchObject({ venueId });
    await rig.transport.cancelAll(BTC, true);
    expect(await rig.transport.openOrders(null)).toEqual([]);
  });

  it('keeps conditional orders in their own id space, and follows one to the order that it became', async () => {
    const stop = await rig.transport.submit(
      order('qt-a.1.3', { type: 'stop', side: 'sell', stopPrice: 40_000, reduceOnly: true, triggerBy: 'mark' }),
    );
    expect(stop).toMatchObject({ status: 'untriggered', conditional: true, stopPrice: 40_000, type: 'stop' });
    expect(await rig.transport.openOrders(BTC)).toMatchObject([{ clientId: 'qt-a.1.3', conditional: true }]);
    expect(await rig.transport.cancel({ symbol: BTC, clientId: 'qt-a.1.3', venueId: null, conditional: true })).toBeNull();
    const last = rig.server.control.truth('a').orders.at(-1);
    expect(last).toMatchObject({ clientId: 'qt-a.1.3', status: 'cancelled' });

    // Each minute, a second here, goes down to 49,998.
    for (let tries = 0; ; tries++) {
      const request = order('qt-a.1.4', { type: 'stop', side: 'sell', stopPrice: 49_998.5, quantity: 0.005, reduceOnly: true });
      const why = await rig.transport.submit(request).then(
        () => null,
        (error: unknown) => error as VenueFailure,
      );
      if (why === null) break;
      expect(why.code).toBe('would-trigger');
      if (tries > 100) throw why;
      await new Promise(resolve => void setTimeout(resolve, 30));
    }
    const told = await rig.wait(event => event.event === 'execution' && event.execution.clientId === 'qt-a.1.4', 5000);
    expect(told).toMatchObject({ execution: { quantity: 0.005, side: 'sell' } });
    const done = await rig.transport.order({ symbol: BTC, clientId: 'qt-a.1.4', venueId: null, conditional: true });
    expect(done).toMatchObject({ status: 'filled', filled: 0.005, conditional: true });
  }, 10_000);

  it('says why the venue refused', async () => {
    const cases = [
      [order('qt-c.1.1', { type: 'limit', price: 60_000, side: 'buy', postOnly: true }), 'price-band|post-only'],
      [order('qt-c.1.2', { quantity: 500 }), 'margin'],
      [order('qt-c.1.3', { type: 'stop', side: 'sell', stopPrice: 60_000 }), 'would-trigger'],
      [order('qt-c.1.4', { type: 'limit', price: 49_000, quantity: 0.001, side: 'buy' }), null],
      [order('qt-c.1.4', { type: 'limit', price: 49_000, quantity: 0.001, side: 'buy' }), 'duplicate'],
      [order('qt-c.1.5', { type: 'limit', price: 49_000.05 }), 'off-grid'],
      [order('qt-c.1.6', { quantity: 0.0105 }), 'off-grid'],
    ] as const;
    for (const [request, code] of cases) {
      if (code === null) await rig.transport.submit(request);
      else {
        const why = await failure(rig.transport.submit(request));
        expect(why.kind).toBe('refused');
        expect(why.code).toMatch(new RegExp(`^(${code})$`));
      }
    }
    await rig.transport.cancelAll(BTC, false);
  });

  it('sets and reads what the account has', async () => {
    await rig.transport.setLeverage(BTC, 10);
    await rig.transport.setMarginMode(BTC, 'cross');
    await rig.transport.setMarginMode(BTC, 'cross');
    expect(await rig.transport.positionMode()).toBe(false);
    await rig.transport.setPositionMode(false);
    expect(await rig.transport.cancelAllAfter(BTC, 60_000)).toBe(true);
    expect(await rig.transport.cancelAllAfter(BTC, 0)).toBe(true);
    const [balance] = await rig.transport.balances();
    expect(balance).toMatchObject({ asset: 'USDT' });
    const income = await rig.transport.income(OPENED);
    const paid = income.filter(({ kind }) => kind === 'fee').reduce((sum, { amount }) => sum + amount, 0);
    const executions = await rig.transport.executions(BTC, OPENED);
    expect(-paid).toBeCloseTo(
      executions.reduce((sum, { fee }) => sum + fee, 0),
      6,
    );
    await rig.transport.permissions();
  });

  it('hears every kind of market data, and a book that begins with a snapshot', async () => {
    const { transport, wait } = rig;
    transport.subscribe([
      { kind: 'bars', symbol: BTC, timeframe: '1m' },
      { kind: 'trades', symbol: BTC },
      { kind: 'quotes', symbol: BTC },
      { kind: 'mark', symbol: BTC },
      { kind: 'funding', symbol: BTC },
      { kind: 'book', symbol: BTC },
    ]);
    for (const channel of ['bars', 'trades', 'quotes', 'mark', 'funding', 'book'])
      await wait(event => event.event === 'stream' && event.channel === channel && event.symbol === BTC && event.up);
    const closed = await wait(event => event.event === 'market' && event.message.kind === 'bar' && event.message.closed, 8000);
    for (const kind of ['trade', 'quote', 'mark', 'funding-estimate', 'book'])
      await wait(event => event.event === 'market' && event.message.kind === kind);
    await wait(event => event.event === 'market' && event.message.kind === 'book' && event.message.snapshot);
    expect(closed).toMatchObject({ message: { symbol: BTC, timeframe: '1m' } });
    if (closed.event !== 'market' || closed.message.kind !== 'bar') throw new Error('no bar');
    const { openTime, open, high, low, close } = closed.message;
    const [bar] = await transport.history.bars(BTC, '1m', openTime, openTime, 1);
    expect(bar?.slice(0, 5)).toEqual([openTime, open, high, low, close]);
  }, 15_000);

  it('makes only the connection anew that it is told to', async () => {
    const from = rig.events.length;
    const since = () => rig.events.slice(from).filter(event => event.event === 'stream');
    rig.transport.resubscribe({ kind: 'trades', symbol: BTC });
    await rig.wait(() => since().some(event => event.event === 'stream' && event.up));
    expect(since().map(event => event.event === 'stream' && `${event.channel} ${event.up}`)).toEqual(['trades false', 'trades true']);
  });

  it('gets a new listen key and says that there was a gap when the old one expired', async () => {
    const from = rig.events.length;
    rig.server.control.addFault({ kind: 'expire-streams' });
    const up = await rig.wait(
      () => rig.events.slice(from).some(event => event.event === 'stream' && event.channel === 'private' && event.up),
      9000,
    );
    expect(up).toBeDefined();
    const said = rig.events.slice(from).filter(event => event.event === 'stream' && event.channel === 'private');
    expect(said).toMatchObject([{ up: false }, { up: true }]);
    await rig.transport.submit(order('qt-d.1.1', { quantity: 0.001 }));
    await rig.wait(event => event.event === 'execution' && event.execution.clientId === 'qt-d.1.1');
  }, 12_000);

  it('concludes nothing from a lost answer, an error page with status 200 or a server error', async () => {
    const { control } = rig.server;
    control.addFault({ kind: 'drop-answer', method: 'POST', path: '/fapi/v1/order', count: 1 });
    expect(await failure(rig.transport.submit(order('qt-e.1.1', { quantity: 0.001 })))).toMatchObject({ kind: 'ambiguous' });
    expect(await rig.transport.order({ symbol: BTC, clientId: 'qt-e.1.1', venueId: null, conditional: false })).toMatchObject({
      status: 'filled',
    });
    control.addFault({ kind: 'answer', path: '/fapi/v1/order', status: 200, body: '<html>busy</html>', count: 1 });
    expect(await failure(rig.transport.submit(order('qt-e.1.2', { quantity: 0.001 })))).toMatchObject({
      kind: 'ambiguous',
      code: 'no-json',
    });
    control.addFault({ kind: 'answer', path: '/fapi/v3/positionRisk', status: 200, body: '', count: 1 });
    expect(await failure(rig.transport.positions())).toMatchObject({ kind: 'ambiguous' });
    control.addFault({ kind: 'answer', path: '/fapi/v1/order', status: 503, count: 1 });
    expect(await failure(rig.transport.submit(order('qt-e.1.3', { quantity: 0.001 })))).toMatchObject({ kind: 'ambiguous' });
    control.addFault({ kind: 'answer', path: '/fapi/v1/order', status: 429, headers: { 'retry-after': '7' }, count: 1 });
    const limited = await failure(rig.transport.submit(order('qt-e.1.4', { quantity: 0.001 })));
    expect(limited.kind).toBe('limited');
    expect(limited.until! - Date.now()).toBeGreaterThan(6000);
    control.clearFaults(null);
  });

  it('keeps what cannot be aside and goes on', async () => {
    const { control } = rig.server;
    control.addFault({ kind: 'hostile', stream: 'user', fields: { L: '1e400' }, forMs: 2000 });
    await rig.transport.submit(order('qt-f.1.1', { quantity: 0.001 }));
    const kept = await rig.wait(event => event.event === 'quarantined');
    expect(kept).toMatchObject({ channel: 'private' });
    control.clearFaults(null);
    await rig.transport.submit(order('qt-f.1.2', { quantity: 0.001 }));
    await rig.wait(event => event.event === 'execution' && event.execution.clientId === 'qt-f.1.2');
    expect((await rig.transport.executions(BTC, OPENED)).some(({ clientId }) => clientId === 'qt-f.1.1')).toBe(true);
  });

  it('does not take an answer about another order for one about this', async () => {
    const { control } = rig.server;
    const row = {
      orderId: 77,
      clientOrderId: 'qt-i.9.9',
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      status: 'FILLED',
      origQty: '0.01',
    };
    const rest = {
      executedQty: '0.01',
      price: '0',
      stopPrice: '0',
      reduceOnly: false,
      closePosition: false,
      positionSide: 'BOTH',
      updateTime: 1,
    };
    const said = (clientOrderId: string): string => JSON.stringify({ ...row, ...rest, clientOrderId });
    control.addFault({ kind: 'answer', path: '/fapi/v1/order', status: 200, body: said('qt-i.1.1'), count: 1 });
    expect(await rig.transport.submit(order('qt-i.1.1'))).toMatchObject({ clientId: 'qt-i.1.1', venueId: '77' });
    control.addFault({ kind: 'answer', path: '/fapi/v1/order', status: 200, body: said('qt-i.9.9'), count: 1 });
    expect(await failure(rig.transport.submit(order('qt-i.1.2')))).toMatchObject({ kind: 'ambiguous', code: 'bad-answer' });
    control.clearFaults(null);
  });

  it('is unknown of an order whose answer never came, breaks off, or is a page', async () => {
    const { control } = rig.server;
    control.addFault({ kind: 'drop-answer', path: '/fapi/v1/order', count: 1 });
    expect(await failure(rig.transport.submit(order('qt-j.1.1')))).toMatchObject({ kind: 'ambiguous' });
    for (const [status, code] of [
      [200, 'no-json'],
      [302, 'http-302'],
      [502, 'http-502'],
    ] as const) {
      control.addFault({ kind: 'answer', path: '/fapi/v1/order', status, body: '<html></html>', count: 1 });
      expect(await failure(rig.transport.submit(order(`qt-j.1.${status}`)))).toMatchObject({ kind: 'ambiguous', code });
    }
    control.clearFaults(null);
  });

  it('lets no key, secret or signature out of anything that it says', async () => {
    const texts: string[] = [];
    const { control } = rig.server;
    for (const body of [
      `{"code":-1102,"msg":"bad ${KEY} signature=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}`,
      SECRET,
      '',
    ]) {
      control.addFault({ kind: 'answer', path: '/fapi/v1/order', status: 400, body, count: 1 });
      const why = await failure(rig.transport.submit(order('qt-g.1.1')));
      texts.push(`${why.message} ${why.stack ?? ''} ${JSON.stringify(why)} ${String(why.cause)}`);
    }
    control.addFault({ kind: 'drop-answer', path: '/fapi/v1/order', count: 1 });
    const cut = await failure(rig.transport.submit(order('qt-g.1.2')));
    texts.push(`${cut.message} ${cut.stack ?? ''} ${JSON.stringify(cut)}`, JSON.stringify(rig.events));
    for (const text of texts) expect(text).not.toMatch(/canary|signature=[0-9a-f]{8}|[0-9a-f]{64}/);
    control.clearFaults(null);
  });
});
