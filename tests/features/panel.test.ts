import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/events/market.js';
import { betaToLeader } from '../../src/features/cross-asset/beta-to-leader.js';
import { breadth } from '../../src/features/cross-asset/breadth.js';
import { correlationToLeader } from '../../src/features/cross-asset/correlation-to-leader.js';
import { dispersion } from '../../src/features/cross-asset/dispersion.js';
import { momentumRank } from '../../src/features/cross-asset/momentum-rank.js';
import { relativeStrength } from '../../src/features/cross-asset/relative-strength.js';
import { residualReturn } from '../../src/features/cross-asset/residual-return.js';
import { computeColumns } from '../../src/features/batch.js';
import { featureNames, type FeatureSet } from '../../src/features/feature-set.js';
import { basis } from '../../src/features/futures/basis.js';
import { basisZScore } from '../../src/features/futures/basis-z-score.js';
import { fundingClock } from '../../src/features/futures/funding-clock.js';
import { fundingRate } from '../../src/features/futures/funding-rate.js';
import { fundingSum } from '../../src/features/futures/funding-sum.js';
import { fundingZScore } from '../../src/features/futures/funding-z-score.js';
import { openInterestChange } from '../../src/features/futures/open-interest-change.js';
import { openInterestDivergence } from '../../src/features/futures/open-interest-divergence.js';
import { PANEL_CATALOGUE } from '../../src/features/panel-catalogue.js';
import { emptyFuturesView, type PanelFeature } from '../../src/features/panel-feature.js';
import { createPanelFold, leaderOf } from '../../src/features/panel-fold.js';
import { FEATURE_SETS } from '../../src/features/sets/feature-sets.js';
import { HOUR } from '../../src/time.js';
import { chunkOf, randomSeries } from './bar-series.js';
import { randomUniverse, type Instant } from './universe.js';

const SYMBOLS = ['ETH/USDT:USDT', 'BTC/USDT:USDT', 'SOL/USDT:USDT', 'XRP/USDT:USDT'];
const LEADER = 1;

const setOf = (...panel: readonly PanelFeature[]): FeatureSet => ({
  name: 'test',
  version: 1,
  description: '',
  features: [],
  panel,
  scaler: 'none',
});

/** Rows by instant, symbol and column. */
const rowsOf = (set: FeatureSet, symbols: readonly string[], instants: readonly Instant[]): number[][][] => {
  const { width, step } = createPanelFold(set, symbols);
  const out = new Float64Array(width * symbols.length + 1).fill(-7);
  return instants.map(({ bars, futures }) => {
    step(bars, futures, out);
    expect(out[width * symbols.length]).toBe(-7);
    return symbols.map((_, s) => Array.from(out.subarray(s * width, (s + 1) * width)));
  });
};

/** Numbers of one feature of one symbol at the instants at which it has a bar. */
const streamOf = (feature: PanelFeature, instants: readonly Instant[], symbol: number, symbols: readonly string[] = SYMBOLS): number[] =>
  rowsOf(setOf(feature), symbols, instants)
    .filter((_, i) => instants[i]?.bars[symbol])
    .map(row => row[symbol]?.[0] ?? NaN);

const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const dot = (xs: readonly number[], ys: readonly number[]): number =>
  xs.reduce((sum, x, i) => sum + (x - mean(xs)) * ((ys[i] ?? NaN) - mean(ys)), 0);
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const steps = (xs: readonly number[]): number[] => xs.slice(1).map((x, i) => Math.log(x / (xs[i] ?? NaN)));
/** Log returns of a symbol and of the leader between instants at which both have a bar. */
const pairs = (instants: readonly Instant[], symbol: number): [number[], number[]] => {
  const both = instants.filter(({ bars }) => bars[symbol] && bars[LEADER]);
  return [steps(both.map(({ bars }) => bars[symbol]?.close ?? NaN)), steps(both.map(({ bars }) => bars[LEADER]?.close ?? NaN))];
};
const standardised = (xs: readonly number[]): number => sum(xs) / Math.sqrt(xs.reduce((a, x) => a + x * x, 0));
const zOfLast = (xs: readonly number[]): number => ((xs.at(-1) ?? NaN) - mean(xs)) / Math.sqrt(dot(xs, xs) / xs.length);

