import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averageDrawdown } from '../../src/metrics/average-drawdown.js';
import { drawdownDuration } from '../../src/metrics/drawdown-duration.js';
import { drawdownEpisodes, drawdownSeries } from '../../src/metrics/drawdowns.js';
import { deepestDrawdown, deepestDrawdownOfReturns, maxDrawdown } from '../../src/metrics/max-drawdown.js';
import { trackOf } from '../../src/metrics/track.js';
import { ulcerIndex } from '../../src/metrics/ulcer-index.js';
import { sum } from '../../src/numeric/sum.js';
import { DAY, HOUR } from '../../src/time.js';
import { curveOf, flat, run } from './sample-track.js';

const day = (n: number) => Date.UTC(2024, 0, 1) + n * DAY;
const equities = fc.array(fc.double({ min: 1, max: 5000, noNaN: true }), { minLength: 1, maxLength: 80 });

describe('drawdowns', () => {
  const equity = [1000, 1200, 900, 1100, 1200, 1300, 1170];
  const track = trackOf(run(curveOf(equity, DAY)));
  test('are listed with peak, trough, recovery and depth', () => {
    expect(drawdownEpisodes(track.curve.ts, track.curve.equity, 1000)).toEqual([
      { peakTs: day(2), troughTs: day(3), recoveryTs: day(5), depth: -0.25 },
      { peakTs: day(6), troughTs: day(7), recoveryTs: null, depth: 1170 / 1300 - 1 },
    ]);
  });
  test('give depth, mean depth, length and ulcer index', () => {
    expect(maxDrawdown(track)).toBe(-0.25);
    expect(averageDrawdown(track)).toBeCloseTo(-0.175, 15);
    expect(drawdownDuration(track)).toBe(3 * DAY);
    expect(ulcerIndex(track)).toBeCloseTo(Math.sqrt((0.25 * 0.25 + (100 / 1200) * (100 / 1200) + 0.01) / 7), 14);
  });
  test('last from the last time at the peak to the end of the run when they do not recover', () => {
    expect(drawdownDuration(trackOf(run(curveOf([1000, 1000, 990, 980, 995, 999], DAY))))).toBe(4 * DAY);
  });
  test('count from the initial capital before anything was made', () => {
    const below = trackOf(run(curveOf([900, 800, 950], DAY)));
    expect([maxDrawdown(below), drawdownDuration(below)]).toEqual([800 / 1000 - 1, 2 * DAY]);
  });
  test('look at every bar, not only at day ends', () => {
    const dip = trackOf(run(curveOf([1000, 500, ...flat(22, 1000)], HOUR)));
    expect(maxDrawdown(dip)).toBe(-0.5);
    expect(deepestDrawdownOfReturns(dip.returns)).toBe(0);
  });
  test('are 0 for equity that only rises', () => {
    const rising = trackOf(run(curveOf([1001, 1002], DAY)));
    expect([maxDrawdown(rising), averageDrawdown(rising), drawdownDuration(rising), ulcerIndex(rising)]).toEqual([0, 0, 0, 0]);
  });
  test('agree with a search over all pairs of points', () => {
    fc.assert(
      fc.property(equities, xs => {
        const path = [1000, ...xs];
        let worst = 0;
        path.forEach((high, i) => path.slice(i).forEach(low => (worst = Math.min(worst, low / high - 1))));
        expect(deepestDrawdown(xs, 1000)).toBe(worst);
        const episodes = drawdownEpisodes(
          xs.map((_, i) => i),
          xs,
          1000,
        );
        expect(Math.min(0, ...episodes.map(e => e.depth))).toBe(worst);
        expect(Math.min(0, ...drawdownSeries(xs, 1000))).toBe(worst);
      }),
    );
  });
  test('of one run are not those of another, in whatever order they are asked for', () => {
    fc.assert(
      fc.property(equities, equities, fc.double({ min: 1, max: 5000, noNaN: true }), (xs, ys, capital) => {
        const tracks = [xs, ys].map(equity => trackOf({ ...run(curveOf(equity, DAY)), initialCapital: capital }));
        for (const track of [...tracks, ...tracks]) {
          const { ts, equity } = track.curve;
          const episodes = drawdownEpisodes(ts, equity, capital);
          expect(maxDrawdown(track)).toBe(deepestDrawdown(equity, capital));
          expect(drawdownDuration(track)).toBe(Math.max(0, ...episodes.map(e => (e.recoveryTs ?? ts[ts.length - 1]!) - e.peakTs)));
          expect(averageDrawdown(track)).toBeCloseTo(episodes.reduce((sum, e) => sum + e.depth, 0) / Math.max(1, episodes.length), 12);
          expect(ulcerIndex(track)).toBe(Math.sqrt(sum(drawdownSeries(equity, capital).map(d => d * d)) / equity.length));
        }
      }),
    );
  });
  test('never overlap, and only the last may be open', () => {
    fc.assert(
      fc.property(equities, xs => {
        const episodes = drawdownEpisodes(
          xs.map((_, i) => i),
          xs,
          1000,
        );
        episodes.forEach((e, i) => {
          expect(e.depth).toBeLessThan(0);
          expect(e.troughTs).toBeGreaterThanOrEqual(e.peakTs);
          const next = episodes[i + 1];
          if (next) expect(next.peakTs).toBeGreaterThanOrEqual(e.recoveryTs ?? Infinity);
        });
      }),
    );
  });
});
