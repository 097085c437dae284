import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rateLimits, BINANCE_LIMITS } from '../../../src/practice/binance/rate-limits.js';
import { BinanceError } from '../../../src/practice/binance/binance-error.js';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import type { PracticeServer } from '../../../src/practice/server/start-practice.js';
import { BTC } from '../core/practice-ground.js';
import { ACCOUNT, ask, openVenue, SECOND } from './practice-venue.js';

describe('signed requests', () => {
  let server: PracticeServer;
  let exchange: PracticeExchange;
  beforeAll(async () => ({ server, exchange } = await openVenue()));
  afterAll(() => server.close());
  const account = '/fapi/v3/account';

  it('checks the signature by the example of the venue’s documents', async () => {
    // Binance's own example: this key, secret and text give this signature.
    const { createHmac } = await import('node:crypto');
    const text = 'symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943';
    const secret = '2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9';
    expect(createHmac('sha256', secret).update(text).digest('hex')).toBe(
      '3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9',
    );
    expect((await ask(server, 'GET', account)).status).toBe(200);
  });

  it.each([
    ['a wrong secret', { secret: 'other' }, 400, -1022],
    ['an unknown key', { key: 'nobody' }, 401, -2015],
    ['no key', { key: '' }, 401, -2014],
    ['a stamp older than the window', { at: Date.now() - 60_000 }, 400, -1021],
    ['a stamp that is ahead', { at: Date.now() + 60_000 }, 400, -1021],
  ])('refuses %s', async (_, how, status, code) => {
    const answer = await ask(server, 'GET', account, {}, how);
    expect([answer.status, (answer.json as { code: number }).code]).toEqual([status, code]);
  });

  it('refuses a parameter that was added after signing, and nothing happens', async () => {
    const before = exchange.allOrders(ACCOUNT.name).length;
    const query = `symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010&timestamp=${Date.now()}`;
    const { createHmac } = await import('node:crypto');
    const signature = createHmac('sha256', ACCOUNT.secret).update(query).digest('hex');
    const url = `${server.rest}/fapi/v1/order?${query.replace('0.010', '0.100')}&signature=${signature}`;
    const response = await fetch(url, { method: 'POST', headers: { 'X-MBX-APIKEY': ACCOUNT.key } });
    expect(((await response.json()) as { code: number }).code).toBe(-1022);
    expect(exchange.allOrders(ACCOUNT.name).length).toBe(before);
  });

  it('keeps accounts apart', async () => {
    await ask(server, 'POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.010',
      newClientOrderId: 'mine',
    });
    const second = await ask(server, 'GET', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'mine' }, SECOND);
    expect((second.json as { code: number }).code).toBe(-2013);
    expect((await ask(server, 'GET', '/fapi/v3/positionRisk', {}, SECOND)).json).toEqual([]);
    expect(exchange.positions(ACCOUNT.name)[0]?.quantity).toBe(0.01);
  });

  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010', price: '40000.0' };
  it.each([
    [-1102, { quantity: '' }],
    [-1102, { price: 'NaN' }],
    [-1102, { timeInForce: '' }],
    [-1111, { price: '40000.01' }],
    [-1111, { quantity: '0.0101' }],
    [-1115, { timeInForce: 'GTG' }],
    [-1116, { type: 'LIMITS' }],
    [-1117, { side: 'LONG' }],
    [-1121, { symbol: 'BTCUSD' }],
    [-4120, { type: 'STOP_MARKET' }],
    [-4003, { quantity: '0' }],
    [-4001, { price: '0' }],
    [-4005, { quantity: '1000.001' }],
    [-4015, { newClientOrderId: 'x'.repeat(37) }],
    [-4061, { positionSide: 'LONG' }],
    [-4131, { price: '60000.0' }],
    [-4164, { quantity: '0.001', price: '4000.0' }],
  ])('refuses with %d: %j', async (code, change) => {
    const answer = await ask(server, 'POST', '/fapi/v1/order', { ...order, ...change });
    expect([answer.status, (answer.json as { code: number }).code]).toEqual([400, code]);
  });

  it('lets a key do only what it may', async () => {
    const answer = await ask(server, 'GET', '/sapi/v1/account/apiRestrictions');
    expect(answer.json).toMatchObject({ enableFutures: true, enableWithdrawals: false, ipRestrict: true });
  });

  it('pages the trades of an account by id and by time, a week at most', async () => {
    for (let i = 0; i < 6; i++) exchange.manualTrade(SECOND.name, BTC, i % 2 === 0 ? 'buy' : 'sell', 0.01);
    const truth = exchange.executions(SECOND.name, BTC, -Infinity, Infinity).map(({ id }) => Number(id));
    const ids = async (params: object): Promise<number[]> =>
      ((await ask(server, 'GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT', ...params }, SECOND)).json as { id: number }[]).map(
        ({ id }) => id,
      );
    expect(await ids({})).toEqual(truth);
    expect(await ids({ limit: 2 })).toEqual(truth.slice(-2));
    expect(await ids({ fromId: truth[2] ?? 0, limit: 2 })).toEqual(truth.slice(2, 4));
    expect(await ids({ startTime: exchange.now - 1000, limit: 3 })).toEqual(truth.slice(0, 3));
    const long = await ask(server, 'GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT', startTime: 1, endTime: exchange.now }, SECOND);
    expect((long.json as { code: number }).code).toBe(-4165);
    expect(
      Object.keys(((await ask(server, 'GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT' }, SECOND)).json as object[])[0] ?? {}),
    ).not.toContain('clientOrderId');
  });

  it('shows the ledger to the unit: what came in is the sum of its rows', async () => {
    const rows = (await ask(server, 'GET', '/fapi/v1/income', { limit: 1000 }, SECOND)).json as { income: string; incomeType: string }[];
    const sum = rows.reduce((total, { income }) => total + Math.round(Number(income) * 1e8), 0);
    expect(Math.round((exchange.balances(SECOND.name)[0]?.wallet ?? 0) * 1e8)).toBe(SECOND.wallet * 1e8 + sum);
    expect(new Set(rows.map(({ incomeType }) => incomeType))).toEqual(new Set(['COMMISSION', 'REALIZED_PNL']));
  });
});

