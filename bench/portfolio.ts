import { openDataset } from '../src/datasets/catalogue.js';
import { datasetFeed } from '../src/datasets/replay.js';
import { timeframeMs } from '../src/market/timeframe.js';
import { backtest } from '../src/sim/backtest.js';
import momentum from '../src/strategies/builtin/cross-sectional-momentum.js';
import { market, perpetual, spanOf } from './fixtures/minute-bars.js';
import { portfolioLake, symbolsOf } from './fixtures/portfolio-lake.js';
import { portfolioLoop } from './fixtures/portfolio-loop.js';
import { benchConfig } from './fixtures/sma-run.js';
import { measurement, type Benchmark } from './harness/benchmark.js';

const PARAMS = { lookback: 1440, each: 10, rebalance: 60 };
const MONTH = 44_640;
const YEAR = 525_600;
const GIB = 1 << 30;

interface Probe {
  readonly scratch: string;
  readonly dataset: string;
  readonly symbols: number;
  readonly rows: number;
  readonly what: 'engine' | 'loop';
}

/** What came of a probe. */
interface Played {
  readonly seconds: number;
  /** Of this process at most, bytes. */
  readonly memory: number;
}

const play = async ({ scratch, dataset, symbols, rows, what }: Probe): Promise<Played> => {
  const names = symbolsOf(symbols);
  const tiny = names.map(symbol => market(2, { symbol }));
  const { from } = spanOf(market(2));
  const config = { ...benchConfig(tiny), to: from + rows * timeframeMs('1m') };
  const begun = performance.now();
  const lake = await openDataset(scratch, dataset);
  const feed = await datasetFeed(lake, { symbols: names, timeframe: '1m', kinds: ['bars', 'funding'], to: config.to });
  if (what === 'loop') {
    const { capital } = config;
    const { bars, equity } = await portfolioLoop(feed, { symbols, ...PARAMS, capital, fee: 0.00005 });
    if (bars !== symbols * rows || !(equity > 0)) throw new Error(`the loop saw ${bars} bars and ended at ${equity}`);
  } else {
    const instruments = names.map(perpetual);
    const result = await backtest({
      strategy: momentum,
      params: PARAMS,
      bundle: 'builtin:cross-sectional-momentum',
      config,
      instruments,
      feed,
    });
    const last = result.fills.at(-1)?.ts ?? -Infinity;
    if (result.bars !== symbols * rows || result.halted !== null || last < config.to - 1000 * timeframeMs('1m'))
      throw new Error(`the run saw ${result.bars} bars of ${symbols * rows}, and its last fill was at ${last}`);
  }
  return { seconds: (performance.now() - begun) / 1000, memory: process.resourceUsage().maxRSS * 1024 };
};

/** One portfolio strategy over many symbols from a dataset on disk, through the whole platform with every fact kept, against a bare loop over the same dataset; each in a process of its own. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch, probe }) => {
    const [symbols, rows] = quick ? [20, MONTH] : [100, YEAR];
    const dataset = (await portfolioLake(scratch, symbols, rows)).id;
    const ask = async (what: Probe['what']): Promise<Played> =>
      (await probe({ scratch, dataset, symbols, rows, what } satisfies Probe)) as Played;
    const loop = await ask('loop');
    const engine = await ask('engine');
    const size = `portfolio: ${symbols} symbols × ${rows.toLocaleString('en-GB')} bars`;
    return [
      measurement(size, engine.seconds, 's', {
        ratio: engine.seconds / loop.seconds,
        of: 'a bare loop over the same dataset',
        targets: quick ? [] : [{ on: 'value', atMost: 60, text: '≤ 60 s' }],
      }),
      measurement('portfolio: bars through the platform', (symbols * rows) / engine.seconds, 'bars/s'),
      measurement('portfolio: peak memory', engine.memory / GIB, 'GiB', {
        ratio: engine.memory / loop.memory,
        of: 'the bare loop',
        targets: [{ on: 'value', atMost: 2, text: '≤ 2 GiB' }],
      }),
    ];
  },
  probe: argument => play(argument as Probe),
};
