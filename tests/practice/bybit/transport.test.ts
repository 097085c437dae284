import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ccxtTransport } from '../../../src/live/ccxt/ccxt-transport.js';
import { systemClock } from '../../../src/live/system-clock.js';
import type { TransportEvent, VenueFailure, VenueOrderRequest, VenueTransport } from '../../../src/live/venue-transport.js';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import type { PracticeServer } from '../../../src/practice/server/start-practice.js';
import { ACCOUNT } from '../binance/practice-venue.js';
import { BTC, MINUTE, T0 } from '../core/practice-ground.js';
import { openVenue } from './practice-venue.js';

const order = (clientId: string, given: Partial<VenueOrderRequest> = {}): VenueOrderRequest => ({
  clientId,
  symbol: BTC,
  side: 'buy',
  type: 'market',
  quantity: 0.01,
  price: null,
  stopPrice: null,
  triggerBy: 'last',
  trail: null,
  tif: 'gtc',
  goodTill: null,
  postOnly: false,
  reduceOnly: false,
  closePosition: false,
  positionSide: null,
  ...given,
});
const ref = (clientId: string) => ({ symbol: BTC, clientId, venueId: null, conditional: false });
const failure = (work: Promise<unknown>): Promise<VenueFailure> =>
  work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as VenueFailure,
  );

