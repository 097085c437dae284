import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelRegistry } from '../../../src/models/registry/model-registry.js';
import { checkCheckpoints } from '../../../src/promotion/pins/check-checkpoints.js';
import { fileHash } from '../../../src/promotion/pins/file-hash.js';
import { savedModels } from '../../../src/promotion/pins/saved-models.js';
import { trainedModel, versionOf } from '../../models/registry/saved-models.js';

const RECIPE = { hash: 'a'.repeat(64), seed: 1 };
const OTHER = { hash: 'b'.repeat(64), seed: 1 };
const DAY = 86_400_000;

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'quantai-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A training of a recipe on data whose end says which; saved as the platform saves it. */
const save = async (set: string, day: number, { hash, seed }: typeof RECIPE) => {
  const base = versionOf(day);
  const version = { ...base, seed, recipe: { hash, identity: {} }, training: { ...base.training, at: day * DAY } };
  return modelRegistry(join(root, 'models')).save(set, [trainedModel('climatology', day)], version, day * DAY);
};

const pinned = async () => {
  const { versions } = await savedModels(RECIPE, root);
  const paths = versions.flatMap(({ path, checkpoints }) => [path, ...checkpoints.map(each => each.path)]);
  return Promise.all(paths.map(async path => ({ path, sha256: (await fileHash(join(root, path))) ?? '' })));
};
const namesOf = async (checkpoints: Awaited<ReturnType<typeof pinned>>) =>
  (await checkCheckpoints({ recipe: RECIPE, checkpoints }, root)).map(({ name }) => name);

describe('models of a promoted recipe', () => {
  it('are those of the recipe and its seed, in the order in which they were trained', async () => {
    for (const day of [3, 1, 2]) await save('ours', day, RECIPE);
    await save('ours', 4, OTHER);
    await save('ours', 5, { ...RECIPE, seed: 2 });
    const { versions, faults } = await savedModels(RECIPE, root);
    expect(faults).toEqual([]);
    expect(versions.map(({ at }) => at / DAY)).toEqual([1, 2, 3]);
  });

  it('are no fault when they were added later, and one when they were changed', async () => {
    await save('ours', 1, RECIPE);
    const before = await pinned();
    const { version } = await save('ours', 2, RECIPE);
    expect(await namesOf(before)).toEqual([]);
    const path = `models/checkpoints/${version.members['climatology']}.json.gz`;
    const content = gunzipSync(await readFile(join(root, path))).toString();
    await writeFile(join(root, path), gzipSync(content.replace('"rows":100', '"rows":101')));
    expect(await namesOf(before)).toEqual([path]);
  });

  it('that were promoted may be written again, but not packed otherwise', async () => {
    await save('ours', 1, RECIPE);
    const before = await pinned();
    const path = before.find(each => each.path.endsWith('.gz'))!.path;
    const bytes = await readFile(join(root, path));
    await save('ours', 1, RECIPE);
    expect(await namesOf(before)).toEqual([]);
    // The same content: the byte names the operating system on which it was packed.
    const elsewhere = Buffer.from(bytes);
    elsewhere[9] = 7;
    await writeFile(join(root, path), elsewhere);
    expect(gunzipSync(elsewhere).equals(gunzipSync(bytes))).toBe(true);
    expect(await namesOf(before)).toEqual([path]);
    await writeFile(join(root, path), Buffer.concat([bytes, Buffer.from([0])]));
    expect(await namesOf(before)).toEqual([path]);
    await rm(join(root, path));
    expect(await namesOf(before)).toEqual([path]);
  });

  it('hold nobody up when they are of another recipe', async () => {
    await save('ours', 1, RECIPE);
    const before = await pinned();
    await save('theirs', 2, OTHER);
    for (const name of await readdir(join(root, 'models', 'theirs', 'versions')))
      await writeFile(join(root, 'models', 'theirs', 'versions', name), '{}');
    expect(await namesOf(before)).toEqual([]);
    expect(await checkCheckpoints({ recipe: null, checkpoints: [] }, root)).toEqual([]);
  });

  it('are named when a version of theirs does not hold what its name says, also one added later', async () => {
    await save('ours', 1, RECIPE);
    const before = await pinned();
    const { hash } = await save('ours', 2, RECIPE);
    const folder = join(root, 'models', 'ours', 'versions');
    await copyFile(join(folder, `${hash}.json`), join(folder, `${'c'.repeat(64)}.json`));
    expect(await namesOf(before)).toEqual([`models/ours/versions/${'c'.repeat(64)}.json`]);
  });
});
