import { IndicatorCache } from '../src/experiments/indicator-cache.js';
import { backtest } from '../src/sim/backtest.js';
import { market, THREE } from './fixtures/minute-bars.js';
import { smaRun } from './fixtures/sma-run.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** The engine as a search runs it: no facts kept, indicator columns computed once and shared; and several symbols at once. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rows = quick ? 65_700 : 262_800;
    const markets = THREE.map(symbol => market(rows, { symbol }));
    const whole = smaRun(markets.slice(0, 1));
    const lean = { ...whole, keepFacts: false };
    const shared = { ...lean, indicators: new IndicatorCache(markets.map(({ bars }) => bars)) };
    const three = smaRun(markets);
    const [full = [], noFacts = [], columns = [], several = []] = await interleave(
      [whole, lean, shared, three].map(spec => ({ run: () => backtest(spec) })),
      { warmups: 4, rounds: quick ? 5 : 9 },
    );
    const perBar = several.map(seconds => seconds / 3);
    return [
      measurement('search: no facts kept', rows / median(noFacts), 'bars/s', {
        timings: noFacts,
        ratio: ratioOf(noFacts, full),
        of: 'all facts kept',
      }),
      measurement('search: and shared indicators', rows / median(columns), 'bars/s', {
        timings: columns,
        ratio: ratioOf(columns, full),
        of: 'all facts kept',
      }),
      measurement('search: three symbols', rows / median(perBar), 'bars/s', {
        timings: perBar,
        ratio: ratioOf(perBar, full),
        of: 'one symbol, per bar',
      }),
    ];
  },
};
