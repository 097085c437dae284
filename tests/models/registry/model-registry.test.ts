import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelRegistry, type ModelRegistry } from '../../../src/models/registry/model-registry.js';
import { promotionStack, type PromotionEvent } from '../../../src/models/registry/promotion-history.js';
import { trainedModel, versionOf } from './saved-models.js';

let folder = '';
let registry: ModelRegistry;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quantai-models-'));
  registry = modelRegistry(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const save = (seed: number, time = seed) =>
  registry.save('set', [trainedModel('climatology', seed), trainedModel('logistic', seed)], versionOf(seed), time);

describe('a registry of models', () => {
  it('gives back what was saved, by the set and by the beginning of a hash', async () => {
    const saved = await save(1);
    await save(2);
    expect((await registry.find('set')).version.seed).toBe(2);
    expect(await registry.find(`set@${saved.hash.slice(0, 8)}`)).toEqual({ ...saved, current: false });
    expect(await registry.models(saved.version)).toEqual([trainedModel('climatology', 1), trainedModel('logistic', 1)]);
  });

  it('names a checkpoint by the SHA-256 of the text that lies in its file', async () => {
    await save(1);
    for (const name of await readdir(join(folder, 'checkpoints'))) {
      const text = gunzipSync(await readFile(join(folder, 'checkpoints', name)));
      expect(name).toBe(`${createHash('sha256').update(text).digest('hex')}.json.gz`);
    }
    expect(await readdir(join(folder, 'checkpoints'))).toHaveLength(2);
  });

  it('keeps a checkpoint that two versions share once, and a training done twice as one version', async () => {
    const first = await save(1, 10);
    const again = await save(1, 20);
    expect(again.hash).toBe(first.hash);
    expect(again.trainedAt).toBe(20);
    expect(await registry.versions('set')).toHaveLength(1);
    expect(await readdir(join(folder, 'checkpoints'))).toHaveLength(2);
  });

  it('refuses a checkpoint that was changed, does not read or is gone, by name', async () => {
    const { version } = await save(1);
    const file = join(folder, 'checkpoints', `${version.members['logistic']}.json.gz`);
    const text = gunzipSync(await readFile(file)).toString();
    await writeFile(file, gzipSync(text.replace('"rows":100', '"rows":101')));
    await expect(registry.models(version)).rejects.toMatchObject({
      code: 'damaged-checkpoint',
      exitCode: 3,
      message: expect.stringContaining(file) as string,
    });
    await writeFile(file, 'no gzip');
    await expect(registry.models(version)).rejects.toMatchObject({ code: 'damaged-checkpoint' });
    await rm(file);
    await expect(registry.models(version)).rejects.toMatchObject({
      code: 'missing-checkpoint',
      message: expect.stringContaining(file) as string,
    });
  });

  it('refuses a version whose file was changed, by name', async () => {
    const { hash } = await save(1);
    const file = join(folder, 'set', 'versions', `${hash}.json`);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"seed":1', '"seed":3'));
    await expect(registry.find('set')).rejects.toMatchObject({ code: 'damaged-version', message: expect.stringContaining(file) as string });
  });

  it('names the nearest set, and the versions there are', async () => {
    const { hash } = await save(1);
    await expect(registry.find('sett')).rejects.toMatchObject({
      code: 'unknown-model-set',
      message: expect.stringContaining('Did you mean "set"?') as string,
    });
    await expect(registry.find('set@zz')).rejects.toMatchObject({
      code: 'unknown-model-version',
      fix: expect.stringContaining(hash.slice(0, 12)) as string,
    });
    for (const name of ['checkpoints', '../set', 'a b', ''])
      await expect(registry.save(name, [], versionOf(1), 1)).rejects.toMatchObject({ code: 'bad-set-name' });
    expect(await registry.sets()).toEqual(['set']);
  });

  it('goes back to the version before, further back when asked again, and to one that is named', async () => {
    const [one, two, three] = [await save(1), await save(2), await save(3)];
    expect((await registry.rollback('set', null, 4)).to.hash).toBe(two.hash);
    expect((await registry.rollback('set', null, 5)).to.hash).toBe(one.hash);
    await expect(registry.rollback('set', null, 6)).rejects.toMatchObject({ code: 'no-earlier-version' });
    expect((await registry.rollback('set', three.hash.slice(0, 10), 7)).to).toMatchObject({ hash: three.hash, current: true });
    await expect(registry.rollback('set', three.hash, 8)).rejects.toMatchObject({ code: 'already-current' });
    expect((await registry.find('set')).hash).toBe(three.hash);
    expect((await registry.history('set')).map(({ time, event }) => [time, event])).toEqual([
      [1, 'trained'],
      [1, 'promoted'],
      [2, 'trained'],
      [2, 'promoted'],
      [3, 'trained'],
      [3, 'promoted'],
      [4, 'rolled-back'],
      [5, 'rolled-back'],
      [7, 'rolled-back'],
    ]);
  });

  it('does not go back to a version whose models are damaged', async () => {
    const one = await save(1);
    const two = await save(2);
    await rm(join(folder, 'checkpoints', `${one.version.members['logistic']}.json.gz`));
    await expect(registry.rollback('set', null, 3)).rejects.toMatchObject({ code: 'missing-checkpoint' });
    expect((await registry.find('set')).hash).toBe(two.hash);
  });

  it('reads past a line of history that a crash tore, and begins the next one on a new line', async () => {
    await save(1);
    await appendFile(join(folder, 'set', 'history.ndjson'), '{"event":"promo');
    await save(2);
    expect((await registry.history('set')).map(({ event }) => event)).toEqual(['trained', 'promoted', 'trained', 'promoted']);
  });
});

describe('going back', () => {
  it('undoes promotions one by one, whatever was promoted and undone before', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('promote' as const), version: fc.constantFrom('a', 'b', 'c', 'd') }),
      fc.record({ kind: fc.constant('undo' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), steps => {
        // What an editor does: a list of what was current, of which undoing takes the end off.
        const undo: string[] = [];
        const history: PromotionEvent[] = [];
        for (const [time, { kind, ...rest }] of steps.entries()) {
          if (kind === 'promote' && 'version' in rest) {
            history.push({ time, event: 'promoted', version: rest.version, from: undo.at(-1) ?? null });
            if (undo.at(-1) !== rest.version) undo.push(rest.version);
          } else if (undo.length > 1) {
            const version = promotionStack(history, undo.at(-1)!).at(-2)!;
            expect(version).toBe(undo.at(-2));
            history.push({ time, event: 'rolled-back', version, from: undo.at(-1)! });
            undo.pop();
          }
        }
        if (undo.length > 0) expect(promotionStack(history, undo.at(-1)!)).toEqual(undo);
      }),
    );
  });
});