const expectClose = (ours: readonly number[], expected: (i: number) => number, from: number): void => {
  expect(ours.length).toBeGreaterThan(from + 20);
  for (let i = from; i < ours.length; i++) expect(ours[i], `at ${i}`).toBeCloseTo(expected(i), 9);
};

describe('features that look at the leader', () => {
  const instants = randomUniverse(3, SYMBOLS, 90);
  const upTo = (i: number, n: number): [number[], number[]] => {
    const [own, lead] = pairs(instants.slice(0, i + 1), 2);
    return [own.slice(-n), lead.slice(-n)];
  };

  it('beta and correlation are those of the last returns', () => {
    expectClose(streamOf(betaToLeader(12), instants, 2), i => dot(...upTo(i, 12)) / dot(upTo(i, 12)[1], upTo(i, 12)[1]), 12);
    expectClose(
      streamOf(correlationToLeader(12), instants, 2),
      i => dot(...upTo(i, 12)) / Math.sqrt(dot(upTo(i, 12)[0], upTo(i, 12)[0]) * dot(upTo(i, 12)[1], upTo(i, 12)[1])),
      12,
    );
  });

  it('the residual return is what beta leaves, in its own deviations', () => {
    expectClose(
      streamOf(residualReturn(5, 20), instants, 2),
      i => {
        const [own, lead] = upTo(i, 20);
        const beta = dot(own, lead) / dot(lead, lead);
        const left = own.map((r, k) => r - beta * (lead[k] ?? NaN));
        return sum(left.slice(-5)) / Math.sqrt((dot(left, left) / 20) * 5);
      },
      20,
    );
  });

  it('relative strength is the difference of the two moves', () => {
    expectClose(streamOf(relativeStrength(7), instants, 2), i => sum(upTo(i, 7)[0]) - sum(upTo(i, 7)[1]), 7);
  });

  it('the leader is Bitcoin where there is one, else the first, and compares with itself as it must', () => {
    expect([leaderOf(SYMBOLS), leaderOf(['ETH/USDT', 'SOL/USDT']), leaderOf(['BTCDOM/USDT', 'BTC/USDT']), leaderOf([])]).toEqual([
      1, 0, 1, 0,
    ]);
    const own = rowsOf(setOf(betaToLeader(12), correlationToLeader(12), residualReturn(5, 12), relativeStrength(5)), SYMBOLS, instants);
    for (const row of own.slice(12)) {
      const [beta, correlation, residual, strength] = row[LEADER] ?? [];
      expect(beta).toBeCloseTo(1, 12);
      expect(correlation).toBeCloseTo(1, 12);
      expect([residual, strength]).toEqual([0, 0]);
    }
  });

  it('a bar that either lacks is passed over: returns span the instants that both have', () => {
    const gapped = randomUniverse(5, SYMBOLS, 160, true);
    const ours = rowsOf(setOf(relativeStrength(4)), SYMBOLS, gapped).map(row => row[2]?.[0] ?? NaN);
    gapped.forEach(({ bars }, i) => {
      const [own, lead] = pairs(gapped.slice(0, i + 1), 2);
      if (!bars[2] || !bars[LEADER]) expect(ours[i]).toBeNaN();
      else if (own.length >= 4) expect(ours[i]).toBeCloseTo(sum(own.slice(-4)) - sum(lead.slice(-4)), 10);
    });
  });
});

