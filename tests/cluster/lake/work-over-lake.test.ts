import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../../src/cluster/in-process.js';
import type { JobEngine } from '../../../src/cluster/job-engine.js';
import { fetchShared } from '../../../src/cluster/lake/fetch-shared.js';
import { openLake } from '../../../src/cluster/lake/open-lake.js';
import { publishShared } from '../../../src/cluster/lake/publish-shared.js';
import { synthesise } from '../../../src/datasets/synthetic/synthesise.js';
import { rolling } from '../../../src/experiments/splits/rolling.js';
import { walkForward } from '../../../src/experiments/walk-forward.js';
import { runConfig } from '../../../src/sim/run-defaults.js';
import { resolveStrategy } from '../../../src/strategies/load.js';
import { DAY } from '../../../src/time.js';
import { temporaryFolders } from './temporary.js';

const fresh = temporaryFolders();
const FROM = Date.UTC(2024, 0, 1);
const TO = FROM + 120 * DAY;
const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];

/** Does what an engine does with jobs, on what their shared data becomes on the way through a lake. */
const throughLake = (engine: JobEngine, folder: string): JobEngine & { readonly published: unknown[] } => {
  const lake = openLake(join(folder, 'lake'));
  const published: unknown[] = [];
  const there = async (shared: unknown): Promise<unknown> => {
    published.push(shared);
    return fetchShared(await publishShared(shared, lake), lake, { bundles: join(folder, 'bundles') });
  };
  return {
    ...engine,
    published,
    run: async (handler, payloads, options = {}) =>
      engine.run(
        handler,
        payloads,
        options.shared === undefined
          ? options
          : { ...options, shared: (await there(options.shared)) as NonNullable<typeof options.shared> },
      ),
    flow: async (root, options = {}) =>
      engine.flow(
        root,
        options.shared === undefined
          ? options
          : { ...options, shared: (await there(options.shared)) as NonNullable<typeof options.shared> },
      ),
  };
};

/** Symbols of one exchange have bars at the same times: columns of equal content, which a lake has once. */
const imported = synthesise(
  {
    markets: SYMBOLS.map((symbol, i) => ({
      symbol,
      price: 40_000 / (1 + 9 * i),
      tickSize: 0.1,
      lotSize: 0.001,
      volume: 500,
      volatility: 0.6,
    })),
    timeframe: '15m',
    from: FROM,
    to: TO,
    kinds: ['bars', 'funding'],
    truths: [{ kind: 'autocorrelation', coefficient: 0.1 }],
  },
  5,
);

describe('jobs over what came through a lake', () => {
  let engine: JobEngine;
  beforeEach(() => {
    engine = inProcessEngine();
  });
  afterEach(() => engine.close());

  test("give the fingerprint that they give over the submitter's own memory", async () => {
    const home = fresh();
    const file = join(home, 'crossing.ts');
    writeFileSync(
      file,
      `import { bars, defineStrategy, int, sma, target } from 'quantai-trad';
export default defineStrategy({
  name: 'crossing',
  params: { fast: int(5, 30, { default: 20 }), slow: int(40, 200, { default: 100 }) },
  needs: ({ universe, timeframe }) => bars(universe, timeframe),
  indicators: p => ({ fast: sma(p.fast), slow: sma(p.slow) }),
  decide: (bar, { fast, slow }) => target(bar.symbol, fast > slow ? 0.3 : -0.3, { reason: 'fast against slow' }),
});
`,
    );
    const strategy = await resolveStrategy(file, { cacheDir: join(home, 'cache') });
    const instruments = [...new Map(imported.map(({ instrument }) => [instrument.symbol, instrument])).values()];
    const spec = {
      runId: 'run',
      strategy,
      config: runConfig({ exchange: 'bybit', from: FROM, to: TO, symbols: SYMBOLS, timeframe: '15m' }),
      instruments,
      data: { version: 'synthetic', chunks: imported.map(({ series }) => series) },
      folds: rolling({ from: FROM, to: TO }, { train: '60d', test: '30d' }),
      sampler: { kind: 'grid' as const, points: 2 },
      objective: { metric: 'sharpe', minimumTrades: 3 },
    };
    const here = await walkForward({ ...spec, engine });
    const remote = throughLake(engine, fresh());
    const there = await walkForward({ ...spec, engine: remote });
    expect(remote.published.length).toBeGreaterThan(0);
    expect(there.fingerprint).toBe(here.fingerprint);
    expect(there.stitched.fills.length).toBeGreaterThan(10);
  });
});
