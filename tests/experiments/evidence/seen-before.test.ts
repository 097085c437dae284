import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seenBefore } from '../../../src/experiments/evidence/seen-before.js';
import { openTrialLedger } from '../../../src/experiments/trial-ledger.js';

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
const walk = { ...scope, folds };

/** Puts trials on record at a moment. */
const record = async (run: string, at: number, trials: readonly { readonly k: number; readonly from: number; readonly to: number }[]) => {
  const ledger = await openTrialLedger(folder, run, () => at);
  await ledger.begin(trials.map(({ k, from, to }) => ({ ...scope, params: { k }, range: { from, to }, role: 'train' as const })));
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
  expect(await seenBefore(folder, { ...walk, folds: searched })).toBe(false);
});
