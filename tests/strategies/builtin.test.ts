import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/engine/run-result.js';
import { BUILT_IN } from '../../src/strategies/built-in.js';
import { resolveParams } from '../../src/strategies/params.js';
import type { Strategy } from '../../src/strategies/strategy.js';
import { A, B, T0, play, still, told, type BarRow, type Scenario } from '../engine/scenario.js';

const HOUR = 3_600_000;
const C = 'CCC/USDT:USDT';
/** Fine lots, so that rounding does not hide the sizes. */
const FINE = { lotSize: 0.0001 };
const instruments = { [A]: FINE, [B]: FINE, [C]: FINE };
const flat = (n: number, price = 100): BarRow[] => Array.from({ length: n }, () => still(price));

/** Play a built-in strategy with parameters that may be shorter than a search would try. */
const trade = async (name: string, params: Record<string, number | boolean>, scenario: Scenario): Promise<RunResult> => {
  const { default: strategy } = await (BUILT_IN[name as keyof typeof BUILT_IN] as () => Promise<{ default: Strategy }>)();
  const values = { ...resolveParams(strategy.params, {}), ...params };
  return play({
    ...scenario,
    strategy: {
      ...strategy,
      params: {},
      indicators: () => strategy.indicators?.(values) ?? {},
      memory: () => strategy.memory?.(values),
      ...(strategy.decide
        ? {
            decide: (bar, indicators, context) =>
              strategy.decide?.(bar, indicators as never, { ...context, ...live(context), params: values } as never),
          }
        : {}),
      ...(strategy.decideSlice
        ? {
            decideSlice: (slice, indicators, context) =>
              strategy.decideSlice?.(slice, indicators as never, { ...context, ...live(context), params: values } as never),
          }
        : {}),
    },
  });
};
/** A spread takes getters' values as of now, which is when the strategy looks. */
const live = (context: object): object => ({
  equity: (context as { equity: number }).equity,
  universe: (context as { universe: unknown }).universe,
});

const closes = (...prices: number[]): BarRow[] =>
  prices.map((price, i) => [prices[i - 1] ?? price, Math.max(price, prices[i - 1] ?? 0), Math.min(price, prices[i - 1] ?? price), price]);

