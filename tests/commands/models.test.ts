import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelRegistry, type SavedVersion } from '../../src/models/registry/model-registry.js';
import { trainedModel, versionOf } from '../models/registry/saved-models.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

let root = '';
let remove: () => Promise<void>;
let saved: SavedVersion[];
const at = (...words: string[]): Promise<Ran> => quantai(['models', ...words, '--workspace', root]);
const json = async <T>(...words: string[]): Promise<T> => JSON.parse((await at(...words, '--json')).out) as T;

const identity = (l2: number) => ({
  features: { names: ['slow', 'quick'] },
  models: { climatology: { kind: 'climatology' }, logistic: { kind: 'logistic-regression', options: { l2 } } },
});

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  const registry = modelRegistry(join(root, 'models'));
  const now = Date.now();
  saved = [];
  for (const seed of [1, 2])
    saved.push(
      await registry.save(
        'lean-sample',
        [trainedModel('climatology', 1), trainedModel('logistic', seed)],
        versionOf(seed, identity(seed / 10)),
        now - (10 - seed) * 86_400_000,
      ),
    );
  await registry.save('other', [trainedModel('climatology', 1)], versionOf(3), now);
});
afterAll(() => remove());

describe('quantai models', () => {
  it('lists sets with versions, age, dataset and skill, the current one marked', async () => {
    const { out } = await at('list');
    const [head, one, two, other] = out.trim().split('\n');
    expect(head).toMatch(/set +version +current +trained +age +strategy +dataset +data until +skill/);
    expect(one).toMatch(
      new RegExp(
        `^lean-sample +${saved[0]!.hash.slice(0, 12)} +20[-\\d]+ +9 d +lean +sample@vvvvvvvv +2024-01-01 00:00 +1.00 % \\[-1.00 %, 3.00 %\\]$`,
      ),
    );
    expect(two).toMatch(new RegExp(`^lean-sample +${saved[1]!.hash.slice(0, 12)} +\\* +20[-\\d]+ +8 d`));
    expect(other).toMatch(/^other/);
    expect((await at('list', 'other')).out.trim().split('\n')).toHaveLength(2);
    const document = await json<{ sets: { set: string; versions: { current: boolean }[] }[] }>('list');
    expect(document.sets.map(({ set, versions }) => [set, versions.map(({ current }) => current)])).toEqual([
      ['lean-sample', [false, true]],
      ['other', [true]],
    ]);
  });

  it('shows a version with the features that its models lean on, and why a figure is missing', async () => {
    const { out } = await at('show', 'lean-sample');
    expect(out).toContain(`lean-sample@${saved[1]!.hash}, current`);
    expect(out).toMatch(/logistic +logistic-regression +[0-9a-f]{12} +–/);
    // Importances 1 and 3 of the columns `slow` and `quick`.
    expect(out).toMatch(/quick +75.0 %\nslow +25.0 %/);
    expect(out).toContain('logistic: not enough samples (12 matured rows; 200 are needed.)');
    expect(out).toMatch(/ promoted$/m);
    const older = await json<SavedVersion>('show', `lean-sample@${saved[0]!.hash.slice(0, 6)}`);
    expect(older).toMatchObject({ hash: saved[0]!.hash, current: false, version: saved[0]!.version });
  });

  it('compares recipes field by field, scores, and checkpoints', async () => {
    const left = `lean-sample@${saved[0]!.hash.slice(0, 12)}`;
    const document = await json<{ differences: unknown; models: { model: string; sameCheckpoint?: boolean }[] }>(
      'compare',
      left,
      'lean-sample',
    );
    expect(document.differences).toEqual([
      { path: 'recipe.models.logistic.options.l2', left: 0.1, right: 0.2 },
      { path: 'seed', left: 1, right: 2 },
      { path: 'training.data', left: 'rows 1', right: 'rows 2' },
    ]);
    expect(document.models.map(({ model, sameCheckpoint }) => [model, sameCheckpoint])).toEqual([
      ['climatology', true],
      ['logistic', false],
      ['ensemble', undefined],
    ]);
    const { out } = await at('compare', left, 'lean-sample');
    expect(out).toMatch(/recipe\.models\.logistic\.options\.l2 +0\.1 +0\.2/);
    expect(out).toMatch(/^ensemble +1\.0400 +1\.0300/m);
    expect((await at('compare', 'lean-sample', 'lean-sample')).out).toContain('Made by the same recipe from the same data.');
  });

  it('goes back a version and says so, and forth by name', async () => {
    const [one, two] = saved.map(({ hash }) => hash);
    expect((await at('rollback', 'lean-sample')).out).toBe(`lean-sample: back from ${two!.slice(0, 12)} to ${one!.slice(0, 12)}\n`);
    expect((await json<SavedVersion>('show', 'lean-sample')).hash).toBe(one);
    expect(await at('rollback', 'lean-sample')).toMatchObject({ code: 2, err: expect.stringContaining('had no version before') as string });
    expect(await json('rollback', 'lean-sample', '--to', two!.slice(0, 12))).toEqual({ set: 'lean-sample', from: one, to: two });
  });

  it.each([
    ['an unknown set', ['show', 'lean-sampel'], /Did you mean "lean-sample"/],
    ['an unknown version', ['show', 'lean-sample@zz'], /no version "zz".*\nfix: It has [0-9a-f]{12}, [0-9a-f]{12}\./],
    ['an unknown verb', ['shwo', 'x'], /Did you mean "show"/],
    ['no verb', [], /a verb is missing/],
  ])('names %s', async (_, words, message) => {
    const { code, err } = await at(...words);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('keep the version of a dataset that they were made of from being collected', async () => {
    const data = async (...words: string[]) =>
      JSON.parse((await quantai(['data', ...words, '--json', '--workspace', root])).out) as unknown;
    const synth = async (seed: string): Promise<string> => {
      await data('synth', '--dataset', 'd', '--from', '2024-01-01', '--to', '2024-01-03', '--symbols', 'BTC/USDT:USDT', '--seed', seed);
      return (await readFile(join(root, 'datasets', 'd', 'HEAD'), 'utf8')).trim();
    };
    const versions = async () => (await readdir(join(root, 'datasets', 'd', 'versions'))).sort();
    const [used, unused, newest] = [await synth('1'), await synth('2'), await synth('3')];
    await modelRegistry(join(root, 'models')).save(
      'other',
      [trainedModel('climatology', 1)],
      { ...versionOf(4), dataset: { id: 'd', version: used } },
      Date.now(),
    );
    expect(await versions()).toContain(`${unused}.json`);
    await data('gc');
    expect(await versions()).toEqual([`${used}.json`, `${newest}.json`].sort());
  });

  it('offers the sets to the shell', async () => {
    const { complete } = await import('../../src/commands/completion.js');
    const help = async (verbs: readonly string[]): Promise<string> => (await quantai([...verbs, '--help'])).out;
    expect(await complete(['models', 'show', 'l'], root, help)).toEqual(['lean-sample']);
    expect(await complete(['models', 'compare', ''], root, help)).toEqual(['lean-sample', 'other']);
    expect(await complete(['forecast', 'x', '--models', 'o'], root, help)).toEqual(['other']);
    expect(await complete(['forecast', 'quant'], root, help)).toEqual(['quant-ensemble']);
  });
});
