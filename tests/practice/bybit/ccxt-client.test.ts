import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import type { PracticeServer } from '../../../src/practice/server/start-practice.js';
import { BTC, ETH, MINUTE } from '../core/practice-ground.js';
import { ccxtFor, openVenue, type BybitCcxt } from './practice-venue.js';

describe('unmodified ccxt as a client of the practice exchange that speaks Bybit', () => {
  let server: PracticeServer;
  let exchange: PracticeExchange;
  let client: BybitCcxt;
  beforeAll(async () => {
    ({ server, exchange } = await openVenue());
    client = await ccxtFor(server);
  });
  afterAll(async () => {
    await client.close();
    await server.close();
  });
  /** A price on the tick grid that many per cent from the last. */
  const near = (share: number): number => Math.round(exchange.lastPrice(BTC) * (1 + share) * 10) / 10;
  const quiet = { acknowledged: true };
  const find = (id: string) => client.fetchOrder(id, BTC, quiet);

  it('learns the markets and their filters', () => {
    expect(Object.keys(client.markets).sort()).toEqual([BTC, ETH]);
    expect(client.markets[BTC]).toMatchObject({
      id: 'BTCUSDT',
      swap: true,
      linear: true,
      active: true,
      precision: { price: 0.1, amount: 0.001 },
      limits: { amount: { min: 0.001, max: 1000 } },
    });
  });

  it('switches the position mode while nothing is held', async () => {
    await client.setPositionMode(true);
    await expect(client.setPositionMode(true)).rejects.toThrow(/110025/);
    expect(exchange.hedge('main')).toBe(true);
    await client.setPositionMode(false);
  });

  it('is told of an order only that it was taken, finds it by either id and cancels it', async () => {
    const placed = await client.createOrder(BTC, 'limit', 'buy', 0.01, near(-0.02), { clientOrderId: 'qt-a-1-1' });
    expect(placed.clientOrderId).toBe('qt-a-1-1');
    expect(placed.status).toBeUndefined();
    expect(await find(placed.id)).toMatchObject({
      status: 'open',
      clientOrderId: 'qt-a-1-1',
      amount: 0.01,
      filled: 0,
      remaining: 0.01,
      price: near(-0.02),
      type: 'limit',
    });
    expect((await client.fetchOpenOrders(BTC)).map(order => order.id)).toEqual([placed.id]);
    expect((await client.fetchOpenOrders(BTC, undefined, undefined, { orderLinkId: 'qt-a-1-1' })).map(order => order.id)).toEqual([
      placed.id,
    ]);
    await client.cancelOrder(placed.id, BTC);
    expect(await find(placed.id)).toMatchObject({ status: 'canceled' });
    expect(await client.fetchOpenOrders(BTC)).toEqual([]);
    await expect(client.cancelOrder(placed.id, BTC)).rejects.toThrow(/110001/);
  });

  it('keeps ids beyond 2^53 to the digit', async () => {
    const placed = [];
    for (const n of [1, 2, 3, 4])
      placed.push(await client.createOrder(BTC, 'limit', 'buy', 0.01, near(-0.03), { clientOrderId: `qt-big-1-${n}` }));
    const truth = exchange.openOrders('main', BTC, false).map(order => order.venueId);
    expect(placed.map(order => order.id)).toEqual(truth);
    expect(truth.some(id => !Number.isSafeInteger(Number(id)))).toBe(true);
    for (const { id } of placed) expect((await find(id)).id).toBe(id);
    await client.cancelAllOrders(BTC);
    expect(await client.fetchOpenOrders(BTC)).toEqual([]);
  });

  it('fills a market order at once; trades, position and balance agree with the exchange', async () => {
    const last = exchange.lastPrice(BTC);
    await client.setLeverage(10, BTC);
    const order = await client.createOrder(BTC, 'market', 'buy', 0.1, undefined, { clientOrderId: 'qt-m-1-1' });
    expect(await find(order.id)).toMatchObject({ status: 'closed', filled: 0.1 });
    const trades = await client.fetchMyTrades(BTC);
    const executions = exchange.executions('main', BTC, -Infinity, Infinity);
    expect(trades.map(({ id, order: of, price, amount, fee }) => ({ id, of, price, amount, fee: fee?.cost }))).toEqual(
      executions.map(({ id, venueOrderId, price, quantity, fee }) => ({ id, of: venueOrderId, price, amount: quantity, fee })),
    );
    // Taker fee of 5 bp on a price within the stated half spread of the last.
    const spent = trades.reduce((sum, { price, amount }) => sum + price * amount, 0);
    expect(spent / 0.1 / last).toBeCloseTo(1, 3);
    expect(trades.reduce((sum, { fee }) => sum + (fee?.cost ?? 0), 0)).toBeCloseTo(spent * 0.0005, 6);
    const [position] = await client.fetchPositions([BTC]);
    expect(position).toMatchObject({ symbol: BTC, side: 'long', contracts: 0.1, leverage: 10 });
    expect(position?.entryPrice).toBeCloseTo(spent / 0.1, 4);
    const balance = await client.fetchBalance();
    expect(balance['USDT']?.total).toBeCloseTo(100_000 - spent * 0.0005, 6);
  });

  it('refuses in the codes of the venue', async () => {
    const place = (type: string, side: string, amount: number, price: number | undefined, id: string, params: object = {}) =>
      client.createOrder(BTC, type, side, amount, price, { clientOrderId: id, ...params });
    await expect(place('limit', 'sell', 0.01, near(0.01), 'qt-r-1-1')).resolves.toBeDefined();
    await expect(place('limit', 'sell', 0.01, near(0.01), 'qt-r-1-1')).rejects.toThrow(/110072/);
    await expect(place('market', 'buy', 0.01, undefined, 'qt-r-1-2', { reduceOnly: true })).rejects.toThrow(/110017/);
    await expect(place('market', 'buy', 900, undefined, 'qt-r-1-3')).rejects.toThrow(/110007/);
    await expect(place('limit', 'buy', 0.001, 45.1, 'qt-r-1-4')).rejects.toThrow(/110094/);
    const stop = (trigger: number, triggerDirection: string) => ({ triggerPrice: trigger, triggerDirection });
    await expect(place('market', 'sell', 0.01, undefined, 'qt-r-1-5', stop(near(0.01), 'descending'))).rejects.toThrow(/110093/);
    await expect(place('market', 'buy', 0.01, undefined, 'qt-r-1-6', stop(near(-0.01), 'ascending'))).rejects.toThrow(/110092/);
    await client.cancelAllOrders(BTC);
    // Not even when the order of that id is gone.
    await expect(place('limit', 'sell', 0.01, near(0.01), 'qt-r-1-1')).rejects.toThrow(/110072/);
  });

  it('takes in a post-only order that would take, and cancels it', async () => {
    const placed = await client.createOrder(BTC, 'limit', 'buy', 0.01, near(0.01), { clientOrderId: 'qt-p-1-1', postOnly: true });
    expect(await find(placed.id)).toMatchObject({ status: 'canceled', filled: 0, postOnly: true });
    await expect(client.cancelOrder(placed.id, BTC)).rejects.toThrow(/110001/);
  });

  it('keeps a stop under one id before and after it triggers', async () => {
    const params = { triggerDirection: 'descending', reduceOnly: true };
    const far = await client.createOrder(BTC, 'market', 'sell', 0.1, undefined, {
      clientOrderId: 'qt-s-1-1',
      triggerPrice: near(-0.1),
      ...params,
    });
    expect((await client.fetchOpenOrders(BTC)).map(({ id, triggerPrice, reduceOnly }) => ({ id, triggerPrice, reduceOnly }))).toEqual([
      { id: far.id, triggerPrice: near(-0.1), reduceOnly: true },
    ]);
    await client.cancelOrder(far.id, BTC);
    expect(await find(far.id)).toMatchObject({ status: 'canceled' });
    const tight = await client.createOrder(BTC, 'market', 'sell', 0.1, undefined, {
      clientOrderId: 'qt-s-1-2',
      triggerPrice: near(-0.0001),
      ...params,
    });
    for (let i = 0; i < 60 && exchange.openOrders('main', BTC, false).length > 0; i++) exchange.advance(exchange.now + MINUTE);
    expect(await find(tight.id)).toMatchObject({ status: 'closed', filled: 0.1 });
    expect((await client.fetchMyTrades(BTC)).filter(({ order }) => order === tight.id).length).toBeGreaterThan(0);
  });

  it('changes a working order in place', async () => {
    const placed = await client.createOrder(BTC, 'limit', 'buy', 0.01, near(-0.02), { clientOrderId: 'qt-e-1-1' });
    const price = near(-0.03);
    await client.editOrder(placed.id, BTC, 'limit', 'buy', 0.02, price);
    expect(await find(placed.id)).toMatchObject({ amount: 0.02, price, status: 'open' });
    await client.cancelAllOrders(BTC);
  });

  it('reads history, fees and settings', async () => {
    const now = exchange.now;
    const bars = await client.fetchOHLCV(BTC, '1m', now - 30 * MINUTE, 10);
    const truth = exchange.bars(BTC, '1m', now - 30 * MINUTE, Infinity, 10, false);
    expect(bars.map(bar => bar.slice(0, 5))).toEqual(truth.map(bar => bar.slice(0, 5)));
    expect(await client.fetchTradingFee(BTC)).toMatchObject({ maker: 0.0002, taker: 0.0005 });
    expect(Math.abs((await client.fetchTime()) - Date.now())).toBeLessThan(2000);
    expect((await client.fetchLeverageTiers([BTC]))[BTC]?.[0]?.maxLeverage).toBe(125);
    await expect(client.setLeverage(10, BTC)).rejects.toThrow(/110043/);
  });

  it('hears of orders, trades, positions and its wallet', async () => {
    // The first answer is what is held already.
    expect(await client.watchPositions([BTC])).toEqual([]);
    const heard = { orders: client.watchOrders(BTC), trades: client.watchMyTrades(BTC), positions: client.watchPositions([BTC]) };
    const wallet = client.watchBalance();
    // Four topics are subscribed to one after the other on one connection.
    await new Promise(resolve => setTimeout(resolve, 300));
    const placed = await client.createOrder(BTC, 'market', 'buy', 0.05, undefined, { clientOrderId: 'qt-w-1-1' });
    const [order] = await heard.orders;
    expect(order).toMatchObject({ id: placed.id, clientOrderId: 'qt-w-1-1', symbol: BTC });
    const [trade] = await heard.trades;
    expect(trade).toMatchObject({ order: placed.id, side: 'buy', takerOrMaker: 'taker' });
    expect(await heard.positions).toMatchObject([{ symbol: BTC, side: 'long', contracts: 0.05 }]);
    // Its total is the equity: the wallet, and what the position is up or down by.
    const { quantity, markPrice, entryPrice } = exchange.positions('main')[0]!;
    const equity = exchange.balances('main')[0]!.wallet + (markPrice - entryPrice) * quantity;
    expect((await wallet)['USDT']?.total).toBeCloseTo(equity, 6);
  });

  it('hears bars, trades, the ticker and a book that is the book of the exchange', async () => {
    const book = await client.watchOrderBook(BTC, 50);
    const same = (): void => {
      const truth = exchange.depth(BTC, 50);
      expect(book.bids.slice(0, 50).map(([price, size]) => [price, size])).toEqual(truth.bids.map(level => [...level]));
      expect(book.asks.slice(0, 50).map(([price, size]) => [price, size])).toEqual(truth.asks.map(level => [...level]));
    };
    same();
    const waiting = { bars: client.watchOHLCV(BTC, '1m'), trades: client.watchTrades(BTC) };
    await client.watchTicker(BTC);
    const ticker = client.watchTicker(BTC);
    await new Promise(resolve => setTimeout(resolve, 200));
    for (let i = 0; i < 3; i++) {
      const next = client.watchOrderBook(BTC, 50);
      exchange.advance(exchange.now + MINUTE);
      await next;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
    same();
    expect((await waiting.bars).at(-1)?.length).toBe(6);
    expect((await waiting.trades)[0]?.price).toBeGreaterThan(0);
    expect((await ticker).last).toBeGreaterThan(0);
  });
});
