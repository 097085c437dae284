import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeDataset } from '../src/datasets/write.js';
import { imported, market } from './fixtures/minute-bars.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** What a user waits for: the command as they type it, on 20,000 hourly bars, from the start of the process to the report on disk. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch, dist }) => {
    const workspace = await mkdtemp(join(scratch, 'cold-start-'));
    const node = (args: readonly string[]): Promise<unknown> => promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 });
    try {
      await writeDataset(workspace, 'hours', imported(market(20_000, { timeframe: '1h' })));
      const command = [
        ...process.execArgv,
        join(dist, 'cli.js'),
        'backtest',
        'sma-cross',
        '--dataset',
        'hours',
        '--workspace',
        workspace,
        '--json',
      ];
      const [run = [], empty = []] = await interleave([{ run: () => node(command) }, { run: () => node(['-e', '0']) }], {
        warmups: 1,
        rounds: quick ? 3 : 5,
      });
      return [
        measurement('cold start: backtest and report', median(run), 's', {
          timings: run,
          ratio: ratioOf(run, empty),
          of: 'starting node',
          targets: [{ on: 'value', atMost: 2.5, text: '< 2.5 s' }],
        }),
      ];
    } finally {
      await rm(workspace, { recursive: true, force: true });
    }
  },
};
