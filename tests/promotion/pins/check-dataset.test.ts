import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quantai } from '../../commands/run-quantai.js';
import { openDataset } from '../../../src/datasets/catalogue.js';
import { newLineage } from '../../../src/promotion/lineage.js';
import { checkDataset } from '../../../src/promotion/pins/check-dataset.js';
import type { Pins } from '../../../src/promotion/pins/pins.js';
import { inWorkspace } from '../../datasets/workspace.js';

const synthesise = async (root: string, to: string): Promise<Pins['dataset']> => {
  const words = ['data', 'synth', '--dataset', 'd', '--from', '2024-01-20', '--to', to, '--symbols', 'BTC/USDT:USDT', '--workspace', root];
  expect((await quantai(words)).code).toBe(0);
  const { manifest } = await openDataset(root, 'd');
  return { id: 'd', version: manifest.version, synthetic: true };
};

describe('a pinned dataset version', () => {
  it('is whole while newer ones come, and every missing part of it is named', () =>
    inWorkspace(async root => {
      const pinned = await synthesise(root, '2024-02-03');
      const read: (readonly [number, number])[] = [];
      expect(await checkDataset(pinned, root, (done, total) => read.push([done, total]))).toEqual([]);
      const [done, total] = read.at(-1)!;
      expect(done).toBe(total);
      const { entries } = await openDataset(root, `d@${pinned.version}`);
      const parts = entries.flatMap(({ files }) => files);
      expect(total).toBe(parts.reduce((sum, { bytes }) => sum + bytes, 0));
      await synthesise(root, '2024-02-04');
      expect(await checkDataset(pinned, root)).toEqual([]);
      for (const { path } of parts) await rm(join(root, 'datasets', 'd', path));
      expect((await checkDataset(pinned, root)).map(({ name }) => name)).toEqual(parts.map(({ path }) => join('datasets', 'd', path)));
    }));

  it('is missed when its manifest is gone, and so is a newest version that cannot be read', () =>
    inWorkspace(async root => {
      const pinned = await synthesise(root, '2024-02-03');
      await writeFile(join(root, 'datasets', 'd', 'HEAD'), `${'0'.repeat(64)}\n`);
      expect(await checkDataset(pinned, root)).toMatchObject([{ pin: 'dataset', name: 'd' }]);
      await rm(join(root, 'datasets', 'd', 'versions', `${pinned.version}.json`));
      expect(await checkDataset(pinned, root)).toMatchObject([{ pin: 'dataset', name: `d@${pinned.version.slice(0, 12)}` }]);
    }));
});

describe('lineage', () => {
  it('tells of a newer dataset once, with what was told of last', () =>
    inWorkspace(async root => {
      const dataset = await synthesise(root, '2024-02-03');
      const pins = { dataset, recipe: null, checkpoints: [] };
      expect(await newLineage('p', pins, [], root)).toEqual([]);
      const second = await synthesise(root, '2024-02-04');
      const told = await newLineage('p', pins, [], root);
      expect(told).toMatchObject([{ kind: 'dataset', from: dataset.version, to: second.version }]);
      const records = told.map((word, seq) => ({ seq, at: 0, actor: 'a', word, prev: '', hash: '' }));
      expect(await newLineage('p', pins, records, root)).toEqual([]);
      // Of another promotion nothing was told yet.
      expect(await newLineage('q', pins, records, root)).toHaveLength(1);
      const third = await synthesise(root, '2024-02-05');
      expect(await newLineage('p', pins, records, root)).toMatchObject([{ from: second.version, to: third.version }]);
    }));
});
