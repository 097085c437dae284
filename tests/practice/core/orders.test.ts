import { describe, expect, it } from 'vitest';
import type { VenueOrderRequest } from '../../../src/live/venue-transport.js';
import { PracticeRefusal, type PracticeEvent } from '../../../src/practice/practice-exchange.js';
import { BTC, MINUTE, T0, ground, heard, request } from './practice-ground.js';

/** Rises by 10 a minute, evenly. */
const rising = Array.from({ length: 10 }, (_, i) => [100 + 10 * i, 110 + 10 * i, 100 + 10 * i, 110 + 10 * i] as const);
const still = Array.from({ length: 10 }, () => [100, 100, 100, 100] as const);

const changes = (events: readonly PracticeEvent[]): unknown[] =>
  events.flatMap(each => (each.event === 'order' ? [`${each.order.conditional ? 'algo ' : ''}${each.change} ${each.order.status}`] : []));

/** The code of a refusal. */
const refused = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof PracticeRefusal) return `${error.kind} ${error.code}`;
    throw error;
  }
  return 'taken';
};

const plain = (clientId: string) => ({ symbol: BTC, clientId, venueId: null, conditional: false });
const algo = (clientId: string) => ({ symbol: BTC, clientId, venueId: null, conditional: true });

describe('orders at the practice exchange', () => {
  it('fill on the path, and are answered with what came of them', () => {
    const exchange = ground(rising);
    exchange.openAccount('a', 100_000);
    const events = heard(exchange);
    exchange.advance(T0 + MINUTE / 2);
    const order = exchange.place('a', request({ clientId: 'x-1', quantity: 10 }));
    expect(order).toMatchObject({ clientId: 'x-1', status: 'filled', filled: 10, quantity: 10, conditional: false, quote: 1050 });
    expect(exchange.executions('a', BTC, 0, Infinity)).toMatchObject([
      { price: 105, quantity: 10, ts: T0 + MINUTE / 2, clientId: 'x-1', maker: false, cause: 'order' },
    ]);
    expect(exchange.positions('a')).toMatchObject([{ symbol: BTC, quantity: 10, entryPrice: 105, markPrice: 105 }]);
    expect(events.map(event => (event.event === 'order' ? event.change : event.event))).toEqual(['new', 'account', 'trade']);
  });

  it('meet the open when they come at the moment at which a bar opens, as in a backtest', () => {
    const exchange = ground([
      [100, 100, 100, 100],
      [120, 120, 120, 120],
    ]);
    exchange.openAccount('a', 100_000);
    exchange.advance(T0 + MINUTE);
    expect(exchange.lastPrice(BTC)).toBe(100);
    expect(exchange.place('a', request({ quantity: 1 }))).toMatchObject({ status: 'filled', quote: 120, updatedAt: T0 + MINUTE });
  });

  it('may be placed while hearing of a closed bar, before the next one opens', () => {
    const exchange = ground(rising);
    exchange.openAccount('a', 100_000);
    const stop = exchange.listen(
      event => {
        if (event.event === 'market' && event.message.kind === 'bar' && event.message.closed) exchange.place('a', request({ quantity: 1 }));
      },
      ['bar'],
    );
    exchange.advance(T0 + 2.5 * MINUTE);
    stop();
    exchange.advance(T0 + 5 * MINUTE);
    expect(exchange.executions('a', null, 0, Infinity).map(({ ts, price }) => [(ts - T0) / MINUTE, price])).toEqual([
      [1, 110],
      [2, 120],
    ]);
  });

  it('live in two id spaces: a conditional order becomes a plain one with an id of its own and the same client id', () => {
    const exchange = ground(rising);
    exchange.openAccount('a', 100_000);
    const events = heard(exchange);
    exchange.advance(T0 + 1);
    const stop = exchange.place('a', request({ clientId: 's', type: 'stop-limit', stopPrice: 115, price: 112, quantity: 4 }));
    expect(stop).toMatchObject({ status: 'untriggered', conditional: true, type: 'stop-limit', spawned: null });
    expect(exchange.openOrders('a', null, false)).toEqual([]);
    expect(exchange.openOrders('a', null, true).map(each => each.clientId)).toEqual(['s']);
    expect(refused(() => exchange.order('a', plain('s')))).toBe('absent absent');
    exchange.advance(T0 + 2 * MINUTE);
    const child = exchange.order('a', plain('s'));
    expect(child).toMatchObject({ status: 'open', conditional: false, type: 'limit', price: 112, spawnedBy: stop.venueId });
    expect(exchange.order('a', algo('s'))).toMatchObject({ status: 'open', spawned: child.venueId, triggeredAt: T0 + 1.5 * MINUTE });
    expect(child.venueId).not.toBe(stop.venueId);
    // It can be taken back in its new space only.
    expect(exchange.openOrders('a', null, true)).toEqual([]);
    expect(refused(() => exchange.cancel('a', algo('s')))).toBe('absent absent');
    expect(exchange.cancel('a', { ...plain('s'), clientId: null, venueId: child.venueId })).toMatchObject({
      status: 'cancelled',
      code: 'requested',
    });
    expect(exchange.order('a', algo('s'))).toMatchObject({ status: 'cancelled' });
    expect(changes(events)).toEqual(['algo new untriggered', 'algo triggered open', 'new open', 'ended cancelled', 'algo ended cancelled']);
  });

  it('are one order throughout where the exchange has one id space', () => {
    const exchange = ground(rising, { conditionalSpace: false });
    exchange.openAccount('a', 100_000);
    const events = heard(exchange);
    exchange.advance(T0 + 1);
    const stop = exchange.place('a', request({ clientId: 's', type: 'stop', stopPrice: 115, quantity: 4 }));
    exchange.cancelAll('a', BTC, false);
    exchange.advance(T0 + 2 * MINUTE);
    expect(exchange.allOrders('a')).toMatchObject([{ venueId: stop.venueId, status: 'filled', conditional: false, spawned: null }]);
    expect(exchange.executions('a', BTC, 0, Infinity)).toMatchObject([{ venueOrderId: stop.venueId, price: 115 }]);
    expect(changes(events)).toEqual(['new untriggered', 'triggered open', 'trade filled']);
  });

  it('close whatever is held when they are told to, and are gone with the position', () => {
    const exchange = ground(rising);
    exchange.openAccount('a', 100_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 7 }));
    exchange.place('a', request({ clientId: 'tp', side: 'sell', type: 'take-profit', stopPrice: 125, closePosition: true, quantity: 0 }));
    exchange.place('a', request({ clientId: 'sl', side: 'sell', type: 'stop', stopPrice: 90, closePosition: true, quantity: 0 }));
    exchange.advance(T0 + MINUTE);
    exchange.place('a', request({ quantity: 3 }));
    exchange.advance(T0 + 4 * MINUTE);
    expect(exchange.order('a', plain('tp'))).toMatchObject({ status: 'filled', filled: 10, quantity: 10, closePosition: true });
    expect(exchange.order('a', algo('tp'))).toMatchObject({ status: 'filled', filled: 10 });
    expect(exchange.order('a', algo('sl'))).toMatchObject({ status: 'cancelled', filled: 0 });
    expect(exchange.positions('a')).toEqual([]);
  });

  it('have ids that no double can tell apart now and then, and trade ids that symbols share', () => {
    const exchange = ground(still, { hugeIdEvery: 3 });
    exchange.openAccount('a', 1e6);
    exchange.advance(T0 + 1);
    const ids = Array.from({ length: 9 }, (_, i) => exchange.place('a', request({ quantity: 1, clientId: `c${i}` })).venueId);
    const huge = ids.filter(id => BigInt(id) > BigInt(Number.MAX_SAFE_INTEGER));
    expect(huge.length).toBe(3);
    for (const id of huge) expect(String(Number(id))).not.toBe(id);
    expect(new Set(ids).size).toBe(9);
    expect(exchange.order('a', { symbol: BTC, clientId: null, venueId: huge[1]!, conditional: false }).clientId).toBe('c5');
  });

  it('are filled in part as far as the bar’s volume allows', () => {
    const exchange = ground(
      still.map(bar => [...bar, 50] as const),
      { fills: { path: 'adaptive', limits: 'touch', participation: 0.1 } },
    );
    exchange.openAccount('a', 1e6);
    exchange.advance(T0 + 1);
    expect(exchange.place('a', request({ clientId: 'm', quantity: 12 }))).toMatchObject({ status: 'open', filled: 5 });
    exchange.advance(T0 + 3 * MINUTE);
    expect(exchange.executions('a', BTC, 0, Infinity).map(each => each.quantity)).toEqual([5, 5, 2]);
    expect(exchange.order('a', plain('m'))).toMatchObject({ status: 'filled', filled: 12 });
  });

  it('can be changed while they rest, and not below what has filled', () => {
    const exchange = ground(
      rising.map(bar => [...bar, 40] as const),
      { fills: { path: 'adaptive', limits: 'touch', participation: 0.1 } },
    );
    exchange.openAccount('a', 1e6);
    exchange.advance(T0 + 1);
    const events = heard(exchange);
    exchange.place('a', request({ clientId: 'l', side: 'sell', price: 105, quantity: 10 }));
    expect(exchange.amend('a', plain('l'), { side: 'sell', quantity: 8, price: 104 })).toMatchObject({
      quantity: 8,
      price: 104,
      status: 'open',
    });
    expect(changes(events)).toEqual(['new open', 'amended open']);
    exchange.advance(T0 + MINUTE);
    expect(exchange.order('a', plain('l'))).toMatchObject({ filled: 4 });
    expect(refused(() => exchange.amend('a', plain('l'), { side: 'sell', quantity: 4, price: 105 }))).toBe('refused below-filled');
    expect(refused(() => exchange.amend('a', plain('l'), { side: 'sell', quantity: 8, price: 104 }))).toBe('refused unchanged');
    expect(refused(() => exchange.amend('a', plain('l'), { side: 'buy', quantity: 8, price: 105 }))).toBe('refused bad-order');
    expect(refused(() => exchange.amend('a', plain('l'), { side: 'sell', quantity: 8, price: 104.5 }))).toBe('refused price-step');
    expect(refused(() => exchange.amend('a', plain('nobody'), { side: 'sell', quantity: 8, price: 104 }))).toBe('absent absent');
    expect(exchange.order('a', plain('l'))).toMatchObject({ quantity: 8, price: 104, status: 'open' });
  });

  it('are taken back at a set time unless that is put off, the conditional ones left alone', () => {
    const exchange = ground(still);
    exchange.openAccount('a', 1e6);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ clientId: 'l', price: 96, quantity: 1 }));
    exchange.place('a', request({ clientId: 's', type: 'stop', stopPrice: 105, quantity: 1 }));
    exchange.cancelAllAt('a', BTC, T0 + MINUTE);
    exchange.advance(T0 + 30_000);
    exchange.cancelAllAt('a', BTC, T0 + 2 * MINUTE);
    exchange.advance(T0 + 2 * MINUTE - 1);
    expect(exchange.order('a', plain('l')).status).toBe('open');
    exchange.advance(T0 + 2 * MINUTE);
    expect(exchange.order('a', plain('l'))).toMatchObject({ status: 'cancelled', updatedAt: T0 + 2 * MINUTE });
    exchange.place('a', request({ clientId: 'l2', price: 96, quantity: 1 }));
    exchange.cancelAllAt('a', BTC, T0 + 3 * MINUTE);
    exchange.cancelAllAt('a', BTC, Infinity);
    exchange.advance(T0 + 4 * MINUTE);
    expect(exchange.openOrders('a', BTC, false).map(each => each.clientId)).toEqual(['l2']);
    expect(exchange.openOrders('a', BTC, true).map(each => each.clientId)).toEqual(['s']);
    exchange.cancelAll('a', BTC, true);
    expect([true, false].flatMap(conditional => exchange.openOrders('a', BTC, conditional))).toEqual([]);
  });

  const long: Partial<VenueOrderRequest> = { side: 'sell', reduceOnly: true };
  it.each<readonly [string, Partial<VenueOrderRequest>]>([
    ['price-step', { price: 99.5 }],
    ['price-step', { type: 'stop', stopPrice: 105.5 }],
    ['quantity-step', { quantity: 1.5 }],
    ['min-quantity', { quantity: 1 }],
    ['max-quantity', { quantity: 10_001 }],
    ['min-notional', { quantity: 3, price: 98 }],
    ['price-band', { price: 106 }],
    ['price-band', { side: 'sell', price: 94 }],
    ['post-only', { price: 100, postOnly: true }],
    ['would-trigger', { type: 'stop', stopPrice: 100 }],
    ['would-trigger', { type: 'take-profit', side: 'sell', stopPrice: 99 }],
    ['reduce-only', { ...long, side: 'buy' }],
    ['reduce-only', { type: 'stop', stopPrice: 105, closePosition: true, quantity: 0 }],
    ['margin', { quantity: 5000 }],
    ['duplicate', { clientId: 'rests', price: 98 }],
    ['position-side', { positionSide: 'long' }],
    ['bad-order', { type: 'limit', price: null }],
    ['bad-order', { type: 'stop' }],
    ['bad-order', { price: 98, tif: 'ioc', postOnly: true }],
    ['bad-order', { quantity: NaN }],
    ['unknown-symbol', { symbol: 'DOGE/USDT:USDT' }],
  ])('are refused with %s: %j', (code, given) => {
    const exchange = ground(still, {
      units: { minNotional: 300 },
      instruments: [
        {
          instrument: {
            symbol: BTC,
            exchange: 'binance',
            kind: 'linear-perpetual',
            tickSize: 1,
            lotSize: 1,
            minNotional: 300,
            contractSize: 1,
            maxLeverage: 125,
            maintenanceMarginRate: 0.004,
            source: 'test',
          },
          minQuantity: 2,
          maxQuantity: 10_000,
        },
      ],
    });
    exchange.openAccount('a', 20_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 10 }));
    exchange.place('a', request({ clientId: 'rests', price: 98, quantity: 10 }));
    const before = exchange.allOrders('a');
    expect(refused(() => exchange.place('a', request({ quantity: 10, ...given })))).toBe(`refused ${code}`);
    expect(exchange.allOrders('a')).toEqual(before);
    // A reduction need not be worth anything, and what has ended gives its client id free.
    expect(refused(() => exchange.place('a', request({ ...long, quantity: 2 })))).toBe('taken');
    exchange.cancel('a', plain('rests'));
    expect(refused(() => exchange.place('a', request({ clientId: 'rests', price: 98, quantity: 10 })))).toBe('taken');
    expect(refused(() => exchange.cancel('a', plain('nobody')))).toBe('absent absent');
  });

  it('reserve margin while they rest, and leave what is free', () => {
    const exchange = ground(still, { leverage: 10 });
    exchange.openAccount('a', 1000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ clientId: 'l', price: 98, quantity: 50 }));
    expect(exchange.balances('a')).toEqual([{ asset: 'USDT', wallet: 1000, available: 1000 - (98 * 50) / 10 }]);
    expect(refused(() => exchange.place('a', request({ quantity: 52 })))).toBe('refused margin');
    expect(refused(() => exchange.place('a', request({ quantity: 51 })))).toBe('taken');
    expect(exchange.balances('a')[0]!.available).toBe(0);
    exchange.setLeverage('a', BTC, 50);
    expect(exchange.leverage('a', BTC)).toEqual({ leverage: 50, marginMode: 'cross' });
    expect(exchange.balances('a')[0]!.available).toBeCloseTo(1000 - 5100 / 50 - 4900 / 50, 9);
    expect(refused(() => exchange.setLeverage('a', BTC, 126))).toBe('refused leverage');
  });

  it('act on a leg in hedge mode, which is entered only while nothing is held', () => {
    const exchange = ground(still);
    exchange.openAccount('a', 1e6);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 1 }));
    expect(refused(() => exchange.setHedge('a', true))).toBe('refused settings');
    exchange.place('a', request({ side: 'sell', quantity: 1 }));
    exchange.setHedge('a', true);
    expect(refused(() => exchange.place('a', request({ quantity: 1 })))).toBe('refused position-side');
    exchange.place('a', request({ quantity: 3, positionSide: 'long' }));
    exchange.place('a', request({ side: 'sell', quantity: 2, positionSide: 'short' }));
    expect(refused(() => exchange.place('a', request({ side: 'sell', quantity: 1, positionSide: 'long' })))).toBe('taken');
    expect(exchange.positions('a').map(({ quantity, positionSide }) => [quantity, positionSide])).toEqual([
      [2, 'long'],
      [-2, 'short'],
    ]);
  });

  it('keep their isolated margin apart when all symbols are set so', () => {
    const falling = [
      [100, 100, 100, 100],
      [100, 100, 70, 70],
    ] as const;
    const loss = (mode: 'cross' | 'isolated'): number => {
      const exchange = ground(falling, { leverage: 10, liquidationFee: 0 });
      exchange.openAccount('a', 10_000);
      exchange.advance(T0 + 1);
      if (mode === 'isolated') exchange.setMarginMode('a', BTC, mode);
      else expect(refused(() => exchange.setMarginMode('a', BTC, mode))).toBe('refused unchanged');
      exchange.place('a', request({ quantity: 100 }));
      expect(refused(() => exchange.setMarginMode('a', BTC, mode === 'cross' ? 'isolated' : 'cross'))).toBe('refused settings');
      exchange.advance(exchange.end);
      const [position] = exchange.positions('a');
      expect(position === undefined).toBe(mode === 'isolated');
      return 10_000 - exchange.balances('a')[0]!.wallet;
    };
    // 100 bought at 100 with a tenth of it as margin: gone by less than all of that, at about 90.4.
    expect(loss('isolated')).toBeGreaterThan(900);
    expect(loss('isolated')).toBeLessThanOrEqual(1000);
    expect(loss('cross')).toBe(0);
  });
});
