import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { ccxtTransport } from '../../../src/live/ccxt/ccxt-transport.js';
import { systemClock } from '../../../src/live/system-clock.js';
import type { TransportEvent, VenueTransport } from '../../../src/live/venue-transport.js';
import { BTC, KEY, order, SECRET } from './practice-account.js';

type Body = Record<string, unknown>;
const good = (result: Body): Body => ({ retCode: 0, retMsg: 'OK', result, time: 1700000000000 });
const bad = (retCode: number): Body => ({ retCode, retMsg: 'no', result: {}, time: 1700000000000 });

const INSTRUMENT = {
  symbol: 'BTCUSDT',
  contractType: 'LinearPerpetual',
  status: 'Trading',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  launchTime: '1699990000000',
  deliveryTime: '0',
  priceScale: '2',
  leverageFilter: { minLeverage: '1', maxLeverage: '100', leverageStep: '0.01' },
  priceFilter: { minPrice: '0.1', maxPrice: '1000000', tickSize: '0.1' },
  lotSizeFilter: { maxOrderQty: '100', minOrderQty: '0.001', qtyStep: '0.001', minNotionalValue: '5' },
  fundingInterval: 480,
};
const OPEN = {
  symbol: 'BTCUSDT',
  orderId: 'o-1',
  orderLinkId: 'qt-a-1-1',
  side: 'Buy',
  orderType: 'Limit',
  price: '40000',
  qty: '0.01',
  cumExecQty: '0',
  orderStatus: 'New',
  stopOrderType: '',
  triggerPrice: '',
  reduceOnly: false,
  positionIdx: 0,
  updatedTime: '1700000000000',
};

/** A server that answers as Bybit does and checks signatures as it does. */
const sayings = (): {
  seen: { path: string; query: URLSearchParams; body: Body }[];
  answers: Map<string, (query: URLSearchParams, body: Body) => Body>;
} => ({
  seen: [],
  answers: new Map<string, (query: URLSearchParams, body: Body) => Body>([
    ['/v5/market/time', () => good({ timeSecond: '1', timeNano: `${Date.now()}000000` })],
    [
      '/v5/market/instruments-info',
      query => good({ category: 'linear', list: query.get('status') === 'PreLaunch' ? [] : [INSTRUMENT], nextPageCursor: '' }),
    ],
    ['/v5/account/fee-rate', () => good({ list: [{ symbol: 'BTCUSDT', takerFeeRate: '0.0006', makerFeeRate: '0.0001' }] })],
  ]),
});

