import { describe, expect, it, vi } from 'vitest';
import { turnedOutcomes } from '../../src/commands/feature-chance.js';
import { monthSpans, windowRows, type FeatureRows } from '../../src/commands/feature-rows.js';
import { studyFeatures } from '../../src/commands/feature-study.js';
import { walkFeatures } from '../../src/commands/feature-walk.js';
import type { Chunk } from '../../src/events/market.js';
import type { FeatureSet } from '../../src/features/feature-set.js';
import { basis } from '../../src/features/futures/basis.js';
import { fundingRate } from '../../src/features/futures/funding-rate.js';
import { fundingZScore } from '../../src/features/futures/funding-z-score.js';
import { relativeStrength } from '../../src/features/cross-asset/relative-strength.js';
import { logReturn } from '../../src/features/momentum/log-return.js';
import { fixedHorizon } from '../../src/models/labels/fixed-horizon.js';
import { walkPanel } from '../../src/models/panel-walk.js';
import { RowStore } from '../../src/models/row-store.js';
import { random, type Random } from '../../src/random.js';
import { midRanks } from '../../src/statistics/mid-ranks.js';
import { pairedCorrelation } from '../../src/statistics/paired-correlation.js';
import { HOUR } from '../../src/time.js';

vi.setConfig({ testTimeout: 120_000 });

const START = Date.UTC(2022, 0, 1);
const HORIZON = 24;

/** Rows of one symbol by the hour; columns are given whole. */
const rowsOf = (columns: Readonly<Record<string, Float64Array>>, outcome: Float64Array): FeatureRows => {
  const names = Object.keys(columns);
  return {
    count: outcome.length,
    names,
    column: k => columns[names[k]!]!,
    ts: outcome.map((_, i) => START + (i + 1) * HOUR),
    group: new Float64Array(outcome.length),
    label: outcome.map(value => (Number.isNaN(value) ? NaN : value > 0.001 ? 2 : value < -0.001 ? 0 : 1)),
    outcome,
    warmingUp: 0,
  };
};

const study = (rows: FeatureRows) =>
  studyFeatures({
    featureSet: 'test@1',
    scaler: 'none',
    dataset: { id: 'd', version: 'v', synthetic: true },
    symbols: ['A'],
    timeframe: '1h',
    from: START,
    to: START + rows.count * HOUR,
    label: 'l',
    horizon: HORIZON,
    rows,
    seed: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });

const noise = (n: number, draw: Random, memory = 0): Float64Array => {
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = memory * (values[i - 1] ?? 0) + draw.normal();
  return values;
};

/** Sums of `span` steps: those after a place when `span` is above 0, those up to it otherwise. */
const sums = (steps: Float64Array, span: number): Float64Array => {
  const level = new Float64Array(steps.length + 1);
  for (let i = 0; i < steps.length; i++) level[i + 1] = level[i]! + steps[i]!;
  return steps.map((_, i) => {
    const [from, to] = span > 0 ? [i + 1, i + 1 + span] : [i + 1 + span, i + 1];
    return from < 0 || to > steps.length ? NaN : level[to]! - level[from]!;
  });
};

