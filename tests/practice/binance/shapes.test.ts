import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import type { PracticeServer } from '../../../src/practice/server/start-practice.js';
import { BTC, MINUTE } from '../core/practice-ground.js';
import { ACCOUNT, ask, openVenue } from './practice-venue.js';
import { differences, HAS_MESSAGES, recordedAnswer, recordedEvents, venueMessages } from './venue-messages.js';

type Message = Record<string, unknown> & { readonly e: string; readonly o?: Record<string, unknown> };

describe.skipIf(!HAS_MESSAGES)('messages beside those that the venue was heard to send', () => {
  let server: PracticeServer;
  let exchange: PracticeExchange;
  const messages = HAS_MESSAGES ? venueMessages() : {};
  const events: Message[] = [];
  const of = (name: string, where: (message: Message) => boolean = () => true): Message | undefined =>
    events.find(message => message.e === name && where(message));
  const close = (): void => sockets.forEach(socket => socket.terminate());
  const sockets: WebSocket[] = [];
  const hear = async (path: string): Promise<WebSocket> => {
    const socket = new WebSocket(`${server.ws}${path}`);
    sockets.push(socket);
    socket.on('message', data => events.push(JSON.parse(String(data as Buffer)) as Message));
    await new Promise(resolve => socket.once('open', resolve));
    return socket;
  };

  beforeAll(async () => {
    ({ server, exchange } = await openVenue());
    const { json } = await ask(server, 'POST', '/fapi/v1/listenKey');
    await hear(`/private/ws?listenKey=${String((json as { listenKey: string }).listenKey)}`);
    const market = await hear('/market/ws/1');
    market.send(JSON.stringify({ method: 'SUBSCRIBE', params: ['btcusdt@kline_1m', 'btcusdt@markPrice@1s', 'btcusdt@aggTrade'], id: 1 }));
    await hear('/public/ws/btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@trade');
    await new Promise(resolve => setTimeout(resolve, 50));
    const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010', newClientOrderId: 'qt-1' };
    const price = (share: number): string => (Math.round(exchange.lastPrice(BTC) * share * 10) / 10).toFixed(1);
    await ask(server, 'POST', '/fapi/v1/order', { ...order, price: price(0.97) });
    await ask(server, 'POST', '/fapi/v1/order', { ...order, type: 'MARKET', newClientOrderId: 'qt-2' });
    const stop = { symbol: 'BTCUSDT', side: 'SELL', type: 'STOP_MARKET', algoType: 'CONDITIONAL', quantity: '0.010', reduceOnly: 'true' };
    await ask(server, 'POST', '/fapi/v1/algoOrder', { ...stop, triggerPrice: price(0.9), clientAlgoId: 'qt-3' });
    await ask(server, 'POST', '/fapi/v1/leverage', { symbol: 'BTCUSDT', leverage: 7 });
    for (let i = 0; i < 8; i++) exchange.advance(exchange.now + MINUTE / 4);
    exchange.deleverage('main', BTC, 0.003);
    exchange.liquidate('main', BTC);
    await new Promise(resolve => setTimeout(resolve, 100));
  });
  afterAll(async () => {
    close();
    await server.close();
  });

  const fixture = (name: string): unknown => messages[`futures/${name}.json`];

  it.each([
    ['kline', 'market_data_json/kline_stream_closed', (message: Message) => (message['k'] as { x: boolean }).x],
    ['kline', 'market_data_json/kline_stream_open', (message: Message) => !(message['k'] as { x: boolean }).x],
    ['markPriceUpdate', 'market_data_json/mark_price_stream'],
    ['aggTrade', 'market_data_json/agg_trade_stream'],
    ['depthUpdate', 'market_data_json/depth_update_stream'],
    ['bookTicker', 'market_data_json/book_ticker_stream'],
    ['trade', 'market_data_json/trade_stream'],
    ['ORDER_TRADE_UPDATE', 'user_data_json/order_update_trade', (message: Message) => message.o?.['x'] === 'TRADE'],
    [
      'ORDER_TRADE_UPDATE',
      'user_data_json/order_update_calculated',
      (message: Message) => message.o?.['x'] === 'CALCULATED' && message.o['X'] === 'FILLED',
    ],
    ['ORDER_TRADE_UPDATE', 'user_data_json/order_update_adl', (message: Message) => message.o?.['X'] === 'NEW_ADL'],
    ['ALGO_UPDATE', 'user_data_json/algo_update_new', (message: Message) => message.o?.['X'] === 'NEW'],
    ['ACCOUNT_UPDATE', 'user_data_json/account_update', (message: Message) => (message['a'] as { P: unknown[] }).P.length > 0],
    ['TRADE_LITE', 'user_data_json/trade_lite'],
  ])('%s has the names and types of %s', (event, name, where = () => true) => {
    // `st` and `ps` are a test venue's; `pm`, `gtd` and `X` of trades came later, and NaN stands for none of `N`.
    const known = { added: ['pm', 'gtd', 'X'], gone: ['st', ...(event.startsWith('ORDER') ? [] : ['ps'])] };
    expect(differences(of(event, where), fixture(name), known)).toEqual([]);
  });

  it('ORDER_TRADE_UPDATE of an order without a fill names no commission', () => {
    const update = of('ORDER_TRADE_UPDATE', message => message.o?.['x'] === 'NEW');
    expect(differences(update, fixture('user_data_json/order_update_new'), { added: ['pm', 'gtd'], gone: ['N', 'n'] })).toEqual([]);
  });

  it('tells liquidation and deleveraging by the client ids of the venue', () => {
    const ids = events
      .filter(message => message.e === 'ORDER_TRADE_UPDATE' && message.o?.['x'] === 'CALCULATED')
      .map(message => String(message.o?.['c']));
    expect(ids.some(id => id.startsWith('adl_autoclose'))).toBe(true);
    expect(ids.some(id => id.startsWith('autoclose-'))).toBe(true);
  });

  it('streams look like the recorded ones', () => {
    const recorded = recordedEvents('cryptofeed_BINANCE_FUTURES.ws.1.0.txt.gz');
    expect([...recorded.keys()].sort()).toEqual(['aggTrade', 'bookTicker', 'depthUpdate', 'kline']);
    for (const [name, theirs] of recorded) expect([name, differences(of(name), theirs)]).toEqual([name, []]);
    for (const [name, theirs] of recordedEvents('binance-usdm_BTCUSDT_2024-08-08.txt.gz'))
      expect([name, differences(of(name), theirs)]).toEqual([name, []]);
  });

  it('REST answers have the names and types of the recorded ones', async () => {
    const get = async (path: string, params = {}): Promise<unknown> => (await ask(server, 'GET', path, params)).json;
    await ask(server, 'POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.010',
      newClientOrderId: 'qt-9',
    });
    const triggerPrice = (Math.round(exchange.lastPrice(BTC) * 9) / 10).toFixed(1);
    const stop = {
      symbol: 'BTCUSDT',
      side: 'SELL',
      type: 'STOP_MARKET',
      algoType: 'CONDITIONAL',
      quantity: '0.010',
      reduceOnly: 'true',
      triggerPrice,
    };
    await ask(server, 'POST', '/fapi/v1/algoOrder', { ...stop, clientAlgoId: 'qt-10' });
    const rest = async (name: string, path: string, params: object, known = {}): Promise<void> =>
      expect([name, differences(await get(path, params), fixture(`http_json/${name}`), known)]).toEqual([name, []]);
    await rest('account_info_v2', '/fapi/v2/account', {});
    await rest('balance', '/fapi/v2/balance', {});
    await rest('order_response', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'qt-9' });
    await rest('position_risk', '/fapi/v2/positionRisk', { symbol: 'BTCUSDT' });
    const news = [
      'orderType',
      'actualOrderId',
      'actualPrice',
      'price',
      'icebergQuantity',
      'tpTriggerPrice',
      'tpPrice',
      'slTriggerPrice',
      'slPrice',
      'tpOrderType',
      'selfTradePreventionMode',
      'priceMatch',
      'closePosition',
      'priceProtect',
      'triggerTime',
      'goodTillDate',
    ];
    await rest('open_algo_orders', '/fapi/v1/openAlgoOrders', {}, { added: news, gone: ['type'] });
    const book = recordedAnswer('cryptofeed_BINANCE_FUTURES.http.0.0.txt.gz', '/fapi/v1/depth');
    expect(differences(await get('/fapi/v1/depth', { symbol: 'BTCUSDT' }), book)).toEqual([]);
    const info = recordedAnswer('cryptofeed_BINANCE_FUTURES.0.txt.gz', '/fapi/v1/exchangeInfo');
    expect(differences(await get('/fapi/v1/exchangeInfo'), info, { added: ['maxMoveOrderLimit', 'permissionSets'] })).toEqual([]);
  });

  it('sends a book of changes whose ids follow each other, and that joins the snapshot', async () => {
    const { json } = await ask(server, 'GET', '/fapi/v1/depth', { symbol: 'BTCUSDT', limit: 10 });
    const { lastUpdateId } = json as { lastUpdateId: number };
    for (let i = 0; i < 8; i++) exchange.advance(exchange.now + MINUTE / 4);
    await new Promise(resolve => setTimeout(resolve, 100));
    const updates = events.filter(message => message.e === 'depthUpdate') as (Message & { U: number; u: number; pu: number })[];
    updates.slice(1).forEach((update, i) => expect(update.pu).toBe(updates[i]?.u));
    // Binance: the first update to apply has U <= lastUpdateId and u >= lastUpdateId.
    const first = updates.find(update => update.u >= lastUpdateId);
    expect(first?.U).toBeLessThanOrEqual(lastUpdateId);
  });

  it(`answers ${ACCOUNT.name}'s own commands on a socket`, async () => {
    const answers: unknown[] = [];
    const socket = new WebSocket(`${server.ws}/ws`);
    socket.on('message', data => answers.push(JSON.parse(String(data as Buffer))));
    await new Promise(resolve => socket.once('open', resolve));
    for (const text of [
      '{"method":"SUBSCRIBE","params":["btcusdt@trade","ethusdt@trade"],"id":7}',
      '{"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":8}',
      '{"method":"LIST_SUBSCRIPTIONS","id":9}',
      'nonsense',
    ])
      socket.send(text);
    while (answers.length < 4) await new Promise(resolve => setTimeout(resolve, 5));
    expect(answers.slice(0, 3)).toEqual([
      { result: null, id: 7 },
      { result: null, id: 8 },
      { result: ['ethusdt@trade'], id: 9 },
    ]);
    expect(answers[3]).toHaveProperty('error.code');
    socket.terminate();
  });
});
