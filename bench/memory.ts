import { backtest } from '../src/sim/backtest.js';
import buyAndHold from '../src/strategies/builtin/buy-and-hold.js';
import smaCross from '../src/strategies/builtin/sma-cross.js';
import { openDataset } from '../src/datasets/catalogue.js';
import { timeframeMs } from '../src/market/timeframe.js';
import { lakeFeed, minuteLake } from './fixtures/lake.js';
import { BTC, market, perpetual, spanOf } from './fixtures/minute-bars.js';
import { benchConfig, FAST, SLOW } from './fixtures/sma-run.js';
import { measurement, type Benchmark } from './harness/benchmark.js';

interface Probe {
  readonly scratch: string;
  readonly dataset: string;
  readonly rows: number;
  readonly strategy: 'buy-and-hold' | 'sma-cross';
}

const EQUITY_BYTES_PER_BAR = 4 * 8;

/** Peak memory of this process after a run over the first rows of a lake, in bytes. */
const peakOf = async ({ scratch, dataset, rows, strategy }: Probe): Promise<number> => {
  const lake = await openDataset(scratch, dataset);
  const tiny = market(10);
  const { from } = spanOf(tiny);
  const to = from + rows * timeframeMs('1m');
  const isBusy = strategy === 'sma-cross';
  const result = await backtest({
    strategy: isBusy ? smaCross : buyAndHold,
    params: isBusy ? { fast: FAST, slow: SLOW } : {},
    bundle: `builtin:${strategy}`,
    config: { ...benchConfig([tiny]), to },
    instruments: [perpetual(BTC)],
    feed: await lakeFeed(lake, ['bars', 'funding'], to),
  });
  if (result.curve.length !== rows) throw new Error(`the run saw ${result.curve.length} bars of ${rows}`);
  return process.resourceUsage().maxRSS * 1024;
};

/** Streaming from the lake: what each further million bars adds to the peak of memory, each run in a process of its own. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch, probe }) => {
    const rows = quick ? 1_000_000 : 10_000_000;
    const few = rows / 10;
    const dataset = (await minuteLake(scratch, rows)).id;
    const growth = async (strategy: Probe['strategy']): Promise<number> => {
      const peak = async (n: number): Promise<number> => Number(await probe({ scratch, dataset, rows: n, strategy } satisfies Probe));
      return ((await peak(rows)) - (await peak(few))) / (rows - few);
    };
    const quiet = await growth('buy-and-hold');
    const busy = await growth('sma-cross');
    const unit = 'MB per million bars';
    return [
      measurement('memory: beyond the equity columns', quiet - EQUITY_BYTES_PER_BAR, unit, {
        ratio: quiet / EQUITY_BYTES_PER_BAR,
        of: 'the equity columns',
        targets: [{ on: 'value', atMost: 5, text: 'flat (≤ 5)' }],
      }),
      measurement('memory: with trades and all facts kept', busy - EQUITY_BYTES_PER_BAR, unit, {
        ratio: busy / EQUITY_BYTES_PER_BAR,
        of: 'the equity columns',
      }),
    ];
  },
  probe: argument => peakOf(argument as Probe),
};
