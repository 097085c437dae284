import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CrossValidationOutcome } from '../../src/commands/run-cross-validation.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('quantai crossvalidate', () => {
  let root = '';
  let remove: () => Promise<void>;
  const at = (...words: string[]) => quantai([...words, '--workspace', root]);
  const ask = ['crossvalidate', 'sma-cross', '--dataset', 'noise', '--points', '2', '--min-trades', '1', '--workers', '1'];

  beforeAll(async () => {
    ({ root, remove } = await temporaryWorkspace());
    await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-03-15', '--symbols', 'BTC/USDT:USDT');
  });
  afterAll(() => remove());

  it('tests every pair of groups, joins paths, keeps a run that verifies, and writes its page', async () => {
    const { code, out } = await at(...ask, '--groups', '4', '--purge', '1d', '--json');
    expect(code).toBe(0);
    const document = JSON.parse(out) as CrossValidationOutcome;
    expect(document.folds.length).toBe(6);
    expect(document.paths.length).toBe(3);
    expect(document.trials).toBe(document.configurations * 4);
    expect(existsSync(join(root, 'reports', document.runId, 'jobs'))).toBe(false);
    const page = await readFile(document.report, 'utf8');
    expect(page).toContain('Synthetic data');
    expect(page).toContain('combinatorial, 2 of 4 groups');
    const verified = await at('verify', 'fingerprint', document.runId, '--workers', '1');
    expect(verified.out).toContain('The same.');
    // Of three paths the middle one is listed.
    const listed = JSON.parse((await at('runs', '--json')).out) as { runs: readonly { kind: string; metrics: { sharpe: number } }[] };
    const sharpes = document.paths.map(({ sharpe }) => sharpe ?? NaN).sort((a, b) => a - b);
    expect(listed.runs).toMatchObject([{ kind: 'crossvalidate', metrics: { sharpe: sharpes[1] } }]);
    // The same again is the same trials.
    const again = JSON.parse((await at(...ask, '--groups', '4', '--purge', '1d', '--json')).out) as CrossValidationOutcome;
    expect(again.fingerprint).toBe(document.fingerprint);
    expect(again.trialsEver).toBe(document.trialsEver);
  });

  it.each([
    ['k-fold', ['--folds', '3', '--dataset', 'noise', '--points', '2']],
    // Noise of some weeks does not hold every regime often enough to share out.
    ['regimes', ['--folds', '2', '--blocks', '6', '--dataset', 'sample', '--symbols', 'BTC/USDT:USDT', '--points', '1']],
  ])('splits by %s into one path', async (split, more) => {
    const { code, out, err } = await at(
      'crossvalidate',
      'sma-cross',
      '--split',
      split,
      ...more,
      '--min-trades',
      '1',
      '--workers',
      '1',
      '--json',
    );
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    expect((JSON.parse(out) as CrossValidationOutcome).paths.length).toBe(1);
  });

  it.each([
    ['a search that learns', ['--search', 'tpe', '--trials', '5'], /learns from a training/],
    ['an objective that needs trades', ['--objective', 'profitFactor'], /joined together/],
    ['as many test groups as groups', ['--groups', '3', '--test-groups', '3'], /leaves none to train on/],
  ])('refuses %s in a sentence', async (_, more, message) => {
    const { code, err } = await at(...ask, ...more);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
