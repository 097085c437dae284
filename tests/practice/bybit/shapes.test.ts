import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import type { PracticeServer } from '../../../src/practice/server/start-practice.js';
import { hasMessages, venueMessages } from '../../live/ccxt/venue-messages.js';
import { ACCOUNT } from '../binance/practice-venue.js';
import { differences } from '../binance/venue-messages.js';
import { MINUTE } from '../core/practice-ground.js';
import { ask, openVenue, type BybitAnswer } from './practice-venue.js';

type Message = Readonly<Record<string, unknown>>;

describe.skipIf(!hasMessages)('messages of the Bybit front beside those that were recorded', () => {
  const recorded = hasMessages ? venueMessages('bybit') : {};
  const real = (name: string): unknown => recorded[`${name}.json`];
  const told: Message[] = [];
  let server: PracticeServer;
  let exchange: PracticeExchange;
  const sockets: WebSocket[] = [];
  const listen = async (path: string, ...messages: readonly object[]): Promise<void> => {
    const socket = new WebSocket(`${server.ws}${path}`);
    sockets.push(socket);
    socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString('utf8')) as Message));
    await new Promise(resolve => socket.once('open', resolve));
    for (const message of messages) socket.send(JSON.stringify(message));
  };
  const topic = (name: string, type?: string): Message | undefined =>
    told.find(message => message['topic'] === name && (type === undefined || message['type'] === type));
  const place = (given: Readonly<Record<string, string | number | boolean>>): Promise<BybitAnswer> =>
    ask(server, 'POST', '/v5/order/create', {
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '0.01',
      ...given,
    });
  const get = async (path: string, params: Readonly<Record<string, string>> = {}): Promise<Message> => {
    const { retCode, retMsg, result, time } = await ask(server, 'GET', path, { category: 'linear', symbol: 'BTCUSDT', ...params });
    return { retCode, retMsg, result, retExtInfo: {}, time };
  };

  beforeAll(async () => {
    ({ server, exchange } = await openVenue());
    const expires = Date.now() + 10_000;
    const sign = createHmac('sha256', ACCOUNT.secret).update(`GET/realtime${expires}`).digest('hex');
    const topics = ['order', 'execution', 'position', 'wallet'];
    await listen('/v5/private', { op: 'auth', args: [ACCOUNT.key, expires, sign] }, { op: 'subscribe', args: topics, req_id: 'x' });
    const publicTopics = ['kline.5.BTCUSDT', 'publicTrade.BTCUSDT', 'orderbook.1.BTCUSDT', 'tickers.BTCUSDT'];
    await listen('/v5/public/linear', { op: 'subscribe', args: publicTopics, req_id: 'y' }, { op: 'subscribe', args: ['no.topic'] });
    for (let i = 0; i < 200 && told.length < 6; i++) await new Promise(resolve => setTimeout(resolve, 10));
    await place({});
    const stop = { side: 'Sell', triggerPrice: '30000', triggerDirection: 2, reduceOnly: true };
    await place(stop);
    exchange.advance(exchange.now + 6 * MINUTE);
    await new Promise(resolve => setTimeout(resolve, 100));
  });
  afterAll(async () => {
    for (const socket of sockets) socket.terminate();
    await server?.close();
  });

  /** Of today's interface, which the recordings are older than. */
  const added = {
    instrument: ['copyTrading', 'upperFundingRate', 'lowerFundingRate', 'isPreListing', 'preListingInfo', 'symbolType', 'category'],
    order: ['createType', 'feeCurrency'],
    wallet: ['totalOrderIM', 'totalPositionIM', 'totalPositionMM', 'spotHedgingQty', 'accountType'],
  };

  it.each([
    ['http_get_instruments_linear', '/v5/market/instruments-info', {}, added.instrument],
    ['http_get_orderbook', '/v5/market/orderbook', {}, []],
    ['http_get_klines_linear', '/v5/market/kline', { interval: '1' }, []],
    ['http_get_trades_recent', '/v5/market/recent-trade', {}, ['isRPITrade', 'seq']],
    ['http_get_fee_rate', '/v5/account/fee-rate', {}, ['category']],
    ['http_get_account_info', '/v5/account/info', {}, []],
    ['http_get_positions', '/v5/position/list', {}, []],
    ['http_get_executions', '/v5/execution/list', {}, []],
    ['http_get_wallet_balance', '/v5/account/wallet-balance', { accountType: 'UNIFIED' }, added.wallet],
    ['http_get_orders_history', '/v5/order/history', {}, [...added.order, 'category']],
    ['http_get_orders_realtime_tp_sl', '/v5/order/realtime', {}, [...added.order, 'category']],
  ])('%s', async (name, path, params, more) => {
    const theirs = real(name) as Message;
    expect(theirs).toBeDefined();
    const ours = await get(path, params);
    const found = differences(ours['result'], theirs['result'], { added: more, gone: ['nextPageCursor'] });
    // Null stands for what is empty in some of the recordings.
    expect(found.filter(text => !text.endsWith('for null'))).toEqual([]);
  });

  it.each([
    ['ws_account_order_stop_market', 'order', []],
    ['ws_account_execution', 'execution', ['feeCurrency', 'createType']],
    ['ws_account_position', 'position', []],
    [
      'ws_account_wallet',
      'wallet',
      [
        'accountType',
        'totalPerpUPL',
        'usdValue',
        'unrealisedPnl',
        'cumRealisedPnl',
        'bonus',
        'locked',
        'spotHedgingQty',
        'marginCollateral',
        'collateralSwitch',
      ],
    ],
    ['ws_kline', 'kline.5.BTCUSDT', []],
    ['ws_public_trade', 'publicTrade.BTCUSDT', ['L', 'RPI', 'seq']],
    ['ws_orderbook_snapshot', 'orderbook.1.BTCUSDT', ['cts']],
    ['ws_ticker_linear', 'tickers.BTCUSDT', []],
  ])('%s', (name, stream, more) => {
    expect(real(name)).toBeDefined();
    expect(differences(topic(stream), real(name), { added: more, gone: ['totalPerpUpl', 'isLeverage'] })).toEqual([]);
  });

  it('a delta of the book', () => {
    expect(differences(topic('orderbook.1.BTCUSDT', 'delta'), real('ws_orderbook_delta'), { added: ['cts'] })).toEqual([]);
  });

  it('answers to what a client says', () => {
    const answer = (op: string, success: boolean): Message | undefined =>
      told.find(message => message['op'] === op && message['success'] === success);
    expect(differences(answer('subscribe', true), real('ws_subscription_ack'))).toEqual([]);
    expect(differences(answer('subscribe', false), real('ws_subscription_failure'))).toEqual([]);
  });
});