describe('the built-in strategies', () => {
  it('all declare what they are and defaults that satisfy their own constraint', async () => {
    for (const [name, load] of Object.entries(BUILT_IN)) {
      const { default: strategy } = (await load()) as { default: Strategy };
      expect(strategy.name).toBe(name);
      expect(strategy.description?.length).toBeGreaterThan(20);
      const constraint = strategy.constraint?.bind(strategy);
      expect(() => resolveParams(strategy.params, {}, constraint as never)).not.toThrow();
    }
  });

  it('buy-and-hold buys equal parts once and never trades again', async () => {
    const result = await trade('buy-and-hold', {}, { bars: { [A]: closes(100, 100, 200, 50), [B]: flat(4, 10) } });
    expect(told(result)).toEqual(['buy 50@100 taker h1', 'buy 500@10 taker h1 BBB']);
  });

  it('sma-cross is long while the fast average is above the slow one, and flat otherwise', async () => {
    // Averages of 2 and 3: above from the fifth close (5.0 against 4.33) to the seventh (3.5 against 4.33).
    const result = await trade('sma-cross', { fast: 2, slow: 3 }, { bars: { [A]: closes(500, 400, 300, 400, 600, 500, 200, 100) } });
    expect(told(result)).toEqual(['buy 16@600 taker h5', 'sell 16@200 taker h7']);
  });

  it('sma-cross gives each symbol an equal part', async () => {
    const rows = closes(500, 400, 300, 400, 600, 500);
    const result = await trade('sma-cross', { fast: 2, slow: 3 }, { bars: { [A]: rows, [B]: rows } });
    expect(told(result)).toEqual(['buy 8@600 taker h5', 'buy 8@600 taker h5 BBB']);
  });

  it('rsi-reversion buys weakness, sells strength, and leaves at the middle', async () => {
    // Straight falls and rises drive the index to its ends.
    const bars = { [A]: closes(100, 90, 80, 70, 60, 80, 110, 130, 150, 170, 165, 120, 90) };
    const result = await trade('rsi-reversion', { length: 3, band: 20 }, { bars });
    const sides = result.roundTrips.map(t => t.side);
    expect(sides[0]).toBe('long');
    expect(sides).toContain('short');
    expect(result.fills[0]).toMatchObject({ side: 'buy', reason: 'oversold' });
    const longOnly = await trade('rsi-reversion', { length: 3, band: 20, shorts: false }, { bars });
    expect(longOnly.roundTrips.every(t => t.side === 'long')).toBe(true);
  });

  it('donchian-breakout enters beyond the channel of the bars before, trails its stop and is taken out by it', async () => {
    const rows: BarRow[] = [
      ...Array.from({ length: 12 }, () => [100, 101, 99, 100] as const),
      [100, 106, 100, 106],
      [106, 112, 106, 112],
      [112, 118, 112, 118],
      [118, 118, 80, 82],
      [82, 82, 80, 81],
    ];
    const result = await trade('donchian-breakout', { channel: 10, atrLength: 5, stopAtr: 2 }, { bars: { [A]: rows } });
    // In at the open after the first close above 101; out inside the bar that falls through the trailed stop, below 118 and far above 82.
    expect(result.fills.map(f => [f.side, f.reason])).toEqual([
      ['buy', 'broke out above'],
      ['sell', 'protective stop'],
    ]);
    expect(result.fills[0]?.price).toBe(106);
    const exit = result.fills[1]?.price ?? NaN;
    expect(exit > 100 && exit < 118).toBe(true);
    expect(result.curve.gross.at(-1)).toBe(0);
    expect(result.fills[1]?.quantity).toBe(result.fills[0]?.quantity);
  });

  it('donchian-breakout is flat, and not short, when its first stop is hit at once', async () => {
    const rows: BarRow[] = [
      ...Array.from({ length: 12 }, () => [1000, 1010, 990, 1000] as const),
      [1000, 1060, 1000, 1060],
      [1060, 1060, 700, 700],
      [700, 710, 690, 700],
    ];
    const result = await trade('donchian-breakout', { channel: 10, atrLength: 5, stopAtr: 2 }, { bars: { [A]: rows }, instruments });
    expect(result.fills.map(f => f.side)).toEqual(['buy', 'sell']);
    expect(result.curve.gross.at(-1)).toBe(0);
  });

  it('time-series-momentum takes the side of the past return and less of it when prices are wilder', async () => {
    const path = (step: number): BarRow[] => {
      let price = 10_000;
      return closes(...Array.from({ length: 40 }, (_, i) => (price = Math.round(price * (1 + (i % 2 === 0 ? 3 * step : -step))))));
    };
    const options = { lookback: 8, volatilityWindow: 8, volatilityTarget: 0.2, rebalance: 4 };
    const calm = await trade('time-series-momentum', options, { bars: { [A]: path(0.001) }, instruments });
    const wild = await trade('time-series-momentum', options, { bars: { [A]: path(0.004) }, instruments });
    expect(calm.fills[0]).toMatchObject({ side: 'buy', reason: 'rose' });
    // It looks at the first bar and at every fourth after it.
    expect(wild.fills.length).toBeGreaterThan(1);
    expect(wild.fills.every(f => ((f.ts - T0) / HOUR) % 4 === 1)).toBe(true);
    const [a, b] = [calm.curve.exposure.at(-1) ?? NaN, wild.curve.exposure.at(-1) ?? NaN];
    expect(a / b).toBeGreaterThan(3);
    expect(a / b).toBeLessThan(5);
    const falling = await trade('time-series-momentum', options, { bars: { [A]: path(-0.001) }, instruments });
    expect(falling.fills[0]).toMatchObject({ side: 'sell', reason: 'fell' });
  });

  it('cross-sectional-momentum is long the strongest and short the weakest of one instant, in equal parts', async () => {
    const rising = closes(...Array.from({ length: 12 }, (_, i) => 1000 + 10 * i));
    const falling = closes(...Array.from({ length: 12 }, (_, i) => 1000 - 10 * i));
    const result = await trade(
      'cross-sectional-momentum',
      { lookback: 4, each: 1, rebalance: 5 },
      { bars: { [A]: falling, [B]: flat(12, 1000), [C]: rising }, instruments },
    );
    expect(result.fills.map(f => [f.symbol, f.side, f.reason])).toEqual([
      [A, 'sell', 'among the weakest'],
      [C, 'buy', 'among the strongest'],
      ...result.fills.slice(2).map(f => [f.symbol, f.side, f.reason]),
    ]);
    expect(result.fills.every(f => f.symbol !== B)).toBe(true);
    // It looks at the first slice and at every fifth after it; at the first nothing is known yet.
    expect(result.fills.every(f => ((f.ts - T0) / HOUR) % 5 === 1)).toBe(true);
    expect(Math.abs(result.curve.exposure[6] ?? NaN)).toBeLessThan(0.05);
    expect(result.curve.gross[6]).toBeCloseTo(1, 1);
  });

  it('cross-sectional-momentum closes what leaves the universe, at once, and ranks it no more', async () => {
    const rising = closes(...Array.from({ length: 14 }, (_, i) => 1000 + 10 * i));
    const falling = closes(...Array.from({ length: 14 }, (_, i) => 1000 - 10 * i));
    const result = await trade(
      'cross-sectional-momentum',
      { lookback: 4, each: 1, rebalance: 5 },
      { bars: { [A]: falling, [B]: flat(14, 1000), [C]: rising }, instruments, universe: [[C, T0 + 8 * HOUR, 0]] },
    );
    // Ranked at h6; C leaves at h8; ranked again at h11, where the resting B is the stronger of two.
    const [first, , exit, ...after] = result.fills.map(f => [f.symbol, f.side, (f.ts - T0) / HOUR, f.reason]);
    expect(first?.[2]).toBe(6);
    expect(exit).toEqual([C, 'sell', 8, 'left the universe']);
    expect(after.map(f => f[0])).not.toContain(C);
    expect(after).toContainEqual([B, 'buy', 11, 'among the strongest']);
  });

  it('funding-carry takes the side that is paid, on settled rates only', async () => {
    const at = (h: number, rate: number) => [A, T0 + h * HOUR, rate] as const;
    const result = await trade(
      'funding-carry',
      { settlements: 2, threshold: 0.0001 },
      { bars: { [A]: flat(12) }, funding: [at(2, 0.001), at(4, 0.001), at(6, -0.0009), at(8, -0.001)] },
    );
    // Two rates are known from h4 on: short. Their average is within the threshold at h6: flat. Below it at h8: long.
    expect(result.fills.map(f => [f.side, (f.ts - T0) / HOUR, f.reason])).toEqual([
      ['sell', 4, 'longs pay'],
      ['buy', 6, 'nobody pays enough'],
      ['buy', 8, 'shorts pay'],
    ]);
    expect(result.funding.map(f => f.amount)).toEqual([-9]);
  });
});