describe('the transport to Bybit, through unmodified ccxt, at a server that speaks like it', () => {
  const { seen, answers } = sayings();
  const sockets = new Set<WebSocket>();
  const events: TransportEvent[] = [];
  let transport: VenueTransport;
  let authorised = 0;
  const read = async (request: IncomingMessage): Promise<string> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    return text;
  };
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '', 'http://x');
      const text = await read(request);
      const body = text === '' ? {} : (JSON.parse(text) as Body);
      seen.push({ path: url.pathname, query: url.searchParams, body });
      const header = (name: string): string => String(request.headers[name] ?? '');
      const payload = request.method === 'POST' ? text : url.search.slice(1);
      const signed = createHmac('sha256', SECRET)
        .update(header('x-bapi-timestamp') + header('x-bapi-api-key') + header('x-bapi-recv-window') + payload)
        .digest('hex');
      const isPublic = url.pathname.startsWith('/v5/market');
      const answer =
        isPublic || signed === header('x-bapi-sign') ? (answers.get(url.pathname)?.(url.searchParams, body) ?? bad(10017)) : bad(10004);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    })();
  });
  const streams = new WebSocketServer({ server });
  streams.on('connection', (socket, request) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', data => {
      const { op, args, req_id } = JSON.parse(String(data)) as { op: string; args: string[]; req_id?: string };
      if (op === 'auth') {
        const [key, expires = '', signature] = args;
        const right = key === KEY && signature === createHmac('sha256', SECRET).update(`GET/realtime${expires}`).digest('hex');
        if (right) authorised++;
        socket.send(JSON.stringify({ op, success: right, ret_msg: '' }));
      } else if (op === 'subscribe') {
        socket.send(JSON.stringify({ op, success: true, ret_msg: '', req_id }));
        if (request.url === '/v5/public/linear')
          for (const topic of args)
            if (topic.startsWith('tickers'))
              socket.send(
                JSON.stringify({
                  topic,
                  type: 'snapshot',
                  ts: 5,
                  data: { markPrice: '100', indexPrice: '99', fundingRate: '0.0001', nextFundingTime: '900', openInterest: '7' },
                }),
              );
      } else if (op === 'ping') socket.send(JSON.stringify({ op: 'pong', success: true }));
    });
  });
  const until = async (what: () => boolean): Promise<void> => {
    for (let waited = 0; !what(); waited += 5) {
      if (waited > 4000) throw new Error(JSON.stringify(events));
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const urls = { rest: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}` };
    transport = ccxtTransport({
      venue: 'bybit',
      key: KEY,
      secret: SECRET,
      urls,
      clock: systemClock(),
      timeoutMs: 4000,
      limits: { backoffMs: 20 },
    });
    await transport.open(event => events.push(event));
  });
  afterAll(async () => {
    await transport.close();
    for (const socket of sockets) socket.terminate();
    streams.close();
    server.close();
    server.closeAllConnections();
  });

  it('loads markets with the fees of the account', async () => {
    expect(await transport.markets()).toMatchObject([
      {
        instrument: { symbol: BTC, tickSize: 0.1, lotSize: 0.001, minNotional: 5, maxLeverage: 100 },
        trading: true,
        makerFee: 0.0001,
        takerFee: 0.0006,
      },
    ]);
  });

  it('does not take an answer about another order for one about this', async () => {
    answers.set('/v5/order/create', () => good({ orderId: 'o-9', orderLinkId: 'qt-a-9-9' }));
    await expect(transport.submit(order('qt-a.1.1'))).rejects.toMatchObject({ kind: 'ambiguous', code: 'bad-answer' });
  });

  it('sends an order as the venue wants it, signed, under our id', async () => {
    answers.set('/v5/order/create', (_, body) => good({ orderId: 'o-1', orderLinkId: body['orderLinkId'] }));
    const answer = await transport.submit(order('qt-a.1.1', { type: 'limit', price: 3 * 13_333.7, quantity: 0.003, postOnly: true }));
    expect(answer).toMatchObject({ venueId: 'o-1', clientId: 'qt-a.1.1', status: 'open', filled: 0 });
    expect(seen.at(-1)?.body).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Limit',
      qty: '0.003',
      price: '40001.1',
      timeInForce: 'PostOnly',
      positionIdx: 0,
      orderLinkId: 'qt-a-1-1',
    });
  });

  it('writes which way the price of a conditional order lies', async () => {
    const direction = async (type: 'stop' | 'take-profit', side: 'buy' | 'sell'): Promise<unknown> => {
      const answer = await transport.submit(order('qt-a.1.2', { type, side, stopPrice: 50_000, closePosition: true, triggerBy: 'mark' }));
      expect(answer.status).toBe('untriggered');
      return seen.at(-1)?.body['triggerDirection'];
    };
    expect(await direction('stop', 'buy')).toBe(1);
    expect(await direction('stop', 'sell')).toBe(2);
    expect(await direction('take-profit', 'buy')).toBe(2);
    expect(await direction('take-profit', 'sell')).toBe(1);
    expect(seen.at(-1)?.body).toMatchObject({
      qty: '0',
      reduceOnly: true,
      closeOnTrigger: true,
      triggerBy: 'MarkPrice',
      orderType: 'Market',
    });
    const before = seen.length;
    await expect(
      transport.submit(order('qt-a.1.3', { type: 'trailing-stop', trail: { fraction: 0.01, activation: null } })),
    ).rejects.toMatchObject({ code: 'unsupported' });
    expect(seen.length).toBe(before);
  });

  it('says that an order is absent only when neither the open ones nor the history have it', async () => {
    const ref = { symbol: BTC, clientId: 'qt-a.1.1', venueId: null, conditional: false };
    answers.set('/v5/order/realtime', () => good({ list: [], nextPageCursor: '' }));
    answers.set('/v5/order/history', () => good({ list: [{ ...OPEN, orderStatus: 'Cancelled' }] }));
    expect(await transport.order(ref)).toMatchObject({ status: 'cancelled', venueId: 'o-1' });
    answers.set('/v5/order/history', () => good({ list: [] }));
    await expect(transport.order(ref)).rejects.toMatchObject({ kind: 'absent' });
    answers.set('/v5/order/history', () => bad(10016));
    await expect(transport.order(ref)).rejects.toMatchObject({ kind: 'ambiguous' });
    answers.set('/v5/order/realtime', () => good({ list: 'none' }));
    await expect(transport.order(ref)).rejects.toMatchObject({ kind: 'ambiguous', code: 'bad-answer' });
  });

  it('follows pages and stretches of seven days, and gives executions once and oldest first', async () => {
    const day = 86_400_000;
    const now = Date.now();
    const execution = (n: number, ts: number): Body => ({
      symbol: 'BTCUSDT',
      orderId: 'o',
      orderLinkId: '',
      side: 'Buy',
      execId: `e${n}`,
      execPrice: '1',
      execQty: '1',
      execFee: '0',
      execType: n === 3 ? 'Funding' : 'Trade',
      execTime: String(ts),
      isMaker: false,
      seq: n,
    });
    const all = [1, 2, 3, 4, 5].map(n => execution(n, now - (18 - 3 * n) * day));
    answers.set('/v5/execution/list', query => {
      const [from, to] = [Number(query.get('startTime')), Number(query.get('endTime'))];
      expect(to - from).toBeLessThan(7 * day);
      const found = all.filter(({ execTime }) => Number(execTime) >= from && Number(execTime) <= to).reverse();
      const at = Number(query.get('cursor') ?? 0);
      return good({ list: found.slice(at, at + 1), nextPageCursor: at + 1 < found.length ? String(at + 1) : '' });
    });
    expect((await transport.executions(BTC, now - 16 * day)).map(({ id }) => id)).toEqual(['e1', 'e2', 'e4', 'e5']);
  });

  it('asks for open orders of both settlement coins, page by page', async () => {
    answers.set('/v5/order/realtime', query =>
      good({
        list: query.get('settleCoin') === 'USDT' ? [{ ...OPEN, orderId: query.get('cursor') ?? 'first' }] : [],
        nextPageCursor: query.get('settleCoin') === 'USDT' && query.get('cursor') === null ? 'second' : '',
      }),
    );
    expect((await transport.openOrders(null)).map(({ venueId }) => venueId)).toEqual(['first', 'second']);
  });

  it('takes no change for done, and sets the dead man’s window only when it changes', async () => {
    answers.set('/v5/position/set-leverage', () => bad(110043));
    await transport.setLeverage(BTC, 5);
    answers.set('/v5/position/set-leverage', () => bad(110013));
    await expect(transport.setLeverage(BTC, 5)).rejects.toMatchObject({ kind: 'refused', code: 'leverage' });
    answers.set('/v5/order/disconnected-cancel-all', () => good({}));
    const before = seen.length;
    for (let i = 0; i < 3; i++) expect(await transport.cancelAllAfter(BTC, 20_000)).toBe(true);
    expect(seen.length - before).toBe(1);
    expect(seen.at(-1)?.body).toEqual({ timeWindow: 20, product: 'DERIVATIVES' });
  });

  it('answers the oldest bars of a stretch, though the venue answers the newest', async () => {
    const minute = 60_000;
    answers.set('/v5/market/kline', query => {
      const [from, to, limit] = ['start', 'end', 'limit'].map(name => Number(query.get(name))) as [number, number, number];
      const list: string[][] = [];
      for (let at = Math.floor(to / minute) * minute; at >= from && list.length < limit; at -= minute)
        list.push([String(at), '1', '2', '0.5', '1', '3', '3']);
      return good({ list });
    });
    const bars = await transport.history.bars(BTC, '1m', 0, 100 * minute, 3);
    expect(bars.map(([at]) => at)).toEqual([0, minute, 2 * minute]);
  });

  it('shows its key on the private stream, tells what happens there, and comes back after a cut', async () => {
    transport.listen();
    const up = (): number => events.filter(event => event.event === 'stream' && event.channel === 'private' && event.up).length;
    await until(() => up() === 1);
    expect(authorised).toBe(1);
    for (const socket of sockets) {
      socket.send(
        JSON.stringify({
          topic: 'order',
          data: [
            { ...OPEN, category: 'linear' },
            { ...OPEN, category: 'spot' },
          ],
        }),
      );
      socket.send(JSON.stringify({ topic: 'order', data: [{ ...OPEN, category: 'linear', orderStatus: 'Doubtful' }] }));
      socket.send('<html>');
    }
    await until(() => events.filter(({ event }) => event === 'quarantined').length === 2);
    expect(events.filter(({ event }) => event === 'order')).toHaveLength(1);
    for (const socket of sockets) socket.terminate();
    await until(() => up() === 2);
    expect(authorised).toBe(2);
  });

  it('listens to the ticker once for mark price, funding and open interest, and tells what was asked for', async () => {
    transport.subscribe([{ kind: 'mark', symbol: BTC }]);
    transport.subscribe([
      { kind: 'mark', symbol: BTC },
      { kind: 'open-interest', symbol: BTC },
    ]);
    await until(() => events.some(event => event.event === 'market' && event.message.kind === 'open-interest'));
    expect(events.filter(({ event }) => event === 'market').map(event => event.event === 'market' && event.message.kind)).toEqual([
      'mark',
      'open-interest',
    ]);
    expect(events.filter(event => event.event === 'stream' && event.up && event.channel === 'open-interest')).toHaveLength(1);
  });

  it('says nothing of its key', () => {
    expect(JSON.stringify(events)).not.toContain('canary');
  });
});
