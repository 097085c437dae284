import { describe, expect, it } from 'vitest';
import { readBalances, readPositions } from '../../../src/live/ccxt/binance/binance-account.js';
import { readBinanceDepth, readBinanceMarket } from '../../../src/live/ccxt/binance/binance-market-message.js';
import { readAlgoOrder, readOrder } from '../../../src/live/ccxt/binance/binance-orders.js';
import { readBinancePrivate } from '../../../src/live/ccxt/binance/binance-private-stream.js';
import { orderIdentities } from '../../../src/live/ccxt/order-identities.js';
import { BadMessage, fieldsOf, parseVenueJson } from '../../../src/live/ccxt/reading.js';
import { hasMessages, recordedLines, symbolsOf, venueMessages } from './venue-messages.js';

const BTC = 'BTC/USDT:USDT';
const symbols = symbolsOf('BTCUSDT', 'BNBUSDT', 'SUSHIUSDT', 'AKROUSDT', 'KEEPUSDT', 'CTKUSDT');
const told = (message: unknown) => readBinancePrivate(message, { symbols, identities: orderIdentities() });

describe.skipIf(!hasMessages)('recorded messages of Binance', () => {
  const all = hasMessages ? venueMessages('binance') : {};
  const market = (name: string) => readBinanceMarket(all[`futures/market_data_json/${name}.json`], symbols);
  const user = (name: string) => told(all[`futures/user_data_json/${name}.json`]);
  const http = (name: string): unknown => all[`futures/http_json/${name}.json`];

  it('are read as market data', () => {
    const open = {
      kind: 'bar',
      symbol: BTC,
      timeframe: '1m',
      openTime: 1638747660000,
      open: 0.001,
      high: 0.0025,
      low: 0.001,
      close: 0.002,
      volume: 1000,
    };
    expect(market('kline_stream_closed')).toEqual([{ ...open, closed: true, ts: 1638747660000 }]);
    expect(market('trade_stream')).toEqual([
      { kind: 'trade', symbol: BTC, id: '5933014', price: 0.001, quantity: 100, side: -1, ts: 123456785 },
    ]);
    expect(market('agg_trade_stream')).toEqual([
      { kind: 'trade', symbol: BTC, id: '105', price: 0.001, quantity: 100, side: -1, ts: 123456785 },
    ]);
    expect(market('book_ticker_stream')).toEqual([
      { kind: 'quote', symbol: 'BNB/USDT:USDT', bid: 25.3519, bidSize: 31.21, ask: 25.3652, askSize: 40.66, ts: 1568014460891 },
    ]);
    expect(market('depth_update_stream')).toEqual([
      {
        kind: 'book',
        symbol: BTC,
        snapshot: false,
        bids: [[0.0024, 10]],
        asks: [[0.0026, 100]],
        firstId: 157,
        lastId: 160,
        previousId: 149,
        ts: 123456788,
      },
    ]);
    expect(market('mark_price_stream')).toEqual([
      { kind: 'mark', symbol: BTC, price: 11794.15, index: 11784.62659091, ts: 1562305380000 },
      { kind: 'funding-estimate', symbol: BTC, rate: 0.00038167, nextAt: 1562306400000, ts: 1562305380000 },
    ]);
  });

  it('are refused where a high lies under the close', () => {
    // This fixture has a low of 0.0015 above its open of 0.0010.
    expect(() => market('kline_stream_open')).toThrow(BadMessage);
  });

  it('are read as orders and executions of ours', () => {
    expect(user('order_update_trade')).toEqual([
      {
        event: 'execution',
        execution: {
          id: '12345678',
          venueOrderId: '8886774',
          clientId: 'TEST',
          symbol: BTC,
          side: 'buy',
          price: 7100.5,
          quantity: 0.001,
          fee: 0.01,
          feeAsset: 'USDT',
          maker: true,
          ts: 1568879465651,
          cause: 'order',
          positionSide: 'long',
        },
      },
      {
        event: 'order',
        order: {
          clientId: 'TEST',
          venueId: '8886774',
          symbol: BTC,
          side: 'buy',
          type: 'limit',
          status: 'open',
          quantity: 0.001,
          filled: 0.001,
          price: 7100.5,
          stopPrice: null,
          reduceOnly: false,
          closePosition: false,
          conditional: false,
          positionSide: 'long',
          updatedAt: 1568879465651,
        },
      },
    ]);
    expect(user('order_update_new')).toMatchObject([{ order: { type: 'trailing-stop', status: 'open', filled: 0, stopPrice: 7103.04 } }]);
    expect(user('order_update_trade_partial')).toMatchObject([
      { execution: { quantity: 0.001 } },
      { order: { status: 'open', quantity: 0.002, filled: 0.001 } },
    ]);
  });

  it('tell liquidation, deleveraging and settlement from trades of ours', () => {
    expect(user('order_update_calculated')).toMatchObject([
      { execution: { cause: 'liquidation', quantity: 0.014, price: 9910.12 } },
      { order: { status: 'filled' } },
    ]);
    expect(user('order_update_insurance')).toMatchObject([{ execution: { cause: 'liquidation' } }, { order: { status: 'filled' } }]);
    expect(user('order_update_adl')).toMatchObject([{ execution: { cause: 'adl', side: 'buy' } }, { order: { status: 'filled' } }]);
    expect(user('order_update_settlement')).toMatchObject([{ execution: { cause: 'settlement' } }, { order: {} }]);
    // A delivery contract is not listed here: its own name stands for it. It comes without a fee.
    expect(user('order_update_delivery')).toMatchObject([
      { execution: { cause: 'settlement', symbol: 'BTCUSD_240329', fee: 0 } },
      { order: {} },
    ]);
    expect(user('order_update_calculated_pending')).toMatchObject([{ event: 'order', order: { status: 'open', filled: 0 } }]);
  });

  it('are read as conditional orders in their own id space', () => {
    expect(user('algo_update_new')).toMatchObject([
      {
        order: {
          clientId: 'Q5xaq5EGKgXXa0fD7fs0Ip',
          venueId: '2148719',
          conditional: true,
          status: 'untriggered',
          type: 'take-profit-limit',
          stopPrice: 750,
          price: 750,
          symbol: 'BNB/USDT:USDT',
        },
      },
    ]);
    expect(user('algo_update_canceled')).toMatchObject([{ order: { status: 'cancelled' } }]);
    const [row] = http('open_algo_orders') as unknown[];
    expect(readAlgoOrder(fieldsOf(row), symbols)).toMatchObject({
      order: { clientId: 'test-algo-order-1', type: 'stop', stopPrice: 45000, quantity: 0.001 },
      actualId: '',
    });
  });

  it('say that the account changed, and repeat nothing', () => {
    expect(user('account_update')).toEqual([{ event: 'account', reason: 'ORDER' }]);
    expect(user('account_update_bnfcr')).toEqual([{ event: 'account', reason: 'ORDER' }]);
    expect(user('trade_lite')).toEqual([]);
  });

  it('are read as answers to requests', () => {
    expect(readOrder(fieldsOf(http('order_response')), symbols)).toMatchObject({
      clientId: 'testOrder123',
      venueId: '12345678',
      status: 'open',
      price: 50000,
      stopPrice: null,
    });
    expect(readBalances(http('balance'))).toEqual([{ asset: 'USDT', wallet: 122.12345678, available: 122.12345678 }]);
    expect(readBalances(http('account_info_v2'))).toEqual([{ asset: 'USDT', wallet: 23.72469206, available: 23.72469206 }]);
    expect(readPositions(http('position_risk'), symbols)).toEqual([
      {
        symbol: BTC,
        quantity: 0.001,
        entryPrice: 50000,
        markPrice: 51000,
        leverage: 20,
        marginMode: 'cross',
        liquidationPrice: 45000,
        positionSide: null,
      },
    ]);
  });

  it('are read from a day of depth, trades and quotes as they came, with every update linked to the one before', () => {
    let [books, linked, trades, quotes, skipped] = [0, 0, 0, 0, 0];
    let last = NaN;
    for (const line of recordedLines('binance-usdm_BTCUSDT_2024-08-08').slice(0, 20_000)) {
      const value = parseVenueJson(line.slice(line.indexOf('{')));
      if (fieldsOf(value)['lastUpdateId'] !== undefined) {
        expect(readBinanceDepth(value, BTC)).toMatchObject({ snapshot: true, bids: { length: 1000 } });
        continue;
      }
      const messages = readBinanceMarket(value, symbols);
      if (messages.length === 0) skipped++;
      for (const message of messages) {
        if (message.kind === 'trade') trades++;
        if (message.kind === 'quote') quotes++;
        if (message.kind !== 'book') continue;
        books++;
        if (message.previousId === last) linked++;
        last = message.lastId;
      }
    }
    expect(books).toBeGreaterThan(500);
    expect(linked).toBe(books - 1);
    expect(trades).toBeGreaterThan(500);
    expect(quotes).toBeGreaterThan(500);
    expect(skipped).toBeLessThan(200);
  });

  it('are read from the older recording of four symbols', () => {
    const kinds = new Set<string>();
    for (const line of recordedLines('cryptofeed_BINANCE_FUTURES.ws.1.0').slice(1)) {
      const at = line.indexOf('{');
      if (at < 0) continue;
      for (const { kind } of readBinanceMarket(parseVenueJson(line.slice(at)), symbols)) kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual(['bar', 'book', 'quote', 'trade']);
  });
});

describe('messages of Binance', () => {
  const trade = {
    e: 'ORDER_TRADE_UPDATE',
    T: 1,
    E: 1,
    o: {
      s: 'BTCUSDT',
      c: 'qt-a.1.1',
      S: 'SELL',
      o: 'MARKET',
      q: '1',
      p: '0',
      sp: '0',
      x: 'TRADE',
      X: 'FILLED',
      i: 7,
      l: '1',
      z: '1',
      L: '100',
      N: 'BNB',
      n: '-0.001',
      T: 2,
      t: 9,
      m: false,
      R: false,
      ot: 'MARKET',
      ps: 'BOTH',
      cp: false,
    },
  };

  it('with a rebate have a negative fee, in the asset that it was paid in', () => {
    expect(told(trade)).toMatchObject([
      { execution: { fee: -0.001, feeAsset: 'BNB', side: 'sell', positionSide: null } },
      { order: { status: 'filled' } },
    ]);
  });

  it('that cannot be are refused one by one: no number, a negative, an infinity, a lost id, an unknown word', () => {
    const hostile: readonly [string, unknown][] = [
      ['L', 'NaN'],
      ['L', '-1'],
      ['L', '1e400'],
      ['L', ''],
      ['l', '-1'],
      ['z', null],
      ['t', 2 ** 53 + 2],
      ['i', 1.5],
      ['S', 'LEFT'],
      ['X', 'HALF'],
      ['ps', 'BOTHER'],
      ['T', -5],
    ];
    for (const [name, value] of hostile)
      expect(() => told({ ...trade, o: { ...trade.o, [name]: value } }), `${name} ${String(value)}`).toThrow(BadMessage);
    expect(() => told({ e: 'NEW_KIND' })).toThrow(BadMessage);
    expect(() => told([])).toThrow(BadMessage);
    expect(() => told(null)).toThrow(BadMessage);
  });

  it('keep an id beyond 2^53 when it is read from text', () => {
    const text = JSON.stringify(trade).replace('"i":7', '"i":9007199254740995').replace('"t":9', '"t":9007199254740997');
    expect(told(parseVenueJson(text))).toMatchObject([{ execution: { id: '9007199254740997', venueOrderId: '9007199254740995' } }, {}]);
  });

  it('about the order that a conditional one became carry the id of that one', () => {
    const identities = orderIdentities();
    const algo = {
      e: 'ALGO_UPDATE',
      T: 1,
      E: 1,
      o: {
        caid: 'qt-a.1.5',
        aid: 3,
        o: 'STOP_MARKET',
        s: 'BTCUSDT',
        S: 'SELL',
        ps: 'BOTH',
        q: '1',
        X: 'TRIGGERED',
        ai: '7',
        aq: '0',
        tp: '99',
        p: '0',
        R: true,
        cp: false,
      },
    };
    expect(readBinancePrivate(algo, { symbols, identities })).toMatchObject([
      { order: { conditional: true, status: 'open', clientId: 'qt-a.1.5' } },
    ]);
    const other = { ...trade, o: { ...trade.o, c: 'venue-made-this' } };
    expect(readBinancePrivate(other, { symbols, identities })).toMatchObject([
      { execution: { clientId: 'qt-a.1.5' } },
      { order: { clientId: 'qt-a.1.5' } },
    ]);
  });

  it('of a crossed quote, an unlisted symbol or a trade of the insurance fund are no market data', () => {
    expect(() => readBinanceMarket({ e: 'bookTicker', s: 'BTCUSDT', b: '2', B: '1', a: '1', A: '1', T: 1 }, symbols)).toThrow(
      /bid 2, ask 1/,
    );
    expect(() => readBinanceMarket({ e: 'trade', s: 'XUSDT', t: 1, p: '1', q: '1', T: 1, m: true }, symbols)).toThrow(/not listed/);
    expect(readBinanceMarket({ e: 'trade', s: 'BTCUSDT', t: 1, p: '0', q: '1', T: 1, m: true, X: 'INSURANCE_FUND' }, symbols)).toEqual([]);
  });
});
