import { backtest } from '../src/sim/backtest.js';
import { assertSameTrades, bareLoop } from './fixtures/bare-loop.js';
import { idleDecide, idleRun } from './fixtures/idle-strategies.js';
import { market } from './fixtures/minute-bars.js';
import { smaRun } from './fixtures/sma-run.js';
import { measurement, type Benchmark, type Measurement } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';
import { ENGINE_RATIO } from './targets.js';

/**
 * One year of minute bars of one symbol through the whole platform, every fact kept, against the same trades as one loop over arrays: as `quantai backtest` plays it, with all that the run keeps read into objects besides, and by the engine
 * alone, which every run falls back on. Then the same year through the engine in front of strategies that want nothing, in both forms.
 */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rows = quick ? 131_400 : 525_600;
    const year = market(rows);
    const spec = smaRun([year]);
    const whole = { ...spec, chunks: [year.funding, year.bars] };
    const begun = performance.now();
    const first = await backtest(whole);
    const cold = (performance.now() - begun) / 1000;
    assertSameTrades(bareLoop(year, spec.config), first);
    const rounds = { warmups: 5, rounds: quick ? 5 : 9 };
    const loopOnce = { run: () => bareLoop(year, spec.config), repeat: 5 };
    const read = async (): Promise<unknown> => {
      const { facts, fills, funding, roundTrips } = await backtest(whole);
      return [facts, fills, funding, roundTrips];
    };
    const [run = [], objects = [], engine = [], loop = []] = await interleave(
      [{ run: () => backtest(whole) }, { run: read }, { run: () => backtest(spec) }, loopOnce],
      rounds,
    );
    const inTime = [{ on: 'value', atLeast: 4e6, text: '≥ 4 million bars/s (aim 8)' } as const, ENGINE_RATIO.target];
    const played = (name: string, timings: typeof run): Measurement =>
      measurement(name, rows / median(timings), 'bars/s', { timings, ratio: ratioOf(timings, loop), of: 'the bare loop', targets: inTime });
    // Afterwards, for an engine that has met several strategies calls them all as it would a stranger.
    const idle = [idleDecide, idleRun].map(strategy => ({ run: () => backtest({ ...spec, strategy, params: {} }) }));
    const [asked = [], told = [], again = []] = await interleave([...idle, loopOnce], rounds);
    const stream = (name: string, timings: typeof asked): Measurement =>
      measurement(`engine: ${name}`, rows / median(timings), 'bars/s', {
        timings,
        ratio: ratioOf(timings, again),
        of: 'the bare loop',
        targets: [{ on: 'value', atLeast: 10e6, text: '≥ 10 million bars/s' }],
      });
    return [
      played('engine', run),
      played('engine: with everything read', objects),
      played('engine: without the plain lane', engine),
      stream('a decide that wants nothing', asked),
      stream('a run that listens to bars$', told),
      measurement('engine: bare loop', rows / median(loop), 'bars/s', { timings: loop }),
      measurement('engine: first run of a process', rows / cold, 'bars/s', { ratio: cold / median(run), of: 'engine, warm' }),
      measurement('engine: facts', (first.facts.length / rows) * 1000, 'facts per 1,000 bars'),
    ];
  },
};
