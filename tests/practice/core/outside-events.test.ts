import { describe, expect, it } from 'vitest';
import { PracticeRefusal } from '../../../src/practice/practice-exchange.js';
import { BTC, MINUTE, T0, fundingChunk, ground, heard, markChunk, request } from './practice-ground.js';

const still = Array.from({ length: 30 }, () => [100, 100, 100, 100] as const);
const plain = (clientId: string) => ({ symbol: BTC, clientId, venueId: null, conditional: false });
const kinds = (exchange: ReturnType<typeof ground>): unknown[] =>
  exchange.income('a', 0, Infinity).map(({ kind, amount }) => [kind, amount]);

describe('what happens to an account at the practice exchange from outside', () => {
  it('a trade by hand has a client id of the web’s', () => {
    const exchange = ground(still);
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.manualTrade('a', BTC, 'sell', 3);
    expect(exchange.allOrders('a')).toMatchObject([{ side: 'sell', status: 'filled', filled: 3, cause: 'order' }]);
    expect(exchange.allOrders('a')[0]!.clientId).toMatch(/^web_/);
    expect(exchange.positions('a')).toMatchObject([{ quantity: -3 }]);
  });

  it('a liquidation cancels what is at work and closes the position at the mark, for a fee', () => {
    const exchange = ground(still, { fees: { maker: 0, taker: 0.001 }, liquidationFee: 0.02, more: [markChunk(BTC, [[T0, 99]])] });
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 10 }));
    exchange.place('a', request({ clientId: 'l', price: 98, quantity: 1 }));
    const events = heard(exchange);
    exchange.liquidate('a', BTC);
    expect(exchange.order('a', plain('l'))).toMatchObject({ status: 'cancelled', code: 'liquidation' });
    const [, execution] = exchange.executions('a', BTC, 0, Infinity);
    expect(execution).toMatchObject({ cause: 'liquidation', side: 'sell', price: 99, quantity: 10, realised: -10, fee: 0.99 });
    expect(execution!.clientId).toMatch(/^autoclose-\d+$/);
    expect(kinds(exchange)).toEqual([
      ['fee', -1],
      ['realised', -10],
      ['fee', -0.99],
      ['insurance', -19.8],
    ]);
    expect(events.filter(each => each.event === 'account').map(each => each.reason)).toEqual(['ORDER', 'INSURANCE_CLEAR']);
    expect(exchange.positions('a')).toEqual([]);
  });

  it('a natural liquidation looks the same, and never leaves less than nothing', () => {
    const crash = [[100, 100, 100, 100], [100, 100, 60, 60], ...still.slice(2).map(() => [60, 60, 60, 60] as const)] as const;
    const exchange = ground(crash, { leverage: 20 });
    exchange.openAccount('a', 100);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 20 }));
    exchange.place('a', request({ clientId: 'tp', side: 'sell', price: 104, quantity: 20, reduceOnly: true }));
    const [position] = exchange.positions('a');
    expect(position!.liquidationPrice).toBeGreaterThan(95);
    exchange.advance(T0 + 2 * MINUTE);
    expect(exchange.positions('a')).toEqual([]);
    expect(exchange.order('a', plain('tp')).status).toBe('cancelled');
    const executions = exchange.executions('a', BTC, 0, Infinity);
    expect(executions.slice(1).every(each => each.cause === 'liquidation' && each.clientId.startsWith('autoclose-'))).toBe(true);
    expect(executions.at(-1)!.price).toBeLessThanOrEqual(position!.liquidationPrice);
    const closing = exchange.allOrders('a').filter(each => each.cause === 'liquidation');
    expect(closing.every(each => each.status === 'filled' && each.filled === each.quantity && each.quantity > 0)).toBe(true);
    expect(exchange.balances('a')[0]!.wallet).toBeGreaterThanOrEqual(0);
    // The account is not closed: whoever pays in trades on.
    exchange.transfer('a', 1000, 'deposit');
    expect(exchange.place('a', request({ quantity: 5 }))).toMatchObject({ status: 'filled' });
  });

  it('a withdrawal can leave a position without its margin', () => {
    const exchange = ground(still, { leverage: 20, liquidationFee: 0 });
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 20 }));
    exchange.transfer('a', -9_900, 'withdrawal');
    expect(exchange.positions('a').length).toBe(1);
    exchange.transfer('a', -95, 'withdrawal');
    expect(exchange.positions('a')).toEqual([]);
    expect(kinds(exchange)).toEqual([
      ['withdrawal', -9900],
      ['withdrawal', -95],
    ]);
    expect(exchange.executions('a', BTC, 0, Infinity).at(-1)!.cause).toBe('liquidation');
  });

  it('deleveraging takes a part away under the venue’s client id, and reducing orders that have nothing left go', () => {
    const exchange = ground(still);
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ side: 'sell', quantity: 10 }));
    exchange.place('a', request({ clientId: 'tp', price: 98, quantity: 10, reduceOnly: true }));
    exchange.deleverage('a', BTC, 4);
    expect(exchange.positions('a')).toMatchObject([{ quantity: -6 }]);
    expect(exchange.executions('a', BTC, 0, Infinity)[1]).toMatchObject({
      cause: 'adl',
      clientId: 'adl_autoclose',
      side: 'buy',
      quantity: 4,
      price: 100,
    });
    expect(exchange.order('a', plain('tp')).status).toBe('open');
    exchange.deleverage('a', BTC, 100);
    expect(exchange.positions('a')).toEqual([]);
    expect(exchange.order('a', plain('tp'))).toMatchObject({ status: 'cancelled', code: 'reduce-only' });
  });

  it('an order is expired for the venue’s own reasons', () => {
    const exchange = ground(still);
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ clientId: 'l', price: 98, quantity: 1 }));
    exchange.expire('a', plain('l'));
    expect(exchange.order('a', plain('l'))).toMatchObject({ status: 'expired', code: 'expired' });
    expect(() => exchange.expire('a', plain('l'))).toThrow(PracticeRefusal);
  });

  it('halted symbols take cancels only', () => {
    const exchange = ground(still);
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ clientId: 'l', price: 98, quantity: 1 }));
    exchange.setTrading(BTC, false);
    expect(exchange.markets()[0]!.trading).toBe(false);
    expect(() => exchange.place('a', request({}))).toThrow(/not trading/);
    expect(() => exchange.amend('a', plain('l'), { side: 'buy', quantity: 2, price: 98 })).toThrow(/not trading/);
    expect(exchange.cancel('a', plain('l')).status).toBe('cancelled');
    exchange.setTrading(BTC, true);
    expect(exchange.place('a', request({})).status).toBe('filled');
  });

  it('new steps hold for new orders, and leave positions and orders at work as they are', () => {
    const exchange = ground(still, { units: { tickSize: 0.5, lotSize: 0.1 }, fees: { maker: 0.0002, taker: 0.0005 } });
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 1.3 }));
    exchange.place('a', request({ clientId: 'l', price: 98.5, quantity: 0.7 }));
    exchange.place(
      'a',
      request({ clientId: 't', side: 'sell', type: 'trailing-stop', trail: { fraction: 0.02, activation: null }, quantity: 0.3 }),
    );
    const before = [exchange.positions('a'), exchange.balances('a'), exchange.allOrders('a'), exchange.income('a', 0, Infinity)];
    exchange.setSteps(BTC, 0.1, 0.2);
    expect([exchange.positions('a'), exchange.balances('a'), exchange.allOrders('a'), exchange.income('a', 0, Infinity)]).toEqual(before);
    expect(exchange.markets()[0]!.instrument).toMatchObject({ tickSize: 0.1, lotSize: 0.2 });
    expect(() => exchange.place('a', request({ quantity: 0.3 }))).toThrow(/step 0.2/);
    expect(exchange.place('a', request({ clientId: 'fine', price: 98.3, quantity: 0.4 })).status).toBe('open');
    exchange.setSteps(BTC, 1, 1);
    expect(() => exchange.place('a', request({ price: 98.5, quantity: 1 }))).toThrow(/tick size 1/);
    expect(exchange.order('a', plain('l'))).toMatchObject({ price: 98.5, quantity: 0.7, status: 'open' });
    // The odd lot can be closed by what may be of any size only.
    exchange.place('a', request({ clientId: 'c', side: 'sell', type: 'stop', stopPrice: 90, closePosition: true, quantity: 0 }));
    expect(exchange.order('a', { ...plain('c'), conditional: true }).status).toBe('untriggered');
    expect(() => exchange.setSteps(BTC, 0.25, 1)).toThrow(/does not go together/);
  });

  it('new steps leave a position at what it cost, also between two ticks', () => {
    const exchange = ground([
      [100, 106, 100, 106],
      [106, 106, 106, 106],
    ]);
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 1 }));
    exchange.advance(T0 + MINUTE / 2);
    exchange.place('a', request({ quantity: 2 }));
    // (100 + 2 × 103) ÷ 3.
    expect(exchange.positions('a')[0]!.entryPrice).toBe(102);
    exchange.place('a', request({ quantity: 2 }));
    expect(exchange.positions('a')[0]!.entryPrice).toBe(102.4);
    exchange.setSteps(BTC, 0.5, 1);
    expect(exchange.positions('a')[0]!.entryPrice).toBe(102.4);
    exchange.advance(T0 + MINUTE + 1);
    exchange.place('a', request({ side: 'sell', quantity: 5 }));
    expect(exchange.income('a', 0, Infinity)).toMatchObject([{ kind: 'realised', amount: 18 }]);
  });

  it('a trailing stop goes on from where it was when the steps change', () => {
    const hill = [
      [100, 120, 100, 120],
      [120, 120, 110, 110],
      [110, 110, 110, 110],
    ] as const;
    const price = (changes: boolean): number => {
      const exchange = ground(hill);
      exchange.openAccount('a', 10_000);
      exchange.advance(T0 + 1);
      exchange.place('a', request({ quantity: 1 }));
      exchange.place(
        'a',
        request({ side: 'sell', type: 'trailing-stop', trail: { fraction: 0.05, activation: null }, quantity: 1, reduceOnly: true }),
      );
      exchange.advance(T0 + MINUTE + 10_000);
      if (changes) exchange.setSteps(BTC, 0.5, 1);
      exchange.advance(exchange.end);
      return exchange.executions('a', BTC, 0, Infinity)[1]!.price;
    };
    // 5 % below 120.
    expect(price(false)).toBe(114);
    expect(price(true)).toBe(114);
  });

  it('funding is booked late, or booked again as a correction, and the wallet follows the ledger', () => {
    const rates = [5, 10, 15].map(minute => [T0 + minute * MINUTE, 0.001] as const);
    const exchange = ground(still, { more: [fundingChunk(BTC, rates)] });
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 10 }));
    exchange.disturbFunding(BTC, T0 + 6 * MINUTE, { delayMs: 3 * MINUTE });
    exchange.disturbFunding(BTC, T0 + 11 * MINUTE, { correctedRate: 0.0004, delayMs: MINUTE });
    exchange.advance(T0 + 12 * MINUTE);
    expect(exchange.balances('a')[0]!.wallet).toBe(9_999);
    exchange.advance(T0 + 20 * MINUTE);
    // 10 × 100 × 0.001 three times, the last one corrected by 0.6.
    expect(exchange.income('a', 0, Infinity).map(({ kind, ts, amount }) => [kind, (ts - T0) / MINUTE, amount])).toEqual([
      ['funding', 5, -1],
      ['funding', 13, -1],
      ['funding', 15, -1],
      ['funding', 16, 0.6],
    ]);
    expect(exchange.balances('a')[0]!.wallet).toBe(9_997.6);
  });

  it('a fee that is corrected after its trade is an entry of its own: paid back or charged, and the trade’s own fee stays', () => {
    const exchange = ground(still, { fees: { maker: 0.001, taker: 0.001 } });
    exchange.openAccount('a', 10_000);
    exchange.advance(T0 + 1);
    exchange.place('a', request({ quantity: 10 }));
    exchange.place('a', request({ quantity: 10, side: 'sell' }));
    const before = exchange.executions('a', null, 0, Infinity);
    const told = heard(exchange);
    exchange.advance(T0 + 2 * MINUTE);
    exchange.correctFee('a', BTC, 0.25);
    exchange.correctFee('a', BTC, -0.125);
    expect(exchange.executions('a', null, 0, Infinity)).toEqual(before);
    // Two trades of 10 at 100 cost 1 each.
    expect(exchange.income('a', 0, Infinity).map(({ kind, amount, execution }) => [kind, amount, execution === null])).toEqual([
      ['fee', -1, false],
      ['fee', -1, false],
      ['rebate', 0.25, true],
      ['fee', -0.125, true],
    ]);
    expect(exchange.balances('a')[0]!.wallet).toBe(9_998.125);
    expect(told).toMatchObject([
      { event: 'account', reason: 'ADJUSTMENT', symbol: BTC, change: 0.25 },
      { event: 'account', reason: 'ADJUSTMENT', symbol: BTC, change: -0.125 },
    ]);
    expect(() => exchange.correctFee('a', 'NO/USDT:USDT', 1)).toThrow(/not offered/);
  });
});
