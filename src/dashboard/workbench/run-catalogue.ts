import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, usageError } from '../../errors.js';
import type { RunLine } from '../api/research-api.js';
import type { Platform } from '../platform.js';
import { SqlAnswer, sqlRows } from './sql-answer.js';

/** The finished runs of a workspace. */
export interface RunCatalogue {
  /** The newest first. `as` is who asks. */
  list(as: string): Promise<readonly RunLine[]>;
  /** One run with its folder. Throws `unknown-run` with the nearest name. */
  find(run: string, as: string): Promise<{ readonly line: RunLine; readonly folder: string }>;
}

interface Folder {
  readonly run: string;
  /** When its manifest was written, and its evidence; epoch ms. */
  readonly at: number;
  readonly evidenceAt: number | null;
}

const QUERY = `SELECT run_id, command, strategy, dataset, dataset_version, total_return, cagr, sharpe, sortino, calmar, max_drawdown, volatility, win_rate,
  profit_factor, trades, final_equity, fingerprint, CAST(manifest->>'$.dataset.synthetic' AS BOOLEAN) AS synthetic FROM runs`;

const writtenAt = async (path: string): Promise<number | null> => (await stat(path).catch(() => null))?.mtimeMs ?? null;

const foldersOf = async (reports: string): Promise<readonly Folder[]> => {
  const names = await readdir(reports).catch((): string[] => []);
  const found = await Promise.all(
    names.map(async run => ({
      run,
      at: await writtenAt(join(reports, run, 'manifest.json')),
      evidenceAt: await writtenAt(join(reports, run, 'evidence.json')),
    })),
  );
  return found
    .flatMap(({ at, ...folder }) => (at === null ? [] : [{ ...folder, at }]))
    .sort((a, b) => b.at - a.at || (a.run < b.run ? -1 : 1));
};

/** Grade of a run's evidence, read once for each state of its file. */
const grades = (reports: string): ((folder: Folder) => Promise<string | null>) => {
  const known = new Map<string, { readonly at: number; readonly grade: string | null }>();
  return async ({ run, evidenceAt }) => {
    if (evidenceAt === null) return null;
    const before = known.get(run);
    if (before?.at === evidenceAt) return before.grade;
    const text = await readFile(join(reports, run, 'evidence.json'), 'utf8').catch(() => '{}');
    let grade: string | null = null;
    try {
      const record: unknown = JSON.parse(text);
      const told: unknown = typeof record === 'object' && record !== null ? Reflect.get(record, 'grade') : null;
      grade = typeof told === 'string' ? told : null;
    } catch {
      // Half written: it is read again when it has changed.
    }
    known.set(run, { at: evidenceAt, grade });
    return grade;
  };
};

/** Runs as `quantai sql` tells them, asked for again when a run came, went or changed. */
export const runCatalogue = ({ workspace, ask }: Pick<Platform, 'workspace' | 'ask'>): RunCatalogue => {
  const reports = join(workspace, 'reports');
  const gradeOf = grades(reports);
  let known: { readonly state: string; readonly lines: Promise<readonly RunLine[]> } | null = null;

  const read = async (folders: readonly Folder[], as: string): Promise<readonly RunLine[]> => {
    const rows = new Map(sqlRows(SqlAnswer.parse(await ask(['sql', QUERY], as))).map(row => [row.text('run_id'), row]));
    const lines = folders.map(async (folder): Promise<RunLine | undefined> => {
      const row = rows.get(folder.run);
      // It was not finished yet when it was looked for.
      if (row === undefined) return undefined;
      return {
        run: folder.run,
        command: row.text('command') ?? '',
        strategy: row.text('strategy') ?? '',
        dataset: row.text('dataset') ?? '',
        datasetVersion: row.text('dataset_version'),
        at: folder.at,
        synthetic: row.flag('synthetic'),
        totalReturn: row.number('total_return'),
        cagr: row.number('cagr'),
        sharpe: row.number('sharpe'),
        sortino: row.number('sortino'),
        calmar: row.number('calmar'),
        maxDrawdown: row.number('max_drawdown'),
        volatility: row.number('volatility'),
        winRate: row.number('win_rate'),
        profitFactor: row.number('profit_factor'),
        trades: row.number('trades'),
        finalEquity: row.number('final_equity'),
        verdict: await gradeOf(folder),
        fingerprint: row.text('fingerprint'),
      };
    });
    return (await Promise.all(lines)).filter(line => line !== undefined);
  };
  const list = async (as: string): Promise<readonly RunLine[]> => {
    const folders = await foldersOf(reports);
    const state = JSON.stringify(folders);
    if (known?.state !== state) {
      const asked = { state, lines: folders.length === 0 ? Promise.resolve([]) : read(folders, as) };
      known = asked;
      asked.lines.catch(() => {
        if (known === asked) known = null;
      });
    }
    return known.lines;
  };
  return {
    list,
    find: async (run, as) => {
      const lines = await list(as);
      const line = lines.find(each => each.run === run);
      if (line !== undefined) return { line, folder: join(reports, run) };
      const near = didYouMean(
        run,
        lines.map(each => each.run),
      );
      throw usageError('unknown-run', `There is no run "${run}" in this workspace.${near}`, 'Look at the list of runs.');
    },
  };
};
