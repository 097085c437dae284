import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarginConfig } from '../../src/engine/run-config.js';
import type { RunResult } from '../../src/engine/run-result.js';
import { order, type Decision } from '../../src/strategies/intent.js';
import { T0, factsOf, play, type BarRow } from '../engine/scenario.js';
import { referenceLiquidations, type ReferenceInput } from './margin-reference.js';

const HOUR = 3_600_000;
const TICK = 0.0001;

const price = fc.integer({ min: 60, max: 140 });
const anyBar = fc.tuple(price, price, fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 15 }));
const LENGTH = 7;
const anySeries = fc.array(fc.option(anyBar, { freq: 8, nil: null }), { minLength: LENGTH, maxLength: LENGTH });
const anySizes = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: LENGTH, maxLength: LENGTH });

const anyCase = fc.record({
  count: fc.integer({ min: 1, max: 3 }),
  series: fc.array(anySeries, { minLength: 3, maxLength: 3 }),
  marks: fc.array(fc.array(price, { minLength: LENGTH, maxLength: LENGTH }), { minLength: 3, maxLength: 3 }),
  marked: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  sizes: fc.array(anySizes, { minLength: 3, maxLength: 3 }),
  /** Limit orders at this distance instead of market orders, where not 0. */
  limits: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: LENGTH, maxLength: LENGTH }),
  trades: fc.integer({ min: 1, max: 3 }),
  hedge: fc.boolean(),
  isolated: fc.boolean(),
  inverse: fc.boolean(),
  lowFirst: fc.boolean(),
  continuous: fc.boolean(),
  funding: fc.boolean(),
});
type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

const playCase = async (c: Case): Promise<{ result: RunResult; input: ReferenceInput }> => {
  const symbols = ['AAA', 'BBB', 'CCC'].slice(0, c.count).map(base => (c.inverse ? `${base}/USD:BTC` : `${base}/USDT:USDT`));
  const bars: Record<string, BarRow[]> = {};
  symbols.forEach((symbol, s) => {
    let last = 100;
    bars[symbol] = c.series[s]!.map((bar, i) => {
      // The first two bars are there and still: everybody has a price.
      if (i === 0) return [100, 100, 100, 100];
      if (bar === null) return null;
      const open = c.continuous ? last : bar[0];
      const close = bar[1];
      last = close;
      return [open, Math.max(open, close) + bar[2], Math.min(open, close) - bar[3], close];
    });
  });
  const marks: Record<string, [number, number][]> = {};
  symbols.forEach((symbol, s) => {
    if (c.marked[s]) marks[symbol] = c.marks[s]!.map((p, i) => [T0 + (i + 1) * HOUR, i < 1 ? 100 : p]);
  });
  const capital = c.inverse ? 10 : 1000;
  const leverage = 10;
  const result = await play({
    bars,
    instruments: Object.fromEntries(
      symbols.map(symbol => [
        symbol,
        { maintenanceMarginRate: 0.02, tickSize: TICK, lotSize: 1, ...(c.inverse && { kind: 'inverse-perpetual' as const }) },
      ]),
    ),
    mark: Object.entries(marks).flatMap(([symbol, rows]) => rows.map(([ts, p]) => [symbol, ts, p] as const)),
    ...(c.funding && { funding: symbols.flatMap(symbol => [3, 5].map(h => [symbol, T0 + h * HOUR, 0.01] as const)) }),
    decide: (i, bar): Decision => {
      const s = symbols.indexOf(bar.symbol);
      const size = c.sizes[s]![i]!;
      if (size === 0 || i >= c.trades) return undefined;
      const distance = c.limits[i]!;
      const side = size > 0 ? 'buy' : 'sell';
      // Off the whole numbers that the paths turn at.
      const limit = bar.close + (size > 0 ? -1 : 1) * (distance + 0.137);
      return order({
        symbol: bar.symbol,
        side,
        quantity: Math.abs(size),
        ...(distance > 3 && { type: 'limit', limit }),
        ...(c.hedge && { positionSide: (i % 2 === 0) === size > 0 ? ('long' as const) : ('short' as const) }),
      });
    },
    config: {
      capital,
      leverage,
      fills: { kind: 'bars', path: c.lowFirst ? 'low-first' : 'high-first', limits: 'touch', participation: null },
      margin: MarginConfig.parse({
        mode: c.isolated ? 'isolated' : 'cross',
        positions: c.hedge ? 'hedge' : 'one-way',
        liquidation: { partial: false },
      }),
    },
  });
  return {
    result,
    input: {
      symbols,
      bars: bars as ReferenceInput['bars'],
      marks,
      start: T0,
      barMs: HOUR,
      lowFirst: c.lowFirst,
      capital,
      inverse: c.inverse,
      isolated: c.isolated,
      leverage,
      rate: 0.02,
      facts: result.facts,
      tick: TICK,
      lot: 1,
    },
  };
};

describe('liquidations', () => {
  it('are those of an account that computes equity and maintenance margin at every moment: same positions, times and prices', async () => {
    let compared = 0;
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async c => {
        const { result, input } = await playCase(c);
        const { liquidations, closest } = referenceLiquidations(input);
        cases++;
        // Within a tick or two of its wire a position may go either way.
        if (closest < 1e-5) return;
        compared += liquidations.length;
        const said = factsOf(result, 'PositionLiquidated').map(f => ({
          ts: f.ts,
          symbol: f.symbol,
          leg: f.positionSide ?? '',
          price: f.markPrice,
        }));
        const close = (a: number, b: number, by: number): boolean => Math.abs(a - b) <= by;
        const same =
          said.length === liquidations.length &&
          said.every((x, k) => {
            const y = liquidations[k]!;
            return x.symbol === y.symbol && x.leg === y.leg && close(x.ts, y.ts, 600) && close(x.price, y.price, 0.02);
          });
        if (!same) expect(said).toEqual(liquidations);
      }),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(cases / 10);
  });
});
