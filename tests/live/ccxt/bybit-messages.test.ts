import { describe, expect, it } from 'vitest';
import { readBybitIncome, readBybitPermissions, readBybitPositions } from '../../../src/live/ccxt/bybit/bybit-account.js';
import { bybitMarketReader } from '../../../src/live/ccxt/bybit/bybit-market-reader.js';
import { readBybitExecution, readBybitOrder } from '../../../src/live/ccxt/bybit/bybit-orders.js';
import { readBybitPrivate } from '../../../src/live/ccxt/bybit/bybit-streams.js';
import { BadMessage, fieldsOf, listOf } from '../../../src/live/ccxt/reading.js';
import { hasMessages, symbolsOf, venueMessages } from './venue-messages.js';

const BTC = 'BTC/USDT:USDT';
const symbols = symbolsOf('BTCUSDT', 'ETHUSDT', 'ICPUSDT', 'LTCUSDT');

describe.skipIf(!hasMessages)('recorded messages of Bybit', () => {
  const all = hasMessages ? venueMessages('bybit') : {};
  const message = (name: string): unknown => all[`${name}.json`];
  const market = (name: string) => bybitMarketReader(symbols).read(message(name));
  const user = (name: string) => readBybitPrivate(message(name), { symbols });
  const rows = (name: string) => listOf(fieldsOf(fieldsOf(message(name))['result'])['list'], name).map(row => fieldsOf(row));

  it('are read as market data', () => {
    expect(market('ws_kline')).toEqual([
      {
        kind: 'bar',
        symbol: BTC,
        timeframe: '5m',
        openTime: 1672324800000,
        open: 16649.5,
        high: 16677,
        low: 16608,
        close: 16677,
        volume: 2.081,
        closed: false,
        ts: 1672324988882,
      },
    ]);
    expect(market('ws_public_trade')).toEqual([
      { kind: 'trade', symbol: BTC, id: '9dc75fca-4bdd-4773-9f78-6f5d7ab2a110', price: 27451, quantity: 0.01, side: 1, ts: 1709891679000 },
    ]);
    expect(market('ws_ticker_linear')).toEqual([
      { kind: 'mark', symbol: BTC, price: 17217.33, index: 17227.36, ts: 1673272861686 },
      { kind: 'funding-estimate', symbol: BTC, rate: -0.000212, nextAt: 1673280000000, ts: 1673272861686 },
      { kind: 'open-interest', symbol: BTC, value: 68744.761, ts: 1673272861686 },
    ]);
    expect(market('ws_orderbook_snapshot')).toMatchObject([{ kind: 'quote', bid: 27450, bidSize: 0.5, ask: 27451, askSize: 0.75 }]);
  });

  it('of a one-level book give a quote only while both sides are known', () => {
    const reader = bybitMarketReader(symbols);
    reader.read(message('ws_orderbook_snapshot'));
    // The delta takes the ask away.
    expect(reader.read(message('ws_orderbook_delta'))).toEqual([]);
    const next = {
      topic: 'orderbook.1.BTCUSDT',
      type: 'delta',
      ts: 1709891679600,
      data: { s: 'BTCUSDT', b: [], a: [['27451.50', '2']], u: 123456791, seq: 1 },
    };
    expect(reader.read(next)).toMatchObject([{ bid: 27450, bidSize: 0.4, ask: 27451.5, askSize: 2 }]);
  });

  it('are read as orders, conditional ones by which way their price lies', () => {
    const types = Object.fromEntries(
      [
        'stop_market',
        'buy_stop_market',
        'stop_limit',
        'stop_loss',
        'take_profit',
        'market_if_touched',
        'sell_market_if_touched',
        'limit_if_touched',
      ].map(name => {
        const [event] = user(`ws_account_order_${name}`);
        return [name, event?.event === 'order' ? `${event.order.type} ${event.order.status}` : ''];
      }),
    );
    expect(types).toEqual({
      stop_market: 'stop untriggered',
      buy_stop_market: 'stop untriggered',
      stop_limit: 'stop-limit untriggered',
      stop_loss: 'stop untriggered',
      take_profit: 'take-profit untriggered',
      market_if_touched: 'take-profit untriggered',
      sell_market_if_touched: 'take-profit untriggered',
      limit_if_touched: 'take-profit-limit untriggered',
    });
    expect(user('ws_account_order_filled')).toMatchObject([
      { order: { status: 'filled', filled: 0.1, clientId: 'test-client-order-001', conditional: false } },
    ]);
    expect(user('ws_account_order')).toMatchObject([{ order: { status: 'cancelled', filled: 0 } }]);
  });

  it('do not call an order refused that traded in part', () => {
    expect(rows('http_get_order_partially_filled_rejected').map(row => readBybitOrder(row, symbols))).toMatchObject([
      { status: 'cancelled', filled: 0.005, quantity: 0.01 },
    ]);
    // The same by the stream is about a spot order: another product.
    expect(user('ws_account_order_partially_filled_rejected')).toEqual([]);
  });

  it('are read as executions, with what was not of our doing', () => {
    expect(user('ws_account_execution')).toMatchObject([
      {
        execution: {
          id: '0ab1bdf7-4219-438b-b30a-32ec863018f7',
          price: 95900.1,
          quantity: 0.5,
          fee: 26.3725275,
          feeAsset: 'USDT',
          side: 'sell',
          cause: 'order',
          maker: false,
        },
      },
    ]);
    expect(user('ws_account_execution_adl')).toMatchObject([{ execution: { cause: 'adl', fee: 0, clientId: '' } }]);
    expect(rows('http_get_executions').map(row => readBybitExecution(row, symbols)?.quantity)).toEqual([0.1, 0.5]);
  });

  it('are read as positions, signed by their side', () => {
    expect(readBybitPositions(rows('http_get_positions'), symbols)[0]).toMatchObject({
      symbol: BTC,
      quantity: 0.5,
      entryPrice: 50000,
      leverage: 10,
      liquidationPrice: 45000,
    });
    expect(readBybitPositions(rows('http_get_positions_with_open_time'), symbols)).toMatchObject([{ quantity: 1, liquidationPrice: NaN }]);
    const stream = listOf(fieldsOf(message('ws_account_position'))['data'], 'data');
    expect(readBybitPositions(stream, symbols)).toMatchObject([{ quantity: -0.01, entryPrice: 3641.075 }]);
    expect(user('ws_account_position')).toEqual([{ event: 'account', reason: 'position' }]);
    expect(user('ws_account_wallet')).toEqual([{ event: 'account', reason: 'wallet' }]);
  });
});