describe('a study of features', () => {
  it('finds the column that foretells and not the ones that do not', async () => {
    const n = 9_000;
    const draw = random('planted');
    const signal = noise(n, draw, 0.95);
    const steps = noise(n, draw).map((step, i) => 0.01 * (step + 0.15 * (signal[i - 1] ?? 0)));
    const found = await study(
      rowsOf(
        {
          planted: signal,
          copy: signal.map(value => 3 * value + 1),
          slow: noise(n, draw, 0.99),
          quick: noise(n, draw),
          flat: new Float64Array(n).fill(7),
          none: new Float64Array(n).fill(NaN),
        },
        sums(steps, HORIZON),
      ),
    );
    const [planted, copy, slow, quick, flat, none] = found.columns;
    expect(planted!.information.icT).toBeGreaterThan(4);
    expect(planted!.information.familyChance).toBeLessThan(0.02);
    expect(planted!.information.mutualChance).toBeLessThan(0.02);
    expect(planted!.information.mutual).toBeGreaterThan(5 * Math.abs(planted!.information.mutualByChance!));
    for (const column of [slow, quick]) expect(column!.information.familyChance).toBeGreaterThan(0.05);
    // What order alone tells is the same for a column and what rises with it.
    expect(copy!.information).toEqual(planted!.information);
    expect(found.alike).toEqual([{ a: 'planted', b: 'copy', rho: 1 }]);
    expect(found.order.slice(0, 2).sort()).toEqual([0, 1]);
    expect(planted!.autocorrelation.bar).toBeCloseTo(0.95, 1);
    expect(flat!.information.ic).toBeNull();
    expect(flat!.reasons['ic']).toBe('it does not vary');
    expect([none!.missing, none!.spread.mean, none!.information.rho, none!.drift.psi]).toEqual([1, null, null, null]);
    expect(none!.reasons['rho']).toMatch(/^0 values/);
  });

  it('does not take a month’s own mean for foresight: past returns of a random walk tell nothing', async () => {
    const ics: number[] = [];
    const naive: number[] = [];
    let large = 0;
    for (let seed = 0; seed < 8; seed++) {
      const steps = noise(8_760, random(`walk-${seed}`));
      const rows = rowsOf({ momentum: sums(steps, -48) }, sums(steps, HORIZON));
      const { ic, icT } = (await study(rows)).columns[0]!.information;
      ics.push(ic!);
      if (Math.abs(icT!) > 2.2) large++;
      for (const { from, to } of monthSpans(rows.ts)) {
        const [x, y] = [rows.column(0).subarray(from, to), rows.outcome.subarray(from, to)];
        const missing = x.map((value, i) => value + y[i]!);
        const known = (values: Float64Array): Float64Array => values.filter((_, i) => !Number.isNaN(missing[i]!));
        naive.push(pairedCorrelation(midRanks(known(x)), midRanks(known(y))));
      }
    }
    const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    // Kendall's bias of a month of 730 hours: −√(48 × 24) ÷ 730 = −0.046.
    expect(average(naive)).toBeLessThan(-0.03);
    expect(Math.abs(average(ics))).toBeLessThan(0.02);
    // 5% of Student's t at eleven degrees are beyond 2.2: of eight hardly more than one.
    expect(large).toBeLessThanOrEqual(2);
  });

  it('says why figures are missing when there are too few months', async () => {
    const steps = noise(1_400, random(1));
    const found = await study(rowsOf({ a: noise(1_400, random(2)) }, sums(steps, HORIZON)));
    const [column] = found.columns;
    expect(found.months).toEqual(['2022-01', '2022-02']);
    expect([column!.information.ic, column!.information.icT]).toEqual([null, null]);
    expect(column!.reasons['icT']).toBe('2 whole months; 6 are the fewest');
    expect(column!.information.chance).not.toBeNull();
  });

  it('measures drift of a column that moved by half of its spread and not of one that stayed', async () => {
    const n = 6_000;
    const stays = noise(n, random('stays'));
    const moves = stays.map((value, i) => value + (i < n / 2 ? 0 : 1));
    const [stayed, moved] = (await study(rowsOf({ stays, moves }, noise(n, random(3))))).columns;
    expect(stayed!.drift.psi).toBeLessThan(0.02);
    // Two normal laws one deviation apart have a symmetric divergence of 1, and a distance of 2 Φ(½) − 1 = 0.383.
    expect(moved!.drift.psi).toBeGreaterThan(0.75);
    expect(moved!.drift.psi).toBeLessThan(1.05);
    expect(moved!.drift.ks).toBeCloseTo(0.383, 1);
  });
});

