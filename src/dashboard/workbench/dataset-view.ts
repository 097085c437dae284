import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestPath, readManifest, type Dataset } from '../../datasets/catalogue.js';
import type { Finding, Severity } from '../../datasets/series.js';
import type { DatasetView } from '../api/data-api.js';
import { datasetGaps } from './dataset-gaps.js';
import { datasetLine } from './dataset-line.js';

const GRAVITY: readonly Severity[] = ['error', 'warning', 'info'];

const findingLine = ({ code, severity, symbol, kind, count, message, repaired }: Finding): DatasetView['findings'][number] => ({
  code,
  severity,
  symbol,
  kind,
  count,
  text: repaired === undefined ? message : `${message} Repaired: ${repaired}.`,
});

/** Versions that are on the disk, the newest first; one that was altered has no rows to tell of. */
const versionsOf = async (folder: string): Promise<DatasetView['versions']> => {
  const names = (await readdir(join(folder, 'versions')).catch((): string[] => [])).filter(name => name.endsWith('.json'));
  const versions = await Promise.all(
    names.map(async name => {
      const version = name.slice(0, -'.json'.length);
      const [info, manifest] = await Promise.all([
        stat(manifestPath(folder, version)).catch(() => null),
        readManifest(folder, version).catch(() => null),
      ]);
      return { version, at: info?.mtimeMs ?? null, rows: (manifest?.series ?? []).reduce((sum, { rows }) => sum + rows, 0) };
    }),
  );
  return versions.sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
};

/** Everything about one version of a dataset. */
export const datasetView = async (dataset: Dataset): Promise<DatasetView> => {
  const { manifest } = dataset;
  const [gaps, versions] = await Promise.all([datasetGaps(dataset), versionsOf(dataset.folder)]);
  return {
    line: datasetLine(dataset),
    series: manifest.series.map(({ kind, symbol, timeframe = null, from, to, rows }) => ({ kind, symbol, timeframe, from, to, rows })),
    findings: [...manifest.findings].sort((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity)).map(findingLine),
    gaps,
    versions,
    manifest,
  };
};
