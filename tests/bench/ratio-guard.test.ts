import { expect, test } from 'vitest';
import { intoMaps, rebuild } from '../../bench/book-rebuild.js';
import { assertSameTrades, bareLoop } from '../../bench/fixtures/bare-loop.js';
import { BOOK_UNITS, bookStream } from '../../bench/fixtures/book-stream.js';
import { market, perpetual, spanOf } from '../../bench/fixtures/minute-bars.js';
import { smaRun } from '../../bench/fixtures/sma-run.js';
import { interleave, processorClock, ratioOf, type Contender } from '../../bench/harness/interleave.js';
import { BOOK_RATIO, ENGINE_RATIO, SWEEP_RATIO } from '../../bench/targets.js';
import type { EvaluationShared } from '../../src/experiments/evaluation.js';
import { handle } from '../../src/experiments/evaluate.js';
import { backtest } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';

const data = market(100_000);
const spec = smaRun([data]);

/** The ratio of two contenders by turns in processor time, which other programs on the machine do not lengthen; shown in the log of every run: a drift is seen before it fails a test. */
const measured = async (what: string, contender: Contender, base: Contender, guard: number): Promise<number> => {
  const [timings = [], baseTimings = []] = await interleave([contender, base], { warmups: 3, rounds: 7, clock: processorClock });
  const ratio = ratioOf(timings, baseTimings);
  // oxlint-disable-next-line no-console -- the log of a run is where a drift is to be seen
  console.log(`${what}: ${ratio.toFixed(1)} ×, guarded at ${guard} ×`);
  return ratio;
};

test('the engine makes the trades of a bare loop that was written apart from it, to the same final equity', async () => {
  const engine = await backtest(spec);
  const loop = bareLoop(data, spec.config);
  expect(loop.fills).toBeGreaterThan(1000);
  expect(engine.fills).toHaveLength(loop.fills);
  // The loop books in floats, the engine in whole 1e-8.
  expect(engine.finalEquity / loop.finalEquity).toBeCloseTo(1, 9);
  expect(engine.refusals).toEqual({});
  expect(() => assertSameTrades({ ...loop, fills: loop.fills + 1 }, engine)).toThrow(/differ/);
});

test(`the engine takes at most ${ENGINE_RATIO.guard} times as long as the bare loop`, async () => {
  const engine = { run: () => backtest(spec) };
  const loop = { run: () => bareLoop(data, spec.config), repeat: 20 };
  expect(await measured('engine against the bare loop', engine, loop, ENGINE_RATIO.guard)).toBeLessThan(ENGINE_RATIO.guard);
});

test(`a configuration of a sweep takes at most ${SWEEP_RATIO.guard} times as long as the bare loop`, async () => {
  const hours = market(50_000, { timeframe: '1h' });
  const { symbol } = hours.bars;
  const window = spanOf(hours);
  const config = runConfig({ exchange: 'bybit', ...window, symbols: [symbol], timeframe: '1h', atEnd: 'close' });
  const shared: EvaluationShared = {
    strategy: { builtin: 'sma-cross' },
    bundle: 'builtin:sma-cross',
    instruments: [perpetual(symbol)],
    config,
    chunks: [hours.funding, hours.bars],
  };
  const configurations = [10, 15, 20, 25].flatMap(fast => [50, 100].map(slow => ({ fast, slow })));
  const job = { window, capital: config.capital, configurations, keep: 'returns' as const };
  const { signal } = new AbortController();
  const sweep = { run: () => handle(job, shared, signal) };
  const loops = { run: () => configurations.map(() => bareLoop(hours, config)), repeat: 3 };
  expect(await measured('sweep against the bare loop', sweep, loops, SWEEP_RATIO.guard)).toBeLessThan(SWEEP_RATIO.guard);
});

test(`a book is rebuilt in at most ${BOOK_RATIO.guard} times what its levels cost in a map a side`, async () => {
  const stream = bookStream(100_000);
  const rebuilt = { run: () => rebuild(stream, BOOK_UNITS), repeat: 3 };
  const maps = { run: () => intoMaps(stream), repeat: 3 };
  expect(rebuild(stream, BOOK_UNITS)).toMatchObject({ valid: true });
  expect(await measured('book against maps', rebuilt, maps, BOOK_RATIO.guard)).toBeLessThan(BOOK_RATIO.guard);
});
