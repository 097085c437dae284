import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openDataset, verifyDataset } from '../../src/datasets/catalogue.js';
import { loadSeries } from '../../src/datasets/load-series.js';
import { writeDataset } from '../../src/datasets/write.js';
import { SAMPLE_CONFIG, SAMPLE_SEED } from '../../src/datasets/synthetic/sample.js';
import { synthesise } from '../../src/datasets/synthetic/synthesise.js';
import { inWorkspace } from './workspace.js';

// Files are flushed to disk and processes started: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

describe('the committed sample', () => {
  it('is what scripts/make-sample.mjs makes, bit for bit', async () => {
    await inWorkspace(async workspace => {
      const made = await writeDataset(workspace, 'sample', synthesise(SAMPLE_CONFIG, SAMPLE_SEED));
      const committed = await openDataset(resolve('.'), 'sample');
      for (const entry of made.series) {
        const [a, b] = [await loadSeries(await openDataset(workspace, 'sample'), entry), await loadSeries(committed, entry)];
        expect(b).toEqual(a);
      }
      expect(committed.manifest.version).toBe(made.version);
    });
  });

  it('is whole, small, labelled synthetic everywhere and covers two years of hours with funding and mark', async () => {
    const sample = await openDataset(resolve('.'), 'sample');
    expect(await verifyDataset(sample)).toEqual([]);
    expect(sample.entries.flatMap(entry => entry.files).reduce((sum, file) => sum + file.bytes, 0)).toBeLessThan(3_000_000);
    expect(sample.manifest.synthetic).toBe(true);
    expect([...sample.instruments.values()].map(({ exchange }) => exchange)).toEqual(['synthetic', 'synthetic', 'synthetic']);
    expect(sample.manifest.findings.map(({ code }) => code)).toEqual(['planted-truth', 'planted-truth', 'planted-truth']);
    const rows = (kind: string): number[] => sample.entries.filter(entry => entry.kind === kind).map(entry => entry.rows);
    const hours = 24 * (365 + 366);
    expect([rows('bars'), rows('mark'), rows('funding')]).toEqual([
      Array(3).fill(hours),
      Array(3).fill(hours),
      Array(3).fill(hours / 8 - 1),
    ]);
    expect(await readFile(join(sample.folder, 'HEAD'), 'utf8')).toBe(`${sample.manifest.version}\n`);
  });

  it('is at hand in every workspace, and a workspace may have its own of that name', async () => {
    await inWorkspace(async workspace => {
      expect((await openDataset(workspace, 'sample')).folder).toBe(resolve('datasets/sample'));
      await writeDataset(workspace, 'sample', synthesise({ ...SAMPLE_CONFIG, to: Date.UTC(2023, 0, 2) }, 1));
      expect((await openDataset(workspace, 'sample')).folder).toBe(join(workspace, 'datasets/sample'));
    });
  });
});
