import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultSpec } from '../../../src/practice/server/fault.js';
import { faultBoard } from '../../../src/practice/server/fault-board.js';
import { withHostileFields } from '../../../src/practice/server/hostile-fields.js';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import type { PracticeServer } from '../../../src/practice/server/start-practice.js';
import { ACCOUNT, ask, ccxtFor, openVenue } from '../binance/practice-venue.js';
import { BTC, MINUTE } from '../core/practice-ground.js';

const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.010' };
const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

describe('the faults of a practice exchange', () => {
  let server: PracticeServer;
  let exchange: PracticeExchange;
  const sockets: WebSocket[] = [];
  beforeEach(async () => ({ server, exchange } = await openVenue()));
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await server.close();
  });
  const place = (id: string) => ask(server, 'POST', '/fapi/v1/order', { ...order, newClientOrderId: id });
  const known = (): string[] => exchange.allOrders('main').map(({ clientId }) => clientId);
  const userStream = async (): Promise<{ socket: WebSocket; updates: string[]; pongs: () => number }> => {
    const { json } = await ask(server, 'POST', '/fapi/v1/listenKey');
    const socket = new WebSocket(`${server.ws}/private/ws?listenKey=${String((json as { listenKey: string }).listenKey)}`);
    sockets.push(socket);
    const updates: string[] = [];
    let pongs = 0;
    socket.on('pong', () => pongs++);
    socket.on('message', data => {
      const { e, o } = JSON.parse(String(data as Buffer)) as { e: string; o?: { c: string; x: string } };
      updates.push(e === 'ORDER_TRADE_UPDATE' ? `${o?.c} ${o?.x}` : e);
    });
    await new Promise(resolve => socket.once('open', resolve));
    return { socket, updates, pongs: () => pongs };
  };

  it('drop-answer: the order is there, its answer is not; once', async () => {
    server.control.addFault({ kind: 'drop-answer', method: 'POST', path: '/fapi/v1/order' });
    await expect(place('lost')).rejects.toThrow();
    expect(known()).toEqual(['lost']);
    expect((await place('heard')).status).toBe(200);
    expect(server.control.state().bites).toEqual({ 'drop-answer': 1 });
  });

  it('drop-request: neither the order nor an answer', async () => {
    server.control.addFault({ kind: 'drop-request', path: '/fapi/v1/order' });
    await expect(place('lost')).rejects.toThrow();
    expect(known()).toEqual([]);
  });

  it('unmodified ccxt times out on a lost answer and finds the order by our id', async () => {
    const client = await ccxtFor(server);
    server.control.addFault({ kind: 'drop-answer', path: '/fapi/v1/order', method: 'POST' });
    await expect(client.createOrder(BTC, 'market', 'buy', 0.01, undefined, { clientOrderId: 'qt-1' })).rejects.toThrow();
    expect(await client.fetchOrder(undefined, BTC, { origClientOrderId: 'qt-1' })).toMatchObject({ status: 'closed', filled: 0.01 });
    await client.close();
  });

  it('answer: -1007 with the order carried out, an empty 500, a page of HTML with 200, 429 with the time to wait', async () => {
    server.control.addFault({ kind: 'answer', status: 408, processed: true, path: '/fapi/v1/order' });
    expect((await place('a')).json).toMatchObject({ code: -1007 });
    expect(known()).toEqual(['a']);
    server.control.addFault({ kind: 'answer', status: 500, path: '/fapi/v1/*', forMs: 60_000, count: 1 });
    expect(await place('b')).toMatchObject({ status: 500, text: '' });
    server.control.addFault({ kind: 'answer', status: 200 });
    expect((await place('c')).text).toMatch(/^<html>/);
    server.control.addFault({ kind: 'answer', status: 429, headers: { 'retry-after': '7' } });
    const limited = await place('d');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect(known()).toEqual(['a']);
  });

  it('duplicate-request: with one client id the venue takes only the first', async () => {
    server.control.addFault({ kind: 'duplicate-request', path: '/fapi/v1/order' });
    const price = (Math.round(exchange.lastPrice(BTC) * 9.8) / 10).toFixed(1);
    await ask(server, 'POST', '/fapi/v1/order', { ...order, type: 'LIMIT', timeInForce: 'GTC', price, newClientOrderId: 'twice' });
    expect(known()).toEqual(['twice']);
  });

  it('delay beyond the receive window: refused for its time stamp, and nothing happened', async () => {
    server.control.addFault({ kind: 'delay', ms: 120, path: '/fapi/v1/order' });
    const { json } = await ask(server, 'POST', '/fapi/v1/order', { ...order, newClientOrderId: 'late', recvWindow: 100 });
    expect(json).toMatchObject({ code: -1021 });
    expect(known()).toEqual([]);
  });

  it('clock: a venue whose clock is off refuses what is stamped right, and its own time says so', async () => {
    const fault = server.control.addFault({ kind: 'clock', ms: -60_000 });
    expect((await place('a')).json).toMatchObject({ code: -1021 });
    const { json } = await ask(server, 'GET', '/fapi/v1/time');
    expect(Math.abs((json as { serverTime: number }).serverTime + 60_000 - Date.now())).toBeLessThan(2000);
    server.control.clearFaults(fault.id);
    expect((await place('b')).status).toBe(200);
  });

  it('refuse: no connection for a while', async () => {
    server.control.addFault({ kind: 'refuse', forMs: 100 });
    await expect(place('a')).rejects.toThrow();
    await wait(150);
    expect((await place('b')).status).toBe(200);
  });

  it('omit, duplicate, delay-event: what the stream tells and what happened are two things', async () => {
    const { updates } = await userStream();
    server.control.addFault({ kind: 'omit', stream: 'user', forMs: 60_000 });
    await place('a');
    await wait(30);
    expect(updates).toEqual([]);
    server.control.clearFaults(null);
    server.control.addFault({ kind: 'duplicate', stream: 'user', times: 3, count: 1 });
    await place('b');
    await wait(30);
    expect(updates.filter(update => update === 'b NEW').length).toBe(3);
    server.control.addFault({ kind: 'delay-event', stream: 'user', ms: 80, forMs: 30 });
    await place('c');
    await wait(20);
    expect(updates).not.toContain('c NEW');
    await wait(120);
    expect(updates.filter(update => update.startsWith('c '))).toEqual(['c NEW', 'c TRADE']);
    expect(known()).toEqual(['a', 'b', 'c']);
  });

  it('reorder: a fill may come before the news of its order', async () => {
    const { updates } = await userStream();
    server.control.addFault({ kind: 'reorder', stream: 'user', times: 3, count: 1 });
    await place('a');
    await wait(30);
    const own = updates.filter(update => update.startsWith('a '));
    expect([...own].sort()).toEqual(['a NEW', 'a TRADE']);
    expect(own[0]).toBe('a TRADE');
  });

  it('silent answers pings and says nothing; black-hole does not even answer', async () => {
    const { socket, updates, pongs } = await userStream();
    const silent = server.control.addFault({ kind: 'silent', stream: 'user' });
    socket.ping();
    await place('a');
    await wait(40);
    expect([updates.length, pongs()]).toEqual([0, 1]);
    server.control.clearFaults(silent.id);
    server.control.addFault({ kind: 'black-hole', account: ACCOUNT.name });
    socket.ping();
    await place('b');
    await wait(40);
    expect([updates.length, pongs(), socket.readyState]).toEqual([0, 1, socket.OPEN]);
  });

  it('close-sockets and expire-streams: the stream ends, once with a word and once without', async () => {
    const first = await userStream();
    server.control.addFault({ kind: 'expire-streams', account: ACCOUNT.name });
    await wait(30);
    expect(first.updates).toEqual(['listenKeyExpired']);
    await place('a');
    await wait(30);
    expect(first.updates).toEqual(['listenKeyExpired']);
    expect((await ask(server, 'PUT', '/fapi/v1/listenKey')).json).toMatchObject({ code: -1125 });
    const second = await userStream();
    await place('b');
    await wait(30);
    expect(second.updates).toContain('b TRADE');
    const closed = new Promise(resolve => second.socket.once('close', resolve));
    server.control.addFault({ kind: 'close-sockets', account: ACCOUNT.name });
    expect(await closed).toBe(1006);
    // The one whose key ran out was still open.
    expect(server.control.state().bites).toMatchObject({ 'close-sockets': 2, 'expire-streams': 1 });
  });

  it('hostile: numbers that cannot be, in answers and in streams', async () => {
    server.control.addFault({ kind: 'hostile', path: '/fapi/v1/premiumIndex', fields: { markPrice: '"NaN"' } });
    expect((await ask(server, 'GET', '/fapi/v1/premiumIndex', { symbol: 'BTCUSDT' })).json).toMatchObject({ markPrice: 'NaN' });
    const socket = new WebSocket(`${server.ws}/ws/btcusdt@trade`);
    sockets.push(socket);
    const prices: number[] = [];
    socket.on('message', data => prices.push(Number((JSON.parse(String(data as Buffer)) as { p: string }).p)));
    await new Promise(resolve => socket.once('open', resolve));
    await wait(20);
    server.control.addFault({ kind: 'hostile', stream: '@trade', fields: { p: '' }, scale: 10, count: 1 });
    exchange.advance(exchange.now + 2 * MINUTE);
    await wait(40);
    expect(prices.length).toBeGreaterThan(2);
    expect((prices[0] ?? 0) / (prices[1] ?? 1)).toBeCloseTo(10, 0);
  });

  it('a liquidation, a transfer and a trade by hand come from the control port', async () => {
    const post = (path: string, body: object) => fetch(`${server.controlUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
    const done = async (body: object): Promise<number> => (await post('/act', body)).status;
    expect(await done({ act: 'manualTrade', account: 'main', symbol: BTC, side: 'buy', quantity: 0.02 })).toBe(200);
    expect(await done({ act: 'transfer', account: 'main', amount: -50, kind: 'withdrawal' })).toBe(200);
    expect(await done({ act: 'correctFee', account: 'main', symbol: BTC, amount: -0.5 })).toBe(200);
    expect(await done({ act: 'liquidate', account: 'main', symbol: BTC })).toBe(200);
    expect(await done({ act: 'setTrading', symbol: BTC, trading: false })).toBe(200);
    expect(await done({ act: 'explode' })).toBe(400);
    expect((await place('halted')).json).toMatchObject({ code: -4140 });
    const truth = (await (await fetch(`${server.controlUrl}/truth?account=main`)).json()) as {
      executions: { cause: string }[];
      income: { kind: string }[];
      positions: [];
    };
    expect(truth.executions.map(({ cause }) => cause)).toContain('liquidation');
    expect(truth.income.map(({ kind }) => kind)).toContain('withdrawal');
    expect(truth.positions).toEqual([]);
  });

  it('new steps hold from the next order on, and a halted market says so', async () => {
    const limit = { ...order, type: 'LIMIT', timeInForce: 'GTC' };
    const at = (price: string, id: string) => ask(server, 'POST', '/fapi/v1/order', { ...limit, price, newClientOrderId: id });
    expect((await at('49000.1', 'old')).status).toBe(200);
    server.control.act({ act: 'setSteps', symbol: BTC, tickSize: 1, lotSize: 0.01 });
    expect((await at('49000.1', 'fine')).json).toMatchObject({ code: -1111 });
    expect((await at('49000', 'coarse')).json).toMatchObject({ price: '49000' });
    server.control.act({ act: 'setTrading', symbol: BTC, trading: false });
    const { symbols } = (await ask(server, 'GET', '/fapi/v1/exchangeInfo')).json as {
      symbols: { status: string; filters: { tickSize?: string }[] }[];
    };
    expect(symbols[0]).toMatchObject({ status: 'SETTLING', pricePrecision: 0, quantityPrecision: 2 });
  });

  it('counts the requests that came in a ban', async () => {
    const strict = await openVenue({ front: { limits: { weight: 20, patience: 1, banMs: 60_000 } } });
    try {
      const statuses = [];
      for (let i = 0; i < 8; i++) statuses.push((await ask(strict.server, 'GET', '/fapi/v3/account')).status);
      expect(statuses).toEqual([200, 200, 200, 200, 429, 418, 418, 418]);
      expect(strict.server.control.state().sentWhileBanned).toBe(2);
    } finally {
      await strict.server.close();
    }
  });
});

describe('the board of faults', () => {
  const request = { method: 'GET', path: '/a', query: '', body: '', headers: {} };

  it('meets from the nth match on, so many times', () => {
    const board = faultBoard(1, () => 0);
    board.add({ kind: 'delay', nth: 3, count: 2 });
    expect([1, 2, 3, 4, 5].map(() => board.request(request, null).length)).toEqual([0, 0, 1, 1, 0]);
  });

  it('meets in its window only', () => {
    let now = 0;
    const board = faultBoard(1, () => now);
    board.add({ kind: 'delay', afterMs: 10, forMs: 10 });
    expect([0, 10, 19, 20].map(at => ((now = at), board.request(request, null).length))).toEqual([0, 1, 1, 0]);
  });

  it('meets a share by the seed: near the rate, the same again, another for another seed', () => {
    const bitten = (seed: number): string => {
      const board = faultBoard(seed, () => 0);
      board.add({ kind: 'omit', rate: 0.3 });
      return Array.from({ length: 2000 }, () => board.stream({ stream: 'user', account: 'a' }).length).join('');
    };
    const share = bitten(1).replaceAll('0', '').length / 2000;
    // Three standard errors of a share of 0.3 among 2,000.
    expect(Math.abs(share - 0.3)).toBeLessThan(0.031);
    expect(bitten(1)).toBe(bitten(1));
    expect(bitten(1)).not.toBe(bitten(2));
  });

  it('keeps to the account, the method, the path and the stream that it names', () => {
    const board = faultBoard(1, () => 0);
    board.add({ kind: 'drop-answer', account: 'a', method: 'post', path: '/x/*', forMs: 1 });
    board.add({ kind: 'omit', stream: 'kline', forMs: 1 });
    const hits = (method: string, path: string, account: string | null): number =>
      board.request({ ...request, method, path }, account).length;
    expect([hits('POST', '/x/y', 'a'), hits('GET', '/x/y', 'a'), hits('POST', '/y', 'a'), hits('POST', '/x/y', 'b')]).toEqual([1, 0, 0, 0]);
    expect([
      board.stream({ stream: 'btcusdt@kline_1m', account: null }).length,
      board.stream({ stream: 'user', account: 'a' }).length,
    ]).toEqual([1, 0]);
  });

  it('puts raw text where a field was, wherever it was', () => {
    const spec = faultSpec.parse({ kind: 'hostile', fields: { p: '1e400', i: '99999999999999999999' } });
    expect(withHostileFields('{"p":"1.5","o":{"i":12,"p":-3},"pp":"1"}', spec)).toBe(
      '{"p":1e400,"o":{"i":99999999999999999999,"p":1e400},"pp":"1"}',
    );
  });
});
