import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createHmac } from 'node:crypto';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import type { PracticeServer } from '../../../src/practice/server/start-practice.js';
import { ACCOUNT, SECOND } from '../binance/practice-venue.js';
import { BTC } from '../core/practice-ground.js';
import { ask, openVenue, rowsOf } from './practice-venue.js';

describe('requests to the Bybit front', () => {
  let server: PracticeServer;
  let exchange: PracticeExchange;
  beforeAll(async () => {
    ({ server, exchange } = await openVenue());
  });
  afterAll(() => server?.close());
  const info = (given: Parameters<typeof ask>[4]) => ask(server, 'GET', '/v5/account/info', {}, given);
  const order = (given: Readonly<Record<string, string | number | boolean>>) => ({
    category: 'linear',
    symbol: 'BTCUSDT',
    side: 'Buy',
    orderType: 'Limit',
    qty: '0.01',
    price: '40000',
    ...given,
  });

  it.each([
    ['an unknown key', { key: 'nobody' }, 10003],
    ['a wrong secret', { secret: 'wrong' }, 10004],
    ['no signature', { sign: '' }, 10004],
    ['a time stamp older than the window', { at: Date.now() - 60_000 }, 10002],
    ['a time stamp ahead of the venue', { at: Date.now() + 60_000 }, 10002],
    ['a window that is no number', { window: NaN }, 10002],
  ])('are refused for %s', async (_, given, code) => {
    expect(await info(given)).toMatchObject({ retCode: code });
  });

  it('are taken when the signature covers what was sent, and refused when it covers something else', async () => {
    expect(await info({})).toMatchObject({ status: 200, retCode: 0, result: { marginMode: 'REGULAR_MARGIN', unifiedMarginStatus: 6 } });
    const other = createHmac('sha256', ACCOUNT.secret).update('something else').digest('hex');
    expect(await ask(server, 'POST', '/v5/order/create', order({}), { sign: other })).toMatchObject({ retCode: 10004 });
    expect(exchange.allOrders('main')).toEqual([]);
  });

  it('see their own account only', async () => {
    await ask(server, 'POST', '/v5/order/create', order({ orderLinkId: 'mine' }));
    const theirs = await ask(server, 'GET', '/v5/order/realtime', { category: 'linear', symbol: 'BTCUSDT' }, SECOND);
    expect(rowsOf(theirs)).toEqual([]);
    expect(
      await ask(server, 'POST', '/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'mine' }, SECOND),
    ).toMatchObject({
      retCode: 110001,
    });
  });

  it.each([
    ['a link id with a dot', { orderLinkId: 'qt-a.1.1' }],
    ['a link id of 37 letters', { orderLinkId: 'x'.repeat(37) }],
    ['a side that is none', { side: 'Long' }],
    ['no quantity', { qty: '0' }],
    ['a category that is not offered', { category: 'spot' }],
    ['a trigger without its direction', { triggerPrice: '30000' }],
    ['a symbol that is none', { symbol: 'NONEUSDT' }],
  ])('are refused with 10001 for %s', async (_, given) => {
    expect(await ask(server, 'POST', '/v5/order/create', order(given))).toMatchObject({ retCode: 10001 });
  });

  it('count by account and endpoint, and say when they may go on', async () => {
    const venue = await openVenue({ front: { limits: { scale: 0.1 } } });
    try {
      const once = () => ask(venue.server, 'GET', '/v5/order/realtime', { category: 'linear', symbol: 'BTCUSDT' });
      const answers = [];
      for (let i = 0; i < 6; i++) answers.push(await once());
      expect(answers.map(({ retCode }) => retCode)).toEqual([0, 0, 0, 0, 0, 10006]);
      expect(answers.map(({ headers }) => headers.get('x-bapi-limit-status'))).toEqual(['4', '3', '2', '1', '0', '0']);
      const left = Number(answers.at(-1)?.headers.get('x-bapi-limit-reset-timestamp')) - Date.now();
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(1000);
      expect(await ask(venue.server, 'GET', '/v5/account/info')).toMatchObject({ retCode: 0 });
    } finally {
      await venue.server.close();
    }
  });

  it('shut an address out that sends too many, and count what it sends all the same', async () => {
    const venue = await openVenue({ front: { limits: { requests: 3, banMs: 60_000 } } });
    try {
      const answers = [];
      for (let i = 0; i < 6; i++) answers.push(await ask(venue.server, 'GET', '/v5/market/time'));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 403, 403, 403]);
      expect(venue.server.control.state().sentWhileBanned).toBe(2);
    } finally {
      await venue.server.close();
    }
  });

  it('may not place orders with a key that only reads', async () => {
    const reader = { ...ACCOUNT, permissions: { trade: false, withdraw: true, ipRestricted: false } };
    const venue = await openVenue({ accounts: [reader] });
    try {
      expect(await ask(venue.server, 'POST', '/v5/order/create', order({}))).toMatchObject({ retCode: 10005 });
      expect(await ask(venue.server, 'GET', '/v5/user/query-api')).toMatchObject({ result: { readOnly: 1, ips: ['*'] } });
    } finally {
      await venue.server.close();
    }
  });

  it('open a private stream for a key that is shown, and for no other', async () => {
    const socket = new WebSocket(`${server.ws}/v5/private`);
    const said: Record<string, unknown>[] = [];
    let wake = (): void => {};
    socket.on('message', (data: Buffer) => {
      said.push(JSON.parse(data.toString('utf8')) as Record<string, unknown>);
      wake();
    });
    await new Promise(resolve => socket.once('open', resolve));
    const tell = async (message: object): Promise<Record<string, unknown> | undefined> => {
      const next = new Promise<void>(resolve => {
        wake = resolve;
      });
      socket.send(JSON.stringify(message));
      await next;
      return said.at(-1);
    };
    const auth = (secret: string, expires: number) => ({
      op: 'auth',
      args: [ACCOUNT.key, expires, createHmac('sha256', secret).update(`GET/realtime${expires}`).digest('hex')],
    });
    expect(await tell({ op: 'subscribe', args: ['order'] })).toMatchObject({ success: false });
    expect(await tell(auth('wrong', Date.now() + 5000))).toMatchObject({ op: 'auth', success: false });
    expect(await tell(auth(ACCOUNT.secret, Date.now() - 5000))).toMatchObject({ op: 'auth', success: false });
    expect(await tell(auth(ACCOUNT.secret, Date.now() + 5000))).toMatchObject({ op: 'auth', success: true });
    expect(await tell({ op: 'subscribe', args: ['nothing'], req_id: '7' })).toMatchObject({ success: false, req_id: '7' });
    expect(await tell({ op: 'subscribe', args: ['order', 'dcp.future'] })).toMatchObject({ success: true });
    expect(await tell({ op: 'ping' })).toMatchObject({ op: 'pong' });
    socket.close();
  });

  it('take plain orders back when the private stream stays away, and leave what protects', async () => {
    const venue = await openVenue({ accounts: [ACCOUNT] });
    try {
      const near = Math.round(venue.exchange.lastPrice(BTC) * 0.98);
      await ask(venue.server, 'POST', '/v5/order/create', order({ price: String(near), orderLinkId: 'plain' }));
      const stop = { orderType: 'Market', side: 'Sell', triggerPrice: String(near), triggerDirection: 2, orderLinkId: 'stop' };
      await ask(venue.server, 'POST', '/v5/order/create', order(stop));
      expect(await ask(venue.server, 'POST', '/v5/order/disconnected-cancel-all', { timeWindow: 2 })).toMatchObject({ retCode: 10001 });
      expect(await ask(venue.server, 'POST', '/v5/order/disconnected-cancel-all', { timeWindow: 3 })).toMatchObject({ retCode: 0 });
      const socket = new WebSocket(`${venue.server.ws}/v5/private`);
      await new Promise(resolve => socket.once('open', resolve));
      const expires = Date.now() + 5000;
      const sign = createHmac('sha256', ACCOUNT.secret).update(`GET/realtime${expires}`).digest('hex');
      socket.send(JSON.stringify({ op: 'auth', args: [ACCOUNT.key, expires, sign] }));
      socket.send(JSON.stringify({ op: 'subscribe', args: ['dcp.future'] }));
      await new Promise(resolve => setTimeout(resolve, 200));
      const open = (): readonly string[] => venue.exchange.openOrders('main', BTC, false).map(({ clientId }) => clientId);
      socket.close();
      await new Promise(resolve => setTimeout(resolve, 2500));
      expect(open()).toEqual(['plain', 'stop']);
      for (let i = 0; i < 60 && open().length > 1; i++) await new Promise(resolve => setTimeout(resolve, 50));
      expect(open()).toEqual(['stop']);
    } finally {
      await venue.server.close();
    }
  });
});