describe('rate limits', () => {
  const refusal = (action: () => unknown): BinanceError | null => {
    try {
      action();
      return null;
    } catch (error) {
      if (error instanceof BinanceError) return error;
      throw error;
    }
  };

  it('counts weight by the minute, says 429 above the limit with the time to wait, and bans who goes on', () => {
    let now = 30_000;
    const limits = rateLimits(
      { ...BINANCE_LIMITS, weight: 100, patience: 2, banMs: 120_000 },
      () => now,
      () => 1e12,
    );
    expect(limits.request(60)).toEqual({ 'x-mbx-used-weight-1m': '60' });
    expect(limits.request(40)).toEqual({ 'x-mbx-used-weight-1m': '100' });
    expect(refusal(() => limits.request(1))).toMatchObject({ status: 429, code: -1003, headers: { 'retry-after': '30' } });
    expect(refusal(() => limits.request(1))?.status).toBe(429);
    expect(refusal(() => limits.request(1))).toMatchObject({ status: 418, headers: { 'retry-after': '120' } });
    now += 119_999;
    expect(refusal(() => limits.request(1))?.status).toBe(418);
    expect(limits.sentWhileBanned).toBe(1);
    now += 1;
    expect(refusal(() => limits.request(1))).toBeNull();
    for (let i = 0; i < 3; i++) refusal(() => limits.request(1000));
    // The second ban is twice as long.
    expect(refusal(() => limits.request(1))).toMatchObject({ status: 418, headers: { 'retry-after': '240' } });
  });

  it('waits for the new minute after a 429 that is respected', () => {
    let now = 59_000;
    const limits = rateLimits(
      { ...BINANCE_LIMITS, weight: 10 },
      () => now,
      () => 0,
    );
    limits.request(10);
    expect(refusal(() => limits.request(1))?.headers).toMatchObject({ 'retry-after': '1' });
    now = 60_000;
    expect(limits.request(1)).toEqual({ 'x-mbx-used-weight-1m': '1' });
  });

  it('counts orders by account in ten seconds and in a minute', () => {
    let now = 0;
    const limits = rateLimits(
      { ...BINANCE_LIMITS, orders10s: 2, orders1m: 3 },
      () => now,
      () => 0,
    );
    expect(limits.order('a', 1)).toEqual({ 'x-mbx-order-count-10s': '1', 'x-mbx-order-count-1m': '1' });
    limits.order('a', 1);
    expect(refusal(() => limits.order('a', 1))).toMatchObject({ status: 429, code: -1015, headers: { 'retry-after': '10' } });
    expect(refusal(() => limits.order('b', 1))).toBeNull();
    now = 10_000;
    expect(refusal(() => limits.order('a', 1))).toMatchObject({ status: 429, headers: { 'retry-after': '50' } });
  });

  it('shows weight and order counts in the headers, by the weights of the venue', async () => {
    const { server } = await openVenue();
    try {
      const used = async (path: string, params = {}): Promise<number> =>
        Number((await ask(server, 'GET', path, params)).headers.get('x-mbx-used-weight-1m'));
      const first = await used('/fapi/v3/account');
      expect([await used('/fapi/v1/openOrders'), await used('/fapi/v1/klines', { symbol: 'BTCUSDT', interval: '1m', limit: 99 })]).toEqual([
        first + 40,
        first + 41,
      ]);
      const placed = await ask(server, 'POST', '/fapi/v1/order', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.010' });
      expect(placed.headers.get('x-mbx-order-count-10s')).toBe('1');
    } finally {
      await server.close();
    }
  });
});
