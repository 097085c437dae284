import { describe, expect, it } from 'vitest';
import { bookOf, initialState } from '../../../src/live/broker/broker-state.js';
import { sessionMeter } from '../../../src/live/session/session-meter.js';
import { toAmount } from '../../../src/market/units.js';
import { A, B, perpetual, T0 } from '../../engine/scenario.js';

const instruments = [perpetual(A), perpetual(B)];
/** Maintenance of 2 % up to 5,000, of 5 % beyond. */
const TIERS = [
  { floor: 0, cap: 5_000, rate: 0.02, deduction: 0, maxLeverage: 20 },
  { floor: 5_000, cap: Infinity, rate: 0.05, deduction: 150, maxLeverage: 10 },
];
const maintenance = (notional: number): number =>
  TIERS.reduce((most, { rate, deduction }) => Math.max(most, notional * rate - deduction), 0);

type Fill = readonly [strategy: string, symbol: string, lots: number, price: number];

/** A meter over books that are given; one lot is one unit, one tick one unit of money. */
const metered = (fills: readonly Fill[], { cash = 1_000, before = null as number | null, separate = false } = {}) => {
  const state = initialState(instruments);
  const prices: Record<string, number> = { [A]: 100, [B]: 50 };
  if (separate) for (const name of ['one', 'two']) bookOf(state, name).account.pay(toAmount(cash));
  else bookOf(state, '').account.pay(toAmount(cash));
  for (const [strategy, symbol, lots, price] of fills) {
    const { account } = bookOf(state, strategy);
    account.fill(account.indexOf(symbol), price, lots, 0);
  }
  const meter = sessionMeter(
    { barMs: 60_000, timeframe: '1m', symbols: [A, B], tiersOf: () => TIERS, separate, profitBefore: () => before },
    { instruments, state, strategies: ['one', 'two'], lastPrice: symbol => prices[symbol] ?? NaN, now: () => T0, limited: [] },
  );
  return { meter, prices };
};

describe('figures of an account that several strategies share', () => {
  it.each<readonly [name: string, fills: readonly Fill[], cash: number]>([
    ['one position alone', [['one', A, 30, 100]], 1_000],
    [
      'two on the same side',
      [
        ['one', A, 20, 90],
        ['two', A, 40, 105],
      ],
      1_000,
    ],
    [
      'a larger long against a short',
      [
        ['one', A, 60, 100],
        ['two', A, -20, 110],
      ],
      1_000,
    ],
    [
      'two symbols, one of them a hedge',
      [
        ['one', A, 30, 100],
        ['two', B, -50, 40],
      ],
      1_000,
    ],
    ['open profit that stands behind an empty wallet', [['one', A, 30, 20]], -500],
  ])('say at which price the account is liquidated for %s', (_, fills, cash) => {
    const { meter, prices } = metered(fills, { cash });
    const shown = meter.figures().positions.filter(({ symbol }) => symbol === A);
    const net = fills.reduce((sum, [, symbol, lots]) => sum + (symbol === A ? lots : 0), 0);
    for (const { quantity, liquidationPrice } of shown) {
      if (Math.sign(quantity) !== Math.sign(net)) {
        expect(liquidationPrice).toBeNaN();
        continue;
      }
      // By definition: at that price of this symbol, and the others' as they are, equity is what maintenance asks for.
      prices[A] = liquidationPrice;
      const equity = meter.figures().equity;
      const other = fills.reduce((sum, [, symbol, lots]) => sum + (symbol === B ? lots : 0), 0) * prices[B]!;
      expect(equity).toBeCloseTo(maintenance(Math.abs(net * liquidationPrice)) + maintenance(Math.abs(other)), 6);
      prices[A] = 100;
    }
  });

  it('say of each strategy on paper where it is liquidated by itself, also where another holds the other side', () => {
    const fills: readonly Fill[] = [
      ['one', A, 30, 100],
      ['two', A, -60, 110],
      ['two', B, 10, 50],
    ];
    const { meter, prices } = metered(fills, { separate: true });
    const shown = meter.figures().positions.filter(({ symbol }) => symbol === A);
    expect(shown.map(({ strategy }) => strategy)).toEqual(['one', 'two']);
    for (const { strategy, quantity, liquidationPrice } of shown) {
      prices[A] = liquidationPrice;
      const equity = meter.strategies().find(({ name }) => name === strategy)?.equity;
      const other = strategy === 'two' ? 10 * prices[B]! : 0;
      expect(equity).toBeCloseTo(maintenance(Math.abs(quantity * liquidationPrice)) + maintenance(other), 6);
      prices[A] = 100;
    }
  });

  it('have no exposure in shares of equity that is gone, and not one of the other sign', () => {
    const { meter } = metered([['one', A, 30, 150]]);
    const { equity, exposure, gross, positions } = meter.figures();
    expect(equity).toBe(-500);
    expect([exposure, gross, positions[0]?.exposure]).toEqual([NaN, NaN, NaN]);
    expect(positions[0]?.notional).toBe(3_000);
  });

  it('do not tell the profit of years as that of today where the day began before the first price', () => {
    const { meter, prices } = metered([['one', A, 30, 20]]);
    const today = (): number => meter.figures().today;
    prices[A] = NaN;
    expect(today()).toBeNaN();
    meter.tick(T0);
    expect(today()).toBeNaN();
    prices[A] = 100;
    meter.tick(T0 + 1);
    expect(today()).toBe(0);
    prices[A] = 101;
    expect(today()).toBe(30);
  });

  it('count today from what an earlier session wrote down, also where the first price comes later', () => {
    const { meter, prices } = metered([['one', A, 30, 20]], { before: 2_000 });
    prices[A] = NaN;
    meter.tick(T0);
    prices[A] = 100;
    meter.tick(T0 + 1);
    // 30 × (100 − 20) = 2,400 since ever.
    expect(meter.figures().strategies.find(({ name }) => name === 'one')?.today).toBe(400);
  });
});
