import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frictionGrid, frictionValues } from '../../src/experiments/friction/friction-grid.js';
import { baseFriction, chargesFees, frictionConfig } from '../../src/experiments/friction/friction-point.js';
import { scaledFunding } from '../../src/experiments/friction/scaled-funding.js';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { fixedBps, halfSpread, noSlippage, sqrtImpact } from '../../src/costs/slippage.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { SYMBOL } from './friction-market.js';

const config = (change: Partial<RunConfig> = {}): RunConfig =>
  runConfig({ exchange: 'binance', from: 0, to: 1e9, symbols: [SYMBOL], timeframe: '1h', ...change });

const modelOf = (slippage: RunConfig['slippage']) => {
  switch (slippage.kind) {
    case 'none':
      return noSlippage();
    case 'fixed-bps':
      return fixedBps(slippage);
    case 'half-spread':
      return halfSpread(slippage);
    case 'sqrt-impact':
      return sqrtImpact(slippage);
    default:
      throw new Error(slippage.kind);
  }
};

describe('a friction point', () => {
  test('leaves the configuration as it is where the run is', () => {
    const base = config();
    expect(frictionConfig(base, baseFriction(base))).toEqual(base);
  });

  test('adds the same basis points to whatever slippage model the run has', () => {
    const models: readonly RunConfig['slippage'][] = [
      { kind: 'none' },
      { kind: 'fixed-bps', bps: 1.5 },
      { kind: 'half-spread', spreadBps: 2 },
      { kind: 'sqrt-impact', spreadBps: 1, coefficient: 0.8 },
    ];
    const basis = { price: 27_000, quantity: 3, high: 27_100, low: 26_900, volume: 500 };
    fc.assert(
      fc.property(fc.constantFrom(...models), fc.double({ min: 0.01, max: 50, noNaN: true }), (slippage, bps) => {
        const base = config({ slippage });
        const more = frictionConfig(base, { ...baseFriction(base), slippage: bps });
        const added = modelOf(more.slippage)(basis) - modelOf(slippage)(basis);
        expect(added / basis.price).toBeCloseTo(bps / 10_000, 12);
      }),
    );
  });

  test('scales every rate that a venue charges, rebates too, and no rebate becomes minus nothing', () => {
    const at = (fees: RunConfig['fees'], fee: number) => frictionConfig(config({ fees }), { ...baseFriction(config()), fee }).fees;
    expect(at({ kind: 'maker-taker', maker: -0.0001, taker: 0.0004 }, 2)).toEqual({ kind: 'maker-taker', maker: -0.0002, taker: 0.0008 });
    expect(at({ kind: 'maker-taker', maker: -0.0001, taker: 0.0004 }, 0)).toEqual({ kind: 'maker-taker', maker: 0, taker: 0 });
    expect(at({ kind: 'per-order', fixed: 1, rate: 0.001 }, 3)).toEqual({ kind: 'per-order', fixed: 3, rate: 0.003 });
    const tiers = [
      { volume: 0, maker: 0.0002, taker: 0.0005 },
      { volume: 1e6, maker: -0.0001, taker: 0.0003 },
    ];
    expect(at({ kind: 'tiered', tiers, volume: 5, coin: null }, 2)).toEqual({
      kind: 'tiered',
      volume: 5,
      coin: null,
      tiers: [
        { volume: 0, maker: 0.0004, taker: 0.001 },
        { volume: 1e6, maker: -0.0002, taker: 0.0006 },
      ],
    });
    expect(chargesFees(config({ fees: { kind: 'tiered', tiers, volume: 0, coin: null } }))).toBe(true);
    expect(chargesFees(config({ fees: { kind: 'maker-taker', maker: 0, taker: 0 } }))).toBe(false);
  });

  test('moves orders and cancels by the same time, and leaves reports and the feed', () => {
    const latency = { kind: 'constant', order: 100, cancel: 40, report: 30, feed: 5 } as const;
    const base = config({ latency });
    const at = (ms: number) => frictionConfig(base, { ...baseFriction(base), latency: ms }).latency;
    expect(at(250)).toEqual({ ...latency, order: 250, cancel: 190 });
    expect(at(0)).toEqual({ ...latency, order: 0, cancel: 0 });
    const recorded = { kind: 'recorded', version: 'v', ts: [0, 1], feed: [1, 1], order: [50, 150], report: [9, 9] } as const;
    const measured = config({ latency: { ...recorded, ts: [0, 1], feed: [1, 1], order: [50, 150], report: [9, 9] } });
    expect(baseFriction(measured).latency).toBe(100);
    expect(frictionConfig(measured, { ...baseFriction(measured), latency: 130 }).latency).toEqual({ ...recorded, order: [80, 180] });
  });

  test('is refused where no run could have it, with what to do', () => {
    expect(() => frictionConfig(config(), { ...baseFriction(config()), fee: 1000 })).toThrow(/Fees × 1000 would be 50 % of notional/);
    expect(() => frictionConfig(config(), { ...baseFriction(config()), slippage: 900 })).toThrow(/900 bp more slippage/);
  });

  test('multiplies funding rates in a feed that says so, and nothing else', () => {
    const funding: Chunk = {
      kind: 'funding',
      symbol: SYMBOL,
      rows: 2,
      ts: Float64Array.of(1, 2),
      columns: [Float64Array.of(0.0001, -0.0002), Float64Array.of(8, 8)],
    };
    const mark: Chunk = { kind: 'mark', symbol: SYMBOL, rows: 1, ts: Float64Array.of(1), columns: [Float64Array.of(7)] };
    const data = { chunks: [funding, mark], inputs: memoryFeed([funding, mark]).inputs };
    expect(scaledFunding(data, 1).inputs).toEqual(data.inputs);
    const doubled = scaledFunding(data, 2);
    expect(doubled.inputs.map(({ dataset }) => dataset)).toEqual(['memory, rates × 2', 'memory']);
    doubled.slabs$.subscribe(({ chunks }) => {
      expect([...chunks[0]!.columns[0]!]).toEqual([0.0002, -0.0004]);
      expect([...chunks[0]!.columns[1]!]).toEqual([8, 8]);
      expect([...chunks[1]!.columns[0]!]).toEqual([7]);
    });
    // The history itself is shared with the other points.
    expect([...funding.columns[0]!]).toEqual([0.0001, -0.0002]);
  });
});

describe('a friction grid', () => {
  test('has every combination once and the run itself among them', () => {
    const axis = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 4 });
    fc.assert(
      fc.property(axis, axis, axis, axis, (fee, slippage, latency, funding) => {
        const base = { fee: 1, slippage: 0, latency: 100, funding: 1 };
        const values = frictionValues({ fee, slippage, latency, funding }, base);
        const points = frictionGrid(values);
        const names = new Set(points.map(point => JSON.stringify(point)));
        expect(names.size).toBe(points.length);
        expect(points.length).toBe(values.fee.length * values.slippage.length * values.latency.length * values.funding.length);
        expect(names.has(JSON.stringify(base))).toBe(true);
        for (const list of Object.values(values)) expect([...list].sort((a, b) => a - b)).toEqual(list);
      }),
    );
  });

  test('refuses frictions below zero and grids without end', () => {
    const base = { fee: 1, slippage: 0, latency: 100, funding: 1 };
    expect(() => frictionValues({ latency: [-1] }, base)).toThrow(/latency of -1/);
    const many = Array.from({ length: 40 }, (_, i) => i);
    expect(() => frictionValues({ fee: many, slippage: many, latency: many }, base)).toThrow(/most/);
  });
});
