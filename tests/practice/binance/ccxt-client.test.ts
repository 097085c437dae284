import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import type { PracticeServer } from '../../../src/practice/server/start-practice.js';
import { BTC, MINUTE } from '../core/practice-ground.js';
import { ccxtFor, openVenue, type Ccxt } from './practice-venue.js';

describe('unmodified ccxt as a client of the practice exchange', () => {
  let server: PracticeServer;
  let exchange: PracticeExchange;
  let client: Ccxt;
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

  it('learns the markets and their filters', () => {
    expect(Object.keys(client.markets).sort()).toEqual(['BTC/USDT:USDT', 'ETH/USDT:USDT']);
    expect(client.markets[BTC]).toMatchObject({
      id: 'BTCUSDT',
      swap: true,
      linear: true,
      active: true,
      precision: { price: 0.1, amount: 0.001 },
      limits: { cost: { min: 5 }, amount: { min: 0.001, max: 1000 } },
    });
  });

  it('places a limit order, finds it by our id and cancels it', async () => {
    const placed = await client.createOrder(BTC, 'limit', 'buy', 0.01, near(-0.02), { clientOrderId: 'qt-a.1.1' });
    expect(placed).toMatchObject({
      status: 'open',
      clientOrderId: 'qt-a.1.1',
      amount: 0.01,
      filled: 0,
      remaining: 0.01,
      price: near(-0.02),
      type: 'limit',
    });
    const found = await client.fetchOrder(undefined, BTC, { origClientOrderId: 'qt-a.1.1' });
    expect(found).toMatchObject({ id: placed.id, status: 'open' });
    expect((await client.fetchOpenOrders(BTC)).map(order => order.id)).toEqual([placed.id]);
    const cancelled = await client.cancelOrder(undefined, BTC, { origClientOrderId: 'qt-a.1.1' });
    expect(cancelled).toMatchObject({ id: placed.id, status: 'canceled' });
    expect(await client.fetchOpenOrders(BTC)).toEqual([]);
    await expect(client.cancelOrder(placed.id, BTC)).rejects.toThrow(/-2011/);
    await expect(client.fetchOrder(undefined, BTC, { origClientOrderId: 'nobody' })).rejects.toThrow(/-2013/);
  });

  it('keeps ids beyond 2^53 to the digit', async () => {
    const placed = [];
    for (const n of [1, 2, 3, 4])
      placed.push(await client.createOrder(BTC, 'limit', 'buy', 0.01, near(-0.03), { clientOrderId: `qt-big.1.${n}` }));
    const truth = exchange.openOrders('main', BTC, false).map(order => order.venueId);
    expect(placed.map(order => order.id)).toEqual(truth);
    expect(truth.some(id => !Number.isSafeInteger(Number(id)))).toBe(true);
    for (const { id } of placed) expect((await client.fetchOrder(id, BTC)).id).toBe(id);
    await client.cancelAllOrders(BTC);
    expect(await client.fetchOpenOrders(BTC)).toEqual([]);
  });

  it('fills a market order at once; trades, position and balance agree with the exchange', async () => {
    const last = exchange.lastPrice(BTC);
    await client.setLeverage(10, BTC);
    const order = await client.createOrder(BTC, 'market', 'buy', 0.1, undefined, { clientOrderId: 'qt-m.1.1' });
    const trades = await client.fetchMyTrades(BTC);
    const executions = exchange.executions('main', BTC, -Infinity, Infinity);
    expect(trades.map(({ id, order: of, price, amount, fee }) => ({ id, of, price, amount, fee: fee?.cost }))).toEqual(
      executions.map(({ id, venueOrderId, price, quantity, fee }) => ({ id, of: venueOrderId, price, amount: quantity, fee })),
    );
    expect(trades.every(trade => trade.order === order.id)).toBe(true);
    // Taker fee of 5 bp on a price within the stated half spread of the last.
    const spent = trades.reduce((sum, { price, amount }) => sum + price * amount, 0);
    expect(spent / 0.1 / last).toBeCloseTo(1, 3);
    expect(trades.reduce((sum, { fee }) => sum + (fee?.cost ?? 0), 0)).toBeCloseTo(spent * 0.0005, 6);
    const [position] = await client.fetchPositions([BTC]);
    expect(position).toMatchObject({ symbol: BTC, side: 'long', contracts: 0.1 });
    expect(position?.entryPrice).toBeCloseTo(spent / 0.1, 4);
    const balance = await client.fetchBalance();
    expect(balance['USDT']?.total).toBeCloseTo(100_000 - spent * 0.0005 + (exchange.markPrice(BTC) * 0.1 - spent), 4);
  });

  it('refuses in the codes of the venue', async () => {
    await expect(client.createOrder(BTC, 'limit', 'buy', 0.01, near(0.01), { clientOrderId: 'qt-p.1.1', postOnly: true })).rejects.toThrow(
      /-5022/,
    );
    await expect(client.createOrder(BTC, 'limit', 'sell', 0.01, near(0.01), { clientOrderId: 'qt-r.1.1' })).resolves.toBeDefined();
    await expect(client.createOrder(BTC, 'limit', 'sell', 0.01, near(0.01), { clientOrderId: 'qt-r.1.1' })).rejects.toThrow(/-4116/);
    await expect(
      client.createOrder(BTC, 'market', 'buy', 0.01, undefined, { clientOrderId: 'qt-r.1.2', reduceOnly: true }),
    ).rejects.toThrow(/-2022/);
    await expect(client.createOrder(BTC, 'market', 'buy', 900, undefined, { clientOrderId: 'qt-r.1.3' })).rejects.toThrow(/-2019/);
    await expect(client.createOrder(BTC, 'limit', 'buy', 0.001, 45.1, { clientOrderId: 'qt-r.1.4' })).rejects.toThrow(/-4164/);
    await expect(
      client.createOrder(BTC, 'market', 'sell', 0.01, undefined, { clientAlgoId: 'qt-r.1.5', stopLossPrice: near(0.01) }),
    ).rejects.toThrow(/-2021/);
    await client.cancelAllOrders(BTC);
  });

  it('keeps stops in an id space of their own until they trigger', async () => {
    const stop = await client.createOrder(BTC, 'market', 'sell', 0.1, undefined, {
      clientAlgoId: 'qt-s.1.1',
      stopLossPrice: near(-0.1),
      reduceOnly: true,
    });
    expect(stop).toMatchObject({ clientOrderId: 'qt-s.1.1', status: 'open', triggerPrice: near(-0.1), reduceOnly: true });
    expect(await client.fetchOpenOrders(BTC)).toEqual([]);
    expect((await client.fetchOpenOrders(BTC, undefined, undefined, { trigger: true })).map(order => order.id)).toEqual([stop.id]);
    await client.cancelOrder(stop.id, BTC, { trigger: true });
    expect(await client.fetchOpenOrders(BTC, undefined, undefined, { trigger: true })).toEqual([]);
    const tight = await client.createOrder(BTC, 'market', 'sell', 0.1, undefined, {
      clientAlgoId: 'qt-s.1.2',
      stopLossPrice: near(-0.0001),
      reduceOnly: true,
    });
    for (let i = 0; i < 60 && exchange.openOrders('main', BTC, true).length > 0; i++) exchange.advance(exchange.now + MINUTE);
    const ended = await client.fetchOrder(tight.id, BTC, { trigger: true });
    expect(ended.status).toBe('closed');
    const plain = await client.fetchOrder(undefined, BTC, { origClientOrderId: 'qt-s.1.2' });
    expect(plain).toMatchObject({ status: 'closed', filled: 0.1 });
    expect(plain.id).not.toBe(tight.id);
  });

  it('amends price and quantity of a working order', async () => {
    const { id } = await client.createOrder(BTC, 'limit', 'buy', 0.01, near(-0.02), { clientOrderId: 'qt-e.1.1' });
    const changed = await client.editOrder(id, BTC, 'limit', 'buy', 0.02, near(-0.03));
    expect(changed).toMatchObject({ id, amount: 0.02, price: near(-0.03), status: 'open' });
    await client.cancelAllOrders(BTC);
  });

  it('pulls bars that are those of the data, and the fees', async () => {
    const bars = await client.fetchOHLCV(BTC, '1m', exchange.now - 30 * MINUTE, 20);
    const truth = exchange.bars(BTC, '1m', exchange.now - 30 * MINUTE, Infinity, 20, false);
    expect(bars).toEqual(truth.map(bar => [...bar]));
    expect(await client.fetchTradingFee(BTC)).toMatchObject({ maker: 0.0002, taker: 0.0005 });
    expect((await client.fetchLeverageTiers([BTC]))[BTC]?.[0]?.maxLeverage).toBe(125);
    expect(Math.abs((await client.fetchTime()) - Date.now())).toBeLessThan(1000);
  });

  it('sets margin mode and position mode, and says when there is nothing to change', async () => {
    await client.setMarginMode('isolated', BTC);
    await expect(client.setMarginMode('isolated', BTC)).rejects.toThrow(/No need to change margin type/);
    await client.setMarginMode('cross', BTC);
    expect((await client.fetchPositionMode(BTC)).hedged).toBe(false);
    await client.setPositionMode(true);
    expect((await client.fetchPositionMode(BTC)).hedged).toBe(true);
    await expect(client.createOrder(BTC, 'market', 'buy', 0.01, undefined, { clientOrderId: 'qt-h.1.1' })).rejects.toThrow(/-4061/);
    await client.createOrder(BTC, 'market', 'buy', 0.01, undefined, { clientOrderId: 'qt-h.1.2', positionSide: 'LONG' });
    await client.createOrder(BTC, 'market', 'sell', 0.01, undefined, { clientOrderId: 'qt-h.1.3', positionSide: 'LONG' });
    await client.setPositionMode(false);
  });

  it('streams bars, trades, the book, marks and our own orders', async () => {
    const waiting = [
      client.watchOHLCV(BTC, '1m'),
      client.watchTrades(BTC),
      client.watchOrderBook(BTC),
      client.watchMarkPrice(BTC),
      client.watchOrders(BTC),
      client.watchMyTrades(BTC),
      client.watchBalance(),
      client.watchPositions([BTC]),
    ] as const;
    let done = false;
    const all = Promise.all(waiting).then(results => {
      done = true;
      return results;
    });
    let n = 0;
    while (!done && n < 200) {
      await new Promise(resolve => setTimeout(resolve, 10));
      exchange.advance(exchange.now + MINUTE / 4);
      if (n++ % 10 === 9)
        await client.createOrder(BTC, 'market', n % 20 < 10 ? 'buy' : 'sell', 0.01, undefined, { clientOrderId: `qt-w.1.${n}` });
    }
    const [bars, trades, book, mark, orders, mine, balance, positions] = await all;
    const [bar] = bars;
    const truth = exchange.bars(BTC, '1m', bar?.[0] ?? 0, bar?.[0] ?? 0, 1, false)[0];
    expect(bar?.[1]).toBe(truth?.[1]);
    expect(trades.length).toBeGreaterThan(0);
    expect(book.bids[0]?.[0] ?? Infinity).toBeLessThan(book.asks[0]?.[0] ?? 0);
    expect(mark.markPrice).toBeGreaterThan(0);
    expect(orders[0]?.clientOrderId).toMatch(/^qt-w/);
    expect(exchange.executions('main', BTC, -Infinity, Infinity).map(({ id }) => id)).toContain(mine[0]?.id);
    expect(balance['USDT']?.total).toBeGreaterThan(0);
    expect(positions.every(({ symbol }) => symbol === BTC)).toBe(true);
  });
});
