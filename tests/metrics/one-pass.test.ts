import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveOf as statisticsOf } from '../../src/metrics/curve-statistics.js';
import { drawdownEpisodes } from '../../src/metrics/drawdowns.js';
import { omegaRatio } from '../../src/metrics/omega.js';
import { momentsOf } from '../../src/metrics/return-moments.js';
import { tailsOf } from '../../src/metrics/return-tails.js';
import { downsideDeviation } from '../../src/metrics/sortino.js';
import { trackOf } from '../../src/metrics/track.js';
import { ulcer } from '../../src/metrics/ulcer-index.js';
import { excessKurtosis, mean, skewness, standardDeviation } from '../../src/statistics/moments.js';
import { quantile } from '../../src/statistics/quantile.js';
import { DAY, HOUR } from '../../src/time.js';
import { curveOf, run } from './sample-track.js';

/** Equity that wanders, stands still and falls hard, hourly or daily, with a position now and then. */
const anyTrack = fc
  .record({
    steps: fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 3, arbitrary: fc.constant(0) },
          { weight: 6, arbitrary: fc.double({ min: -0.02, max: 0.02, noNaN: true }) },
          fc.constant(-0.4),
        ),
        fc.constantFrom(0, 0, 1, 2.5),
      ),
      { maxLength: 300 },
    ),
    step: fc.constantFrom(HOUR, DAY),
  })
  .map(({ steps, step }) => {
    let equity = 1000;
    const values = steps.map(([change]) => (equity *= 1 + change));
    return trackOf(
      run(
        curveOf(
          values,
          step,
          undefined,
          steps.map(([, gross]) => gross),
        ),
      ),
    );
  });

describe('figures that are read off in one pass', () => {
  it('of a curve have the bits of the functions that go over it alone', () => {
    fc.assert(
      fc.property(anyTrack, track => {
        const { ts, equity, gross, length } = track.curve;
        const episodes = drawdownEpisodes(ts, equity, track.initialCapital);
        const statistics = statisticsOf(track);
        const last = ts[length - 1] ?? NaN;
        expect(statistics.deepest).toBe(Math.min(0, ...episodes.map(({ depth }) => depth)));
        expect(statistics.averageDepth).toBe(episodes.length === 0 ? 0 : mean(episodes.map(({ depth }) => depth)));
        expect(statistics.longest).toBe(Math.max(0, ...episodes.map(({ peakTs, recoveryTs }) => (recoveryTs ?? last) - peakTs)));
        expect(statistics.ulcer).toBe(ulcer(equity, track.initialCapital));
        expect(statistics.meanEquity).toBe(mean(equity));
        const first = length > 1 ? ts[1]! - ts[0]! : 1;
        let held = 0;
        for (let i = 0; i < length; i++) if (gross[i]! > 0) held += i === 0 ? first : ts[i]! - ts[i - 1]!;
        expect(statistics.held).toBe(held);
      }),
      { numRuns: 300 },
    );
  });

  it('of returns have the bits of the functions of returns', () => {
    fc.assert(
      fc.property(anyTrack, track => {
        const { returns } = track;
        const moments = momentsOf(track);
        expect(moments.mean).toBe(mean(returns));
        expect(moments.deviation).toBe(standardDeviation(returns));
        expect(moments.skewness).toBe(skewness(returns));
        expect(moments.excessKurtosis).toBe(excessKurtosis(returns));
        expect(moments.downside).toBe(downsideDeviation(returns));
        expect(moments.gains / moments.losses).toBe(omegaRatio(returns));
        const { worst, best } = tailsOf(track);
        expect(worst).toBe(quantile(returns, 0.05));
        expect(best).toBe(quantile(returns, 0.95));
      }),
      { numRuns: 300 },
    );
  });
});