describe('the transport to Bybit at the practice exchange', () => {
  let server: PracticeServer;
  let exchange: PracticeExchange;
  let transport: VenueTransport;
  const events: TransportEvent[] = [];
  const until = async (what: () => boolean, ms = 4000): Promise<void> => {
    for (let waited = 0; !what(); waited += 5) {
      if (waited > ms) throw new Error(`it did not come; last: ${JSON.stringify(events.slice(-5))}`);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };
  const heard = (clientId: string) =>
    events.flatMap(event => (event.event === 'execution' && event.execution.clientId === clientId ? [event.execution] : []));
  const near = (share: number): number => Math.round(exchange.lastPrice(BTC) * (1 + share) * 10) / 10;

  beforeAll(async () => {
    ({ server, exchange } = await openVenue());
    const clock = systemClock({ epochWall: Date.now(), epochMarket: exchange.now, speed: 1e-9, held: false });
    transport = ccxtTransport({
      venue: 'bybit',
      key: ACCOUNT.key,
      secret: ACCOUNT.secret,
      urls: { rest: server.rest, ws: server.ws },
      clock,
      timeoutMs: 3000,
      limits: { backoffMs: 20 },
    });
    await transport.open(event => events.push(event));
    transport.listen();
    await until(() => events.some(event => event.event === 'stream' && event.channel === 'private' && event.up));
  });
  afterAll(async () => {
    await transport?.close();
    await server?.close();
  });

  it('loads markets with their rules and fees, the time, and what the key may do', async () => {
    const market = (await transport.markets()).find(({ instrument }) => instrument.symbol === BTC);
    expect(market).toMatchObject({ trading: true, minQuantity: 0.001, maxQuantity: 1000, makerFee: 0.0002, takerFee: 0.0005 });
    expect(market?.instrument).toMatchObject({ tickSize: 0.1, lotSize: 0.001, minNotional: 5, maxLeverage: 125 });
    expect(Math.abs((await transport.serverTime()) - Date.now())).toBeLessThan(1000);
    expect(await transport.permissions()).toMatchObject({ trade: true, withdraw: false });
    expect(await transport.history.fundingInterval(BTC)).toBe(480 * MINUTE);
  });

  it('buys at the market, is told of each trade once, and finds the same trades by asking', async () => {
    const answer = await transport.submit(order('qt-a.1.1'));
    expect(answer).toMatchObject({ status: 'open', filled: 0 });
    await until(() => heard('qt-a.1.1').reduce((sum, { quantity }) => sum + quantity, 0) > 0.00999);
    const asked = await transport.executions(BTC, T0);
    expect(heard('qt-a.1.1')).toEqual(asked);
    expect(asked.map(({ id }) => id)).toEqual(exchange.executions('main', BTC, -Infinity, Infinity).map(({ id }) => id));
    expect(asked[0]).toMatchObject({ venueOrderId: answer.venueId, maker: false, feeAsset: 'USDT', cause: 'order' });
    expect(await transport.order(ref('qt-a.1.1'))).toMatchObject({ status: 'filled', filled: 0.01, type: 'market' });
    const [position] = await transport.positions();
    expect(position).toMatchObject({ symbol: BTC, quantity: 0.01, marginMode: 'cross', leverage: 20 });
  });

  it('places, finds, changes and takes back orders of every kind in one id space', async () => {
    const requests: readonly VenueOrderRequest[] = [
      order('qt-k.1.1', { type: 'limit', price: near(-0.02), postOnly: true }),
      order('qt-k.1.2', { type: 'stop', side: 'sell', stopPrice: near(-0.05), reduceOnly: true, triggerBy: 'mark' }),
      order('qt-k.1.3', { type: 'take-profit', side: 'sell', stopPrice: near(0.05), reduceOnly: true }),
      order('qt-k.1.4', { type: 'stop-limit', stopPrice: near(0.03), price: near(0.04) }),
      order('qt-k.1.5', { type: 'stop', side: 'sell', stopPrice: near(-0.06), closePosition: true, quantity: 0 }),
    ];
    for (const request of requests) await transport.submit(request);
    const open = await transport.openOrders(BTC);
    for (const request of requests) {
      const { clientId, side, type, price, stopPrice, reduceOnly, closePosition } = request;
      const expected = { clientId, side, type, price, stopPrice, closePosition, reduceOnly: reduceOnly || closePosition };
      expect(open.find(each => each.clientId === clientId)).toMatchObject({
        ...expected,
        status: type === 'limit' ? 'open' : 'untriggered',
      });
    }
    expect((await transport.openOrders(null)).length).toBe(requests.length);
    const amended = await transport.amend(ref('qt-k.1.1'), { quantity: 0.02, price: near(-0.03), side: 'buy' });
    expect(amended).toMatchObject({ quantity: 0.02, price: near(-0.03) });
    await transport.cancel(ref('qt-k.1.2'));
    expect(await transport.order(ref('qt-k.1.2'))).toMatchObject({ status: 'cancelled' });
    expect(await failure(transport.cancel(ref('qt-k.1.2')))).toMatchObject({ kind: 'absent' });
    expect(await failure(transport.order(ref('qt-nobody')))).toMatchObject({ kind: 'absent' });
    await transport.cancelAll(BTC, false);
    expect((await transport.openOrders(BTC)).map(({ clientId }) => clientId).sort()).toEqual(['qt-k.1.3', 'qt-k.1.4', 'qt-k.1.5']);
    await transport.cancelAll(BTC, true);
    expect(await transport.openOrders(BTC)).toEqual([]);
  });

  it('says why the venue refused', async () => {
    const cases = [
      [order('qt-c.1.2', { quantity: 500 }), 'margin'],
      [order('qt-c.1.3', { type: 'stop', side: 'sell', stopPrice: near(0.1) }), 'would-trigger'],
      [order('qt-a.1.1'), 'duplicate'],
      [order('qt-c.1.5', { type: 'limit', price: near(-0.01) + 0.05 }), 'off-grid'],
      [order('qt-c.1.6', { quantity: 0.0105 }), 'off-grid'],
      [order('qt-c.1.7', { type: 'limit', price: near(-0.01), quantity: 0.0001 }), 'quantity|off-grid'],
      [order('qt-c.1.8', { type: 'limit', price: 100, quantity: 0.001 }), 'min-notional'],
      [order('qt-c.1.9', { side: 'buy', reduceOnly: true }), 'reduce-only'],
    ] as const;
    for (const [request, code] of cases) {
      const why = await failure(transport.submit(request));
      expect([request.clientId, why.kind]).toEqual([request.clientId, 'refused']);
      expect(why.code).toMatch(new RegExp(`^(${code})$`));
    }
  });

  it('hears that a post-only order that was taken in has been turned away', async () => {
    expect(await transport.submit(order('qt-p.1.1', { type: 'limit', price: near(0.01), postOnly: true }))).toMatchObject({
      status: 'open',
    });
    const said = () => events.flatMap(event => (event.event === 'order' && event.order.clientId === 'qt-p.1.1' ? [event.order] : []));
    await until(() => said().length > 0);
    expect(said()).toMatchObject([{ status: 'rejected', filled: 0 }]);
    expect(await transport.order(ref('qt-p.1.1'))).toMatchObject({ status: 'rejected' });
  });

  it('follows a stop from untriggered to filled under one id', async () => {
    await transport.submit(order('qt-s.1.1', { type: 'stop', side: 'sell', stopPrice: near(-0.0001), quantity: 0.005, reduceOnly: true }));
    for (let i = 0; i < 60 && exchange.openOrders('main', BTC, false).length > 0; i++) exchange.advance(exchange.now + MINUTE);
    await until(() => heard('qt-s.1.1').length > 0);
    const told = events.flatMap(event => (event.event === 'order' && event.order.clientId === 'qt-s.1.1' ? [event.order] : []));
    expect(new Set(told.map(({ venueId }) => venueId)).size).toBe(1);
    expect([told[0]?.status, told.at(-1)?.status]).toEqual(['untriggered', 'filled']);
    expect(await transport.order(ref('qt-s.1.1'))).toMatchObject({ status: 'filled', filled: 0.005, type: 'stop' });
  });

  it('reads a ledger that sums up to the wallet, funding included', async () => {
    exchange.advance(T0 + 481 * MINUTE);
    const ledger = await transport.income(T0);
    const truth = exchange.income('main', -Infinity, Infinity);
    for (const kind of ['fee', 'realised', 'funding'] as const) {
      const sum = (rows: readonly { readonly kind: string; readonly amount: number }[]): number =>
        rows.filter(row => row.kind === kind).reduce((total, { amount }) => total + amount, 0);
      expect(sum(ledger)).toBeCloseTo(sum(truth), 8);
      expect(sum(truth)).not.toBe(0);
    }
    const [balance] = await transport.balances();
    expect(ledger.reduce((total, { amount }) => total + amount, 100_000)).toBeCloseTo(balance!.wallet, 7);
    expect(new Set(ledger.map(({ id }) => id)).size).toBe(ledger.length);
    // A settlement stands among the executions there, and is none.
    await until(() => events.some(event => event.event === 'account' && event.reason === 'FUNDING_FEE'));
    expect((await transport.executions(BTC, T0)).map(({ id }) => id)).toEqual(
      exchange.executions('main', BTC, -Infinity, Infinity).map(({ id }) => id),
    );
  });

  it('follows pages to their end', async () => {
    // More than a page of each list: 100 executions, 50 orders, 50 entries of the ledger.
    for (let n = 0; n < 120; n++) exchange.manualTrade('main', BTC, n % 2 === 0 ? 'buy' : 'sell', 0.001);
    for (let n = 0; n < 60; n++) exchange.place('main', order(`qt-n.1.${n}`, { type: 'limit', price: near(-0.04), quantity: 0.001 }));
    const executions = exchange.executions('main', BTC, -Infinity, Infinity);
    expect((await transport.executions(BTC, T0)).map(({ id }) => id)).toEqual(executions.map(({ id }) => id));
    expect((await transport.openOrders(BTC)).length).toBe(60);
    const total = (rows: readonly { readonly amount: number }[]): number => rows.reduce((sum, { amount }) => sum + amount, 0);
    expect(total(await transport.income(T0))).toBeCloseTo(total(exchange.income('main', -Infinity, Infinity)), 7);
    await transport.cancelAll(BTC, true);
  });

  it('reads public history as the exchange has it', async () => {
    const { history } = transport;
    const from = exchange.now - 20 * MINUTE;
    const truth = exchange.bars(BTC, '1m', from, Infinity, 8, false);
    expect((await history.bars(BTC, '1m', from, exchange.now, 8)).map(bar => bar.slice(0, 5))).toEqual(truth.map(bar => bar.slice(0, 5)));
    expect(await history.funding(BTC, T0, exchange.now, 10)).toEqual([[T0 + 480 * MINUTE, 0.0001]]);
    expect((await history.trades(BTC, exchange.now - MINUTE, 3)).map(([, , , , id]) => id)).toEqual(
      exchange.trades(BTC, exchange.now - MINUTE, 3).map(({ id }) => id),
    );
    expect(await history.openInterest(BTC, '1h', T0, exchange.now, 10)).toEqual([]);
    expect((await history.referenceBars('mark', BTC, '5m', from, exchange.now, 2)).length).toBe(2);
  });

  it('hears every kind of market data, and quotes that are those of the exchange', async () => {
    transport.subscribe([
      { kind: 'bars', symbol: BTC, timeframe: '1m' },
      { kind: 'trades', symbol: BTC },
      { kind: 'quotes', symbol: BTC },
      { kind: 'mark', symbol: BTC },
      { kind: 'funding', symbol: BTC },
      { kind: 'book', symbol: BTC },
    ]);
    for (const channel of ['bars', 'trades', 'quotes', 'mark', 'funding', 'book'])
      await until(() => events.some(event => event.event === 'stream' && event.channel === channel && event.up));
    for (let i = 0; i < 3; i++) exchange.advance(exchange.now + MINUTE);
    const said = () => events.flatMap(event => (event.event === 'market' ? [event.message] : []));
    for (const kind of ['trade', 'quote', 'mark', 'funding-estimate', 'book']) await until(() => said().some(each => each.kind === kind));
    await until(() => said().filter(each => each.kind === 'bar' && each.closed).length >= 3);
    await new Promise(resolve => setTimeout(resolve, 50));
    const { bids, asks } = exchange.depth(BTC, 1);
    const quote = said()
      .filter(each => each.kind === 'quote')
      .at(-1);
    expect(quote).toMatchObject({ bid: bids[0]?.[0], bidSize: bids[0]?.[1], ask: asks[0]?.[0], askSize: asks[0]?.[1] });
    expect(said().find(each => each.kind === 'book')).toMatchObject({ snapshot: true });
    expect(events.some(event => event.event === 'quarantined')).toBe(false);
  });

  it('concludes nothing from a lost answer, an error page with status 200 or a server error', async () => {
    const { control } = server;
    const path = '/v5/order/create';
    control.addFault({ kind: 'drop-answer', path });
    expect(await failure(transport.submit(order('qt-e.1.1')))).toMatchObject({ kind: 'ambiguous' });
    expect(await transport.order(ref('qt-e.1.1'))).toMatchObject({ status: 'filled' });
    control.addFault({ kind: 'answer', path, status: 200 });
    expect(await failure(transport.submit(order('qt-e.1.2')))).toMatchObject({ kind: 'ambiguous', code: 'no-json' });
    control.addFault({ kind: 'answer', path, status: 503 });
    expect(await failure(transport.submit(order('qt-e.1.3')))).toMatchObject({ kind: 'ambiguous' });
    control.addFault({ kind: 'answer', path, status: 408, processed: true });
    expect(await failure(transport.submit(order('qt-e.1.4')))).toMatchObject({ kind: 'ambiguous' });
    expect(await transport.order(ref('qt-e.1.4'))).toMatchObject({ status: 'filled' });
    control.addFault({ kind: 'duplicate-request', path });
    await transport.submit(order('qt-e.1.5'));
    expect(exchange.allOrders('main').filter(({ clientId }) => clientId === 'qt-e-1-5').length).toBe(1);
    control.addFault({ kind: 'clock', ms: -60_000 });
    expect(await failure(transport.submit(order('qt-e.1.6')))).toMatchObject({ kind: 'clock' });
    control.clearFaults(null);
  });

  it('comes back after its private stream was cut, and is told twice what is sent twice', async () => {
    const from = events.length;
    server.control.addFault({ kind: 'expire-streams' });
    const since = () => events.slice(from).filter(event => event.event === 'stream' && event.channel === 'private');
    await until(() => since().length === 2);
    expect(since()).toMatchObject([{ up: false }, { up: true }]);
    server.control.addFault({ kind: 'duplicate', stream: 'user', times: 2, forMs: 60_000 });
    await transport.submit(order('qt-d.1.1', { quantity: 0.001 }));
    await until(() => heard('qt-d.1.1').length === 2);
    expect(heard('qt-d.1.1')[0]).toEqual(heard('qt-d.1.1')[1]);
    server.control.clearFaults(null);
    server.control.addFault({ kind: 'close-sockets', account: 'main' });
    await until(() => since().length === 4);
  });
});
