import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SavedVersion } from '../../src/models/registry/model-registry.js';
import { LEAN } from './lean-strategy.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let root = '';
let lean = '';
let remove: () => Promise<void>;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root, '--workers', '1']);
const DATA = ['--dataset', 'sample', '--symbols', 'BTC/USDT:USDT,ETH/USDT:USDT'];
const trained = async (...words: string[]): Promise<SavedVersion> => {
  const { code, out, err } = await at('train', lean, ...DATA, '--json', ...words);
  expect(err).not.toMatch(/error/);
  expect(code).toBe(0);
  return JSON.parse(out) as SavedVersion;
};

let first: SavedVersion;
beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  lean = join(root, 'lean.ts');
  await writeFile(lean, LEAN);
  first = await trained('--to', '2023-02-01');
});
afterAll(() => remove());

describe('quantai train', () => {
  it('learns at the last bar from rows of its window whose outcome was known then, and nothing later', () => {
    const { training, members, symbols, timeframe } = first.version;
    const hour = 3_600_000;
    const end = Date.UTC(2023, 1, 1);
    expect(training.at).toBe(end);
    // Outcomes take six bars; the window is the last 480 bars of two symbols.
    expect(training.to).toBe(end - 6 * hour);
    expect(training.from).toBe(end - 479 * hour);
    expect(training.rows).toBe(2 * (480 - 6));
    expect(Object.keys(members)).toEqual(['climatology', 'logistic']);
    expect([symbols, timeframe]).toEqual([['BTC/USDT:USDT', 'ETH/USDT:USDT'], '1h']);
  });

  it('scores forecasts that were made before their outcome, within the window', () => {
    const { scores, training } = first.version;
    expect(scores.to).toBeLessThanOrEqual(training.at - 6 * 3_600_000);
    expect(scores.ensemble.rows).toBeGreaterThan(900);
    expect(scores.ensemble.logLoss).toBeGreaterThan(0.9);
    expect(scores.models.map(({ model }) => model)).toEqual(['climatology', 'logistic']);
    expect(scores.ensemble.coverage?.nominal).toBe(0.9);
  });

  it('done again is the same version, of the same checkpoints, and trains nothing anew', async () => {
    const cache = join(root, '.cache', 'trainings');
    const before = await readdir(cache);
    const again = await trained('--to', '2023-02-01');
    expect(again.hash).toBe(first.hash);
    expect(await readdir(cache)).toEqual(before);
  });

  it('without the cache trains to the same bytes', async () => {
    await rm(join(root, '.cache', 'trainings'), { recursive: true });
    expect((await trained('--to', '2023-02-01')).version.members).toEqual(first.version.members);
  });

  it('with another parameter is another version of the same set, under --set of another', async () => {
    const other = await trained('--to', '2023-02-01', '--param', 'shrinkage=0.5');
    expect(other.set).toBe('lean-sample');
    expect(other.hash).not.toBe(first.hash);
    expect(other.version.members['logistic']).not.toBe(first.version.members['logistic']);
    expect(other.version.members['climatology']).toBe(first.version.members['climatology']);
    expect((await trained('--to', '2023-02-01', '--set', 'mine')).set).toBe('mine');
    const lines = (await readFile(join(root, 'models', 'lean-sample', 'history.ndjson'), 'utf8')).trim().split('\n');
    expect(lines.map(line => (JSON.parse(line) as { event: string }).event).filter(event => event === 'promoted')).toHaveLength(4);
  });

  it('prints each model with its checkpoint and its skill, and where it is saved', async () => {
    const { out, err } = await at('train', lean, ...DATA, '--to', '2023-02-01');
    expect(out).toMatch(/2 models trained on 948 rows, 2023-01-12 to 2023-01-31/);
    expect(out).toMatch(new RegExp(`logistic +logistic-regression|logistic +logistic +${first.version.members['logistic']!.slice(0, 12)}`));
    expect(out).toMatch(/^ensemble .*-?\d+\.\d\d % \[-?\d+\.\d\d %, -?\d+\.\d\d %\]/m);
    expect(out).toContain(`Saved as lean-sample@${first.hash.slice(0, 12)}`);
    expect(err).toContain('Synthetic data');
  });

  it.each([
    ['a strategy without models', ['sma-cross', ...DATA], /sma-cross has no models.*\nfix: .*quant-ensemble/],
    [
      'too little history',
      ['LEAN', ...DATA, '--to', '2023-01-08'],
      /^error: \d+ rows can be learned from at 2023-01-08 00:00; the recipe wants 300/,
    ],
    ['a window before the data', ['LEAN', ...DATA, '--to', '2022-01-08'], /^error: /],
    ['a name that is none for a set', ['LEAN', ...DATA, '--set', 'a/b'], /"a\/b" cannot be the name/],
    ['another verb', ['LEAN', ...DATA, '--sett', 'a'], /Did you mean "--set"/],
  ])('of %s is a mistake of usage', async (_, words, message) => {
    const { code, err, out } = await at('train', ...words.map(word => (word === 'LEAN' ? lean : word)));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('interrupted says what is kept', async () => {
    const stop = new AbortController();
    stop.abort();
    const { code, err } = await quantai(['train', lean, ...DATA, '--to', '2023-01-20', '--workspace', root, '--workers', '1'], stop.signal);
    expect(code).toBe(130);
    expect(err).toMatch(/^interrupted: .*trainings are done and kept/m);
  });
});