describe('features that compare the universe', () => {
  it('rank, dispersion and breadth are those of the moves at the instant, with and without gaps', () => {
    for (const gaps of [false, true]) {
      const instants = randomUniverse(9, SYMBOLS, 120, gaps);
      const rows = rowsOf(setOf(momentumRank(6), dispersion(6), breadth(6)), SYMBOLS, instants);
      let compared = 0;
      instants.forEach(({ bars }, i) => {
        const moves = SYMBOLS.map((_, s) => {
          const closes = instants.slice(0, i + 1).flatMap(instant => instant.bars[s]?.close ?? []);
          return bars[s] && closes.length > 6 ? Math.log((closes.at(-1) ?? NaN) / (closes.at(-7) ?? NaN)) : NaN;
        });
        const there = moves.filter(x => !Number.isNaN(x));
        moves.forEach((move, s) => {
          if (Number.isNaN(move)) return expect(rows[i]?.[s]?.[0]).toBeNaN();
          compared++;
          expect(rows[i]?.[s]?.[0]).toBe(there.length === 1 ? 0.5 : there.filter(x => x < move).length / (there.length - 1));
          expect(rows[i]?.[s]?.[1]).toBeCloseTo(Math.sqrt(dot(there, there) / there.length), 12);
          expect(rows[i]?.[s]?.[2]).toBe(there.filter(x => x > 0).length / there.length);
        });
      });
      expect(compared).toBeGreaterThan(300);
    }
  });

  it('equal moves share the middle of their places, and one symbol alone is in the middle', () => {
    const still = (close: number): Bar => ({
      symbol: 'X',
      timeframe: '1h',
      openTime: 0,
      ts: HOUR,
      open: close,
      high: close,
      low: close,
      close,
      volume: 1,
    });
    const at = (...closes: number[]): Instant => ({ bars: closes.map(still), futures: closes.map(emptyFuturesView) });
    const rows = rowsOf(setOf(momentumRank(1), breadth(1)), ['A', 'B', 'C'], [at(1, 2, 4), at(1, 2, 8)]);
    expect(rows[1]).toEqual([
      [0.25, 2 / 3],
      [0.25, 2 / 3],
      [1, 2 / 3],
    ]);
    expect(rowsOf(setOf(momentumRank(1), dispersion(1)), ['A'], [at(1), at(2)])[1]).toEqual([[0.5, 0]]);
  });
});

describe('features of futures data', () => {
  const instants = randomUniverse(13, SYMBOLS, 140);
  const views = instants.map(({ futures }) => futures[3] ?? emptyFuturesView());
  const bars = instants.map(({ bars: all }) => all[3] as Bar);
  const settled = (i: number): number[] => views.slice(0, i + 1).flatMap((view, k) => (k % 8 === 7 ? view.funding : []));

  it('funding: rate per eight hours, z-score and sum over settlements, each counted once', () => {
    expectClose(streamOf(fundingRate(), instants, 3), i => settled(i).at(-1) ?? NaN, 7);
    expectClose(streamOf(fundingSum(3), instants, 3), i => sum(settled(i).slice(-3)), 23);
    expectClose(streamOf(fundingZScore(5), instants, 3), i => zOfLast(settled(i).slice(-5)), 39);
    expect(streamOf(fundingRate(), instants, 3).slice(0, 7).every(Number.isNaN)).toBe(true);
    const hourly = instants.map(instant => ({ ...instant, futures: instant.futures.map(view => ({ ...view, fundingInterval: HOUR })) }));
    expectClose(streamOf(fundingRate(), hourly, 3), i => 8 * (settled(i).at(-1) ?? NaN), 7);
  });

  it('the funding clock runs from 1 down to 0 and stays there', () => {
    const ours = streamOf(fundingClock(), instants, 3);
    expect(ours.slice(7, 16)).toEqual([1, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8, 1]);
    const late = instants.slice(7, 20).map(instant => ({ ...instant, futures: instants[7]?.futures ?? [] }));
    expect(streamOf(fundingClock(), late, 3).slice(8)).toEqual([0, 0, 0, 0, 0]);
  });

  it('basis is mark against index, or close against mark where there is no index', () => {
    const of = (i: number): number => Math.log((views[i]?.mark ?? NaN) / (views[i]?.index ?? NaN));
    expectClose(streamOf(basis(), instants, 3), of, 0);
    expectClose(streamOf(basisZScore(15), instants, 3), i => zOfLast(Array.from({ length: 15 }, (_, k) => of(i - 14 + k))), 14);
    const unindexed = instants.map(instant => ({ ...instant, futures: instant.futures.map(view => ({ ...view, index: NaN })) }));
    expectClose(streamOf(basis(), unindexed, 3), i => Math.log((bars[i]?.close ?? NaN) / (views[i]?.mark ?? NaN)), 0);
  });

  it('open interest: its log change, and how the price disagrees with it', () => {
    const interest = views.map(view => view.openInterest);
    expectClose(streamOf(openInterestChange(6), instants, 3), i => Math.log((interest[i] ?? NaN) / (interest[i - 6] ?? NaN)), 6);
    expectClose(
      streamOf(openInterestDivergence(6), instants, 3),
      i => standardised(steps(bars.slice(i - 6, i + 1).map(bar => bar.close))) - standardised(steps(interest.slice(i - 6, i + 1))),
      6,
    );
  });

  it('is NaN throughout where the data has none', () => {
    const empty = instants.map(instant => ({ ...instant, futures: instant.futures.map(emptyFuturesView) }));
    for (const feature of PANEL_CATALOGUE.futures) expect(streamOf(feature, empty, 3).every(Number.isNaN), feature.key).toBe(true);
  });
});

