import { expect, test } from 'vitest';
import type { Params } from '../../src/engine/run-result.js';
import type { Evaluator, PlannedJob } from '../../src/experiments/evaluations.js';
import type { Observation, Sampler } from '../../src/experiments/samplers/sampler.js';
import { walkSearch } from '../../src/experiments/walk-search.js';
import { HOUR } from '../../src/time.js';

/** Asks for one configuration at each of the shares, one after the other. */
const climbing = (shares: readonly number[]): Sampler & { readonly told: Observation[] } => {
  let step = -1;
  const told: Observation[] = [];
  return {
    batch: 1,
    told,
    get share() {
      return shares[Math.max(0, step)]!;
    },
    ask: () => (++step < shares.length ? [{ k: step }] : []),
    tell: observations => void told.push(...observations),
  };
};

test('folds whose searches stand on different rungs are evaluated side by side, each on its own share', async () => {
  const jobs: PlannedJob[] = [];
  const evaluator: Evaluator = {
    expect: () => undefined,
    done: () => ({ handler: '', payload: null, name: '' }),
    flow: () => Promise.reject(new Error('not asked for')),
    run: list => {
      jobs.push(...list);
      const evaluate = ({ window }: PlannedJob, { k }: Params) => ({
        fingerprint: '',
        // A trade in three hours.
        metrics: { sharpe: Number(k), calmar: 1, trades: (window.to - window.from) / HOUR / 3 },
        sharpePerPeriod: 0,
        returns: null,
        returnTs: null,
        segment: null,
      });
      return Promise.resolve(list.map(job => job.configurations.map(params => evaluate(job, params))));
    },
  };
  const folds = [0, 1].map(index => ({
    index,
    train: { from: index * 10 * HOUR, to: (index * 10 + 90) * HOUR },
    test: { from: (index * 10 + 90) * HOUR, to: (index * 10 + 100) * HOUR },
  }));
  const walk = walkSearch({
    evaluator,
    folds,
    capital: 1,
    objective: { metric: 'sharpe', also: ['calmar'], minimumTrades: 30 },
    barMs: HOUR,
    inner: undefined,
  });
  const samplers = [climbing([1 / 9, 1 / 3, 1]), climbing([1 / 3, 1])];
  const [first, second] = await walk.search(samplers);
  // Rounds: 10 h beside 30 h, 30 h beside 90 h, then the first fold alone; every part ends where the window does.
  expect(jobs.map(({ window }) => [(window.to - window.from) / HOUR, window.to / HOUR])).toEqual([
    [10, 90],
    [30, 100],
    [30, 90],
    [90, 100],
    [90, 90],
  ]);
  expect(first!.map(({ share }) => share)).toEqual([1 / 9, 1 / 3, 1]);
  expect(second!.map(({ share }) => share)).toEqual([1 / 3, 1]);
  expect(jobs.map(walk.shareOf)).toEqual([1 / 9, 1 / 3, 1 / 3, 1, 1]);
  // A ninth of the window made 3.3 trades, of 30 ÷ 9 rounded up to 4 that it needs; a third made all 10 of 10.
  expect(samplers[0]!.told).toEqual([
    { params: { k: 0 }, objective: null, objectives: null },
    { params: { k: 1 }, objective: 1, objectives: [1, 1] },
    { params: { k: 2 }, objective: 2, objectives: [2, 1] },
  ]);
});
