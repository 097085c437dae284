import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../../src/cluster/in-process.js';
import type { JobEngine } from '../../../src/cluster/job-engine.js';
import { fetchShared } from '../../../src/cluster/lake/fetch-shared.js';
import { openLake } from '../../../src/cluster/lake/open-lake.js';
import { publishShared } from '../../../src/cluster/lake/publish-shared.js';
import { walkForward } from '../../../src/experiments/walk-forward.js';
import { resolveStrategy } from '../../../src/strategies/load.js';
import { crossingWalk } from './crossing-walk.js';
import { temporaryFolders } from './temporary.js';

const fresh = temporaryFolders();

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
    const spec = crossingWalk(strategy);
    const here = await walkForward({ ...spec, engine });
    const remote = throughLake(engine, fresh());
    const there = await walkForward({ ...spec, engine: remote });
    expect(remote.published.length).toBeGreaterThan(0);
    expect(there.fingerprint).toBe(here.fingerprint);
    expect(there.stitched.fills.length).toBeGreaterThan(10);
  });
});