describe('chance by turned histories', () => {
  it('is right about as often as it says for slow features and overlapping outcomes', () => {
    let rare = 0;
    const repetitions = 120;
    for (let seed = 0; seed < repetitions; seed++) {
      const draw = random(`null-${seed}`);
      const outcome = sums(noise(1_200, draw), HORIZON);
      const chance = turnedOutcomes(rowsOf({}, outcome), 1, 60, seed);
      const { size, turned } = chance.associationOf(noise(1_200, draw, 0.97));
      if (turned.filter(value => value >= size).length + 1 <= 0.1 * (turned.length + 1)) rare++;
    }
    // 10% are due; two and a half standard errors are 7%.
    expect(rare / repetitions).toBeGreaterThan(0.03);
    expect(rare / repetitions).toBeLessThan(0.17);
  });

  it('is of the order of outcomes in time: turned by nothing, a column goes with itself entirely', () => {
    const values = noise(500, random(5));
    const { size, mutual } = turnedOutcomes(rowsOf({}, values), 1, 30, 1).associationOf(values);
    expect(size).toBeCloseTo(1, 12);
    expect(mutual).toBeGreaterThan(0.5);
  });
});

describe('a walk in slices', () => {
  it('gives the rows, bit by bit, that one walk gives, futures known at the seams included', async () => {
    const symbols = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];
    const chunks = symbols.flatMap((symbol, s): Chunk[] => {
      const draw = random(symbol);
      const bars = 1_700;
      const ts = Float64Array.from({ length: bars }, (_, i) => START + (i + (s === 1 && i > 700 ? 90 : 0)) * HOUR);
      const close = ts.map(() => 100 + draw.normal());
      const column = (): Float64Array => ts.map((_, i) => close[i]! + 0.2 * draw.normal());
      const every = ts.filter((_, i) => i % 8 === 0);
      return [
        {
          kind: 'bars',
          symbol,
          timeframe: '1h',
          rows: bars,
          ts,
          columns: [close, close.map(c => c + 1), close.map(c => c - 1), close, close],
        },
        { kind: 'mark', symbol, rows: bars, ts, columns: [column()] },
        { kind: 'index', symbol, rows: bars, ts, columns: [column()] },
        {
          kind: 'funding',
          symbol,
          rows: every.length,
          ts: every,
          columns: [every.map(() => 0.0001 * draw.normal()), every.map(() => 8 * HOUR)],
        },
      ];
    });
    const features: FeatureSet = {
      name: 'seams',
      version: 1,
      description: '',
      features: [logReturn(1)],
      panel: [fundingRate(), fundingZScore(6), basis(), relativeStrength(24)],
      scaler: 'none',
    };
    const label = fixedHorizon({ horizon: 5, band: { kind: 'fraction', value: 0.001 } });
    const delays = { bars: 0, funding: 3 * HOUR, mark: 60_000 };
    const whole = new RowStore(features, label, symbols, Infinity);
    walkPanel({ symbols, timeframe: '1h', delays, chunks, to: Infinity }, (_, bars, futures) => whole.step(bars, futures));
    const { signal } = new AbortController();
    const sliced = await walkFeatures({ features, label, symbols, timeframe: '1h', delays, chunks, signal, onProgress: () => undefined });
    expect(sliced.next).toBe(3_400);
    for (const column of ['x', 'ts', 'group', 'label', 'outcome', 'maturedAt', 'ready'] as const)
      expect(sliced[column], column).toEqual(whole[column]);
    const rows = windowRows(sliced, features, START + 100 * HOUR, START + 200 * HOUR);
    expect(rows.count).toBe(200);
    const at = whole.ts.findIndex((ts, i) => ts === rows.ts[0] && whole.group[i] === 0);
    for (const [k] of rows.names.entries()) expect(rows.column(k)[0]).toBe(whole.x[at * whole.width + k]);
    expect([rows.ts[0], rows.ts[199]]).toEqual([START + 101 * HOUR, START + 200 * HOUR]);
  });
});
