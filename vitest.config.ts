import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of pure functions, by folder: the files of one worker share their modules, which saves a third of their time. */
const PURE = [
  'costs',
  'events',
  'execution',
  'experiments/overfitting',
  'experiments/samplers',
  'experiments/splits',
  'features',
  'market',
  'metrics',
  'models',
  'numeric',
  'portfolio',
  'risk',
  'sim',
  'statistics',
  'strategies',
].map(folder => `tests/${folder}/**/*.test.ts`);

/** Tests that wait for processes, sockets, browsers and locks by a real clock. In CI one that failed is tried once more, and `.ci/run` names it whatever comes of it: a machine that stood still for a second is no fault of ours, and a race that shows once in a hundred runs is one to be mended. What is computed is never tried twice. */
const CLOCKED = [
  ...['bench', 'cluster', 'commands', 'dashboard', 'door', 'live', 'notebooks', 'practice', 'promotion', 'reports', 'scenarios'].map(
    folder => `tests/${folder}/**/*.test.ts`,
  ),
  'tests/datasets/crash.test.ts',
  'tests/docs.test.ts',
];

/** Looks at what is not loaded yet. */
const ALONE = ['tests/models/neural/tensorflow.test.ts'];

/** Files that wait for markets, processes and kernels: begun first, so that the last one does not keep a machine waiting for it alone. */
const LONG = /\/(scenarios\/promotion|notebooks\/notebooks|door\/tutorial|e2e\/live-pages|processes\/kill-cycles|tests\/docs)\.test\.ts$/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter(file => !isLong(file))];
  }
}

/** Ratios of timings: when everything else is done, so that no other test is at work on the machine. One that is over its guard is measured once more. */
const TIMED = ['tests/bench/ratio-guard.test.ts'];

const shared = { setupFiles: ['tests/setup.ts'], testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks' as const, env: { TZ: 'UTC' } };

export default defineConfig({
  test: {
    // One more than the smallest machine has cores: many tests of sessions wait for a market, a lock or a process.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    globalSetup: ['tests/global-setup.ts'],
    projects: [
      { test: { ...shared, name: 'pure', include: PURE, exclude: ALONE, isolate: false } },
      { test: { ...shared, name: 'alone', include: ALONE } },
      { test: { ...shared, name: 'clocked', include: CLOCKED, exclude: TIMED, retry: process.env['CI'] ? 1 : 0 } },
      { test: { ...shared, name: 'timed', include: TIMED, retry: 1, sequence: { groupOrder: 1 } } },
      { test: { ...shared, name: 'whole', include: ['tests/**/*.test.ts'], exclude: [...PURE, ...CLOCKED] } },
    ],
  },
});