describe('messages of Bybit', () => {
  it('of the ticker come as changes on what was said before', () => {
    const reader = bybitMarketReader(symbols);
    const say = (type: string, data: object) =>
      reader.read({ topic: 'tickers.BTCUSDT', type, ts: 5, data: { symbol: 'BTCUSDT', ...data } });
    expect(say('delta', { indexPrice: '99' })).toEqual([]);
    say('snapshot', { markPrice: '100', indexPrice: '99', fundingRate: '0.0001', nextFundingTime: '1000', openInterest: '5' });
    expect(say('delta', { markPrice: '101' })).toEqual([{ kind: 'mark', symbol: BTC, price: 101, index: 99, ts: 5 }]);
    expect(say('delta', { lastPrice: '101' })).toEqual([]);
    expect(() => say('delta', { markPrice: '-1' })).toThrow(BadMessage);
  });

  it('of the deep book keep their id, and begin anew where the venue did', () => {
    const reader = bybitMarketReader(symbols);
    const say = (type: string, u: number) =>
      reader.read({ topic: 'orderbook.200.BTCUSDT', type, ts: 5, cts: 4, data: { s: 'BTCUSDT', b: [['1', '2']], a: [], u, seq: 1 } })[0];
    expect(say('delta', 7)).toMatchObject({ kind: 'book', snapshot: false, lastId: 7, ts: 4 });
    expect(say('delta', 1)).toMatchObject({ snapshot: true, lastId: 1 });
  });

  it('of the transaction log are split into what was paid and what was made', () => {
    const row = {
      id: '9',
      symbol: 'BTCUSDT',
      currency: 'USDT',
      transactionTime: '5',
      tradeId: 'e1',
      type: 'TRADE',
      cashFlow: '12',
      fee: '0.5',
      funding: '',
      change: '11.5',
    };
    expect(readBybitIncome(row, symbols)).toMatchObject([
      { id: '9:fee', kind: 'fee', amount: -0.5, execution: 'e1' },
      { id: '9:realised', kind: 'realised', amount: 12 },
    ]);
    expect(
      readBybitIncome({ ...row, type: 'SETTLEMENT', tradeId: '', cashFlow: '0', fee: '0', funding: '-3', change: '-3' }, symbols),
    ).toMatchObject([{ kind: 'funding', amount: -3, execution: null }]);
    expect(readBybitIncome({ ...row, type: 'TRANSFER_OUT', change: '-100' }, symbols)).toMatchObject([{ kind: 'transfer', amount: -100 }]);
  });

  it('about a key say whether it may withdraw and from where', () => {
    const key = { readOnly: 0, ips: ['*'], permissions: { ContractTrade: ['Order', 'Position'], Wallet: ['AccountTransfer', 'Withdraw'] } };
    expect(readBybitPermissions(key)).toEqual({ trade: true, withdraw: true, ipRestricted: false });
    expect(readBybitPermissions({ ...key, ips: ['1.2.3.4'], permissions: { ContractTrade: ['Order'] } })).toEqual({
      trade: true,
      withdraw: false,
      ipRestricted: true,
    });
    expect(readBybitPermissions({ ...key, readOnly: 1 })).toMatchObject({ trade: false });
  });
});
