import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seenBefore } from '../../../src/experiments/evidence/seen-before.js';
import { openTrialLedger, type Trial } from '../../../src/experiments/trial-ledger.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seen-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const scope = { strategy: 's', code: 'c', data: 'd', config: 'x' };
const fixed = { k: 3 };
const folds = [
  { index: 0, train: { from: 0, to: 100 }, test: { from: 100, to: 150 }, candidates: [{ params: fixed }] },
  { index: 1, train: { from: 50, to: 150 }, test: { from: 150, to: 200 }, candidates: [{ params: fixed }] },
];
const walk = { ...scope, runId: 'walk', searched: false, folds };

/** Puts trials on record at a moment. */
const record = async (
  run: string,
  at: number,
  trials: readonly { readonly k: number; readonly from: number; readonly to: number }[],
  role: Trial['role'] = 'train',
) => {
  const ledger = await openTrialLedger(folder, run, () => at);
  await ledger.begin(trials.map(({ k, from, to }) => ({ ...scope, params: { k }, range: { from, to }, role })));
  await ledger.close();
};
const own = folds.flatMap(({ train, test: tested }) => [train, tested].map(range => ({ k: 3, ...range })));

test('a fixed walk whose days nobody had looked at is out of sample, its own trainings and repeats notwithstanding', async () => {
  await record('walk', 10, own);
  await record('walk-2', 20, own);
  expect(await seenBefore(folder, walk)).toBe(false);
});

test('a sweep over its days before it is what its parameters may come from', async () => {
  await record('sweep', 5, [{ k: 4, from: 0, to: 200 }]);
  await record('walk', 10, own);
  expect(await seenBefore(folder, walk)).toBe(true);
});

test('what came after it, and what ended before its tests or belongs to another strategy, does not count', async () => {
  await record('sweep', 15, [{ k: 4, from: 0, to: 200 }]);
  await record('early', 5, [{ k: 4, from: 0, to: 100 }]);
  await record('walk', 10, own);
  expect(await seenBefore(folder, walk)).toBe(false);
});

test('a walk that chooses in each training window is out of sample whatever was tried before', async () => {
  await record('sweep', 5, [{ k: 4, from: 0, to: 200 }]);
  await record('walk', 10, own);
  const searched = folds.map(fold => ({ ...fold, candidates: [{ params: fixed }, { params: { k: 4 } }] }));
  expect(await seenBefore(folder, { ...walk, searched: true, folds: searched })).toBe(false);
  // A halving leaves one candidate of each window.
  expect(await seenBefore(folder, { ...walk, searched: true })).toBe(false);
});

test('the winner of an earlier search over the same folds was found on their tests', async () => {
  const train = folds.map(fold => fold.train);
  await record(
    'search',
    5,
    [3, 4].flatMap(k => train.map(range => ({ k, ...range }))),
  );
  await record('walk', 10, own);
  // The trainings of the winner itself, and of the others in the second fold, lie on the test of the first.
  expect(await seenBefore(folder, walk)).toBe(true);
});

test('a look for leaks shows nothing to choose by', async () => {
  await record('checks', 5, [{ k: 4, from: 0, to: 200 }], 'check');
  await record('walk', 10, own);
  expect(await seenBefore(folder, walk)).toBe(false);
});
