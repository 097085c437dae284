import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findModel, keepModel, nameFromFile } from '../../../src/sim/fills/kept-model.js';
import { readFillModel } from '../../../src/sim/fills/fill-model.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'quantai-kept-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('a fitted model on disk', () => {
  it('is found by its name, and by its version or a beginning of it', async () => {
    const kept = await keepModel(root, 'fills', 'desk', { a: 1 });
    for (const reference of [
      'desk',
      `desk@${kept.version.slice(0, 12)}`,
      `desk@${kept.version.slice(0, 5)}`,
      `desk@${kept.version}`,
      `@${kept.version}`,
    ])
      expect(findModel(root, 'fills', reference)).toEqual(kept);
  });

  it('is the same file for the same content in another order, and another for other content', async () => {
    const first = await keepModel(root, 'fills', 'desk', { a: 1, b: { c: 2, d: 3 } });
    const second = await keepModel(root, 'fills', 'desk', { b: { d: 3, c: 2 }, a: 1 });
    const third = await keepModel(root, 'fills', 'desk', { a: 2 });
    expect(second.version).toBe(first.version);
    expect(third.version).not.toBe(first.version);
    expect(await readdir(join(root, 'models', 'fills'))).toHaveLength(2);
  });

  it('is asked for by version when its name has several', async () => {
    const first = await keepModel(root, 'fills', 'desk', { a: 1 });
    await keepModel(root, 'fills', 'desk', { a: 2 });
    expect(() => findModel(root, 'fills', 'desk')).toThrow(/could be desk@[0-9a-f]{12}, desk@/);
    expect(findModel(root, 'fills', `desk@${first.version.slice(0, 12)}`)).toEqual(first);
  });

  it('is refused when its file was changed, or is none', async () => {
    const { path, version } = await keepModel(root, 'fills', 'desk', { coefficient: 1 });
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"coefficient": 1', '"coefficient": 2'));
    expect(() => findModel(root, 'fills', 'desk')).toThrow(/was changed/);
    await writeFile(path, text.replace(version, version.replace(/./g, '0')));
    expect(() => findModel(root, 'fills', 'desk')).toThrow(/was changed/);
    await writeFile(path, '{');
    expect(() => findModel(root, 'fills', 'desk')).toThrow(/does not read/);
  });

  it('that holds no fill model cannot be used as one', async () => {
    await keepModel(root, 'fills', 'desk', { kind: 'other' });
    expect(() => readFillModel(root, 'desk')).toThrow(/holds no fill model/);
  });

  it('is named with a suggestion when it is not there', async () => {
    await keepModel(root, 'fills', 'desk', { a: 1 });
    expect(() => findModel(root, 'fills', 'desc')).toThrow(/no fitted model "desc"/);
    expect(() => findModel(root, 'latency', 'desk')).toThrow(/no fitted model/);
  });

  it('takes a name from its file', () => {
    expect(['/x/fills 2024.csv.gz', 'desk.csv', '.gz', 'sma-cross-btc-3f9a12cd'].map(nameFromFile)).toEqual([
      'fills-2024',
      'desk',
      'model',
      'sma-cross-btc-3f9a12cd',
    ]);
  });
});