describe('the panel fold', () => {
  const all = setOf(...Object.values(PANEL_CATALOGUE).flat());

  it('has no two panel features with one key', () => {
    const keys = all.panel.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives each panel feature its first value when its warm-up is over', () => {
    const instants = randomUniverse(17, SYMBOLS, 80);
    for (const feature of PANEL_CATALOGUE['cross-asset']) {
      const ours = streamOf(feature, instants, 2);
      expect(ours.slice(0, feature.warmup - 1).every(Number.isNaN), feature.key).toBe(true);
      expect(ours.slice(feature.warmup - 1).every(Number.isFinite), feature.key).toBe(true);
    }
  });

  it('stays finite in a market that does not move', () => {
    const bar = { symbol: 'X', timeframe: '1h', open: 0.1, high: 0.1, low: 0.1, close: 0.1, volume: 1 } as const;
    const view = { funding: 0.0001, fundingInterval: HOUR, mark: 0.1, index: 0.1, openInterest: 5 };
    const still = Array.from({ length: 80 }, (_, i): Instant => {
      const ts = (i + 1) * HOUR;
      return { bars: SYMBOLS.map(() => ({ ...bar, openTime: ts - HOUR, ts })), futures: SYMBOLS.map(() => ({ ...view, fundingTs: ts })) };
    });
    for (const row of rowsOf(all, SYMBOLS, still).slice(60)) expect(row.flat().every(Number.isFinite)).toBe(true);
  });

  it('is not changed by what comes later, and gives the same bits again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 99 }), (seed, cut) => {
        const instants = randomUniverse(seed, SYMBOLS, 100, true);
        const foreign = randomUniverse(seed + 1, SYMBOLS, 100, true);
        const rows = rowsOf(all, SYMBOLS, instants);
        expect(rowsOf(all, SYMBOLS, instants)).toEqual(rows);
        expect(rowsOf(all, SYMBOLS, [...instants.slice(0, cut), ...foreign.slice(cut)]).slice(0, cut)).toEqual(rows.slice(0, cut));
      }),
      { numRuns: 5 },
    );
  });

  it('writes the columns of each symbol as a batch over its bars would, NaN rows where it has none', () => {
    const [core] = FEATURE_SETS;
    if (!core) throw new Error('no set');
    const instants = randomUniverse(21, SYMBOLS, 260, true);
    const rows = rowsOf(core, SYMBOLS, instants);
    const names = featureNames(core);
    const there = instants.map(({ bars }) => bars[2]).filter(bar => bar !== null && bar !== undefined);
    const chunk = {
      ...chunkOf(randomSeries(1, there.length), '1h'),
      ts: Float64Array.from(there, bar => bar.openTime),
      columns: (['open', 'high', 'low', 'close', 'volume'] as const).map(name => Float64Array.from(there, bar => bar[name])),
    };
    const present = rows.filter((_, i) => instants[i]?.bars[2]).map(row => row[2] ?? []);
    const absent = rows.filter((_, i) => !instants[i]?.bars[2]).map(row => row[2] ?? []);
    expect(absent.length).toBeGreaterThan(5);
    expect(absent.flat().every(Number.isNaN)).toBe(true);
    let column = 0;
    for (const feature of core.features)
      for (const expected of computeColumns(feature, chunk)) {
        expect(
          present.map(row => row[column]),
          names[column],
        ).toEqual([...expected]);
        column++;
      }
    expect(names.length).toBe(present[0]?.length);
  });
});
