import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunLine, RunView } from '../api/research-api.js';
import { queryFolder, type FolderQuery } from './folder-query.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readJson = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
};

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/** More points than a chart has pixels. */
const POINTS = 2000;

const equityOf = async ({ table, rows }: FolderQuery): Promise<RunView['equity']> => {
  const curve = table('equity.parquet');
  if (curve === null) return { ts: [], equity: [] };
  // Of each stretch the least and the most, so that no fall is hidden; and the ends, for the last is the final equity.
  const points = await rows(
    `WITH curve AS (SELECT ts, equity, row_number() OVER (ORDER BY ts) - 1 AS i, count(*) OVER () AS n FROM ${curve}),
       cut AS (SELECT *, floor(i * least(${POINTS / 2}, n) / n) AS stretch FROM curve)
     SELECT ts, equity FROM cut
     QUALIFY i = 0 OR i = n - 1 OR row_number() OVER (PARTITION BY stretch ORDER BY equity, i) = 1 OR row_number() OVER (PARTITION BY stretch ORDER BY equity DESC, i) = 1
     ORDER BY i`,
  );
  return { ts: points.map(row => row.number('ts') ?? 0), equity: points.map(row => row.number('equity') ?? 0) };
};

const foldsOf = async ({ table, rows }: FolderQuery): Promise<RunView['folds']> => {
  const folds = table('folds.parquet');
  if (folds === null) return [];
  const found = await rows(
    `SELECT fold, train_from, train_to, test_from, test_to, params, objective_in_sample, objective_out_of_sample FROM ${folds} ORDER BY fold`,
  );
  return found.map(row => ({
    fold: row.number('fold') ?? 0,
    trainFrom: row.number('train_from') ?? 0,
    trainTo: row.number('train_to') ?? 0,
    testFrom: row.number('test_from') ?? 0,
    testTo: row.number('test_to') ?? 0,
    params: JSON.parse(row.text('params') ?? 'null') as unknown,
    inSample: row.number('objective_in_sample'),
    outOfSample: row.number('objective_out_of_sample'),
  }));
};

const TITLES: Readonly<Record<string, string>> = { report: 'Report', evidence: 'Evidence' };

const pagesOf = async (run: string, folder: string): Promise<RunView['pages']> => {
  const names = (await readdir(folder)).flatMap(name => (name.endsWith('.html') ? [name.slice(0, -'.html'.length)] : []));
  const order = Object.keys(TITLES);
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return names
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(name => ({
      title: TITLES[name] ?? name.replaceAll('-', ' '),
      path: `/reports/${encodeURIComponent(run)}/${encodeURIComponent(name)}.html`,
    }));
};

/** Logits of an overfitting test are as many as there are ways to split time, and no page shows them one by one. */
const withoutLogits = (evidence: unknown): unknown => {
  if (!isRecord(evidence) || !isRecord(evidence['search'])) return evidence;
  const { logits: _, ...search } = evidence['search'];
  return { ...evidence, search };
};

/** Everything that a run's folder says about it. */
export const runView = async (line: RunLine, folder: string): Promise<RunView> => {
  const [manifest, result, evidence, pages] = await Promise.all([
    readJson(join(folder, 'manifest.json')),
    readJson(join(folder, 'result.json')),
    readJson(join(folder, 'evidence.json')),
    pagesOf(line.run, folder),
  ]);
  const { params, fixed, reproduce } = recordOf(manifest);
  const [equity, folds] = await queryFolder(folder, async query => [await equityOf(query), await foldsOf(query)] as const);
  return {
    line,
    pages,
    params: recordOf(params ?? fixed ?? recordOf(result)['params']),
    evidence: withoutLogits(evidence),
    folds,
    equity,
    reproduce: typeof reproduce === 'string' ? reproduce : null,
    manifest,
  };
};
