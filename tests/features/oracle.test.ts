import { ADX, HMA, KAMA, SuperTrend, TradingSignal } from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { adx } from '../../src/features/trend/adx.js';
import { hma } from '../../src/features/trend/hma.js';
import { kama } from '../../src/features/trend/kama.js';
import { supertrend } from '../../src/features/trend/supertrend.js';
import { barsOf, chunkOf, randomSeries, valuesOf } from './bar-series.js';

const chunk = chunkOf(randomSeries(11, 400));
const bars = barsOf(chunk);

/** Largest difference over the bars where both have a value from `from` on. */
const apart = (ours: readonly number[], theirs: readonly (number | null)[], from: number): number => {
  let worst = 0;
  for (let i = from; i < ours.length; i++) worst = Math.max(worst, Math.abs((ours[i] ?? NaN) - (theirs[i] ?? NaN)));
  return worst;
};

describe('the package trading-signals agrees', () => {
  it('on SuperTrend and its direction', () => {
    const feature = supertrend(10, 3);
    const oracle = new SuperTrend({ interval: 10, multiplier: 3 });
    const results = bars.map(bar => oracle.update({ ...bar }, false));
    // It begins its average true range differently; after 300 bars that has faded below the tolerance.
    expect(
      apart(
        valuesOf(feature, chunk, 'value'),
        results.map(r => r?.supertrend ?? null),
        300,
      ),
    ).toBeLessThan(1e-9);
    expect(valuesOf(feature, chunk, 'direction').slice(300)).toEqual(
      results.slice(300).map(r => (r?.trend === TradingSignal.BULLISH ? 1 : -1)),
    );
  });

  it('on the Hull average', () => {
    const oracle = new HMA(16);
    const feature = hma(16);
    expect(
      apart(
        valuesOf(feature, chunk),
        bars.map(bar => oracle.update(bar.close, false)),
        feature.warmup,
      ),
    ).toBeLessThan(1e-9);
  });

  it('on the adaptive average', () => {
    const oracle = new KAMA(10);
    expect(
      apart(
        valuesOf(kama(10), chunk),
        bars.map(bar => oracle.update(bar.close, false)),
        200,
      ),
    ).toBeLessThan(1e-6);
  });

  it('on ADX after the beginning has faded', () => {
    const oracle = new ADX(14);
    expect(
      apart(
        valuesOf(adx(14), chunk, 'adx'),
        bars.map(bar => oracle.update(bar, false)),
        395,
      ),
    ).toBeLessThan(1e-6);
  });
});
