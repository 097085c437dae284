import { basename, join } from 'node:path';
import type { Postgres } from '../cluster/postgres/postgres.js';
import { canonicalJson } from '../datasets/canonical-json.js';
import { putResults, putTrials, type ResultRow, type TrialRow } from './postgres-trials.js';
import { eachTrialLine, ledgerFiles } from './read-trials.js';

/** What came of bringing a workspace's ledger into a team's registry. */
export interface ImportedTrials {
  readonly files: number;
  /** Different trials of the ledger, and those of them that the registry has from this workspace now. */
  readonly distinct: number;
  readonly found: number;
  /** Lines that say nothing: torn, or damaged. */
  readonly unreadable: number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const finite = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

interface ReadLedger {
  readonly trials: readonly TrialRow[];
  readonly results: readonly ResultRow[];
  readonly unreadable: number;
}

/** A run's file as rows: repeated lines are one that says how often. */
const readLedger = async (path: string): Promise<ReadLedger> => {
  const run = basename(path, '.ndjson');
  const trials = new Map<string, TrialRow>();
  const roles = new Map<string, Set<string>>();
  const results: ResultRow[] = [];
  let unreadable = 0;
  await eachTrialLine(path, (type, hash, line) => {
    const role = text(line['role']);
    if (type === null) unreadable++;
    else if (type === 'trial') {
      const row = {
        run,
        hash,
        role,
        strategy: text(line['strategy']),
        code: text(line['code']),
        data: text(line['data']),
        params: canonicalJson(line['params'] ?? null),
        from: finite(line['from']),
        to: finite(line['to']),
        config: text(line['config']),
        began: finite(line['at']),
        lines: 1,
      };
      const key = canonicalJson([hash, role, row.strategy]);
      const known = trials.get(key);
      trials.set(key, known === undefined ? row : { ...known, lines: known.lines + 1 });
      roles.set(hash, (roles.get(hash) ?? new Set()).add(role));
    } else {
      const known = roles.get(hash);
      const [first = role] = known ?? [];
      // Results of an early release name no role.
      const as = known === undefined || known.has(role) ? role : first;
      const sketch = typeof line['sketch'] === 'string' ? line['sketch'] : null;
      results.push({ run, hash, role: as, objective: finite(line['objective']), sharpe: finite(line['sharpe']), sketch });
    }
  });
  return { trials: [...trials.values()], results, unreadable };
};

/** Brings every trial of a ledger folder into a registry, under the name of its workspace. Repeated, it adds what is new. */
export const importTrials = async (postgres: Postgres, place: string, folder: string): Promise<ImportedTrials> => {
  const files = await ledgerFiles(folder);
  const hashes = new Set<string>();
  let unreadable = 0;
  for (const name of files) {
    const read = await readLedger(join(folder, name));
    unreadable += read.unreadable;
    for (const { hash } of read.trials) hashes.add(hash);
    await postgres.transaction(async queries => {
      await putTrials(queries, place, read.trials, 'same');
      await putResults(queries, place, read.results);
    });
  }
  const [row] = await postgres.query<{ n: number }>(
    'SELECT count(DISTINCT hash)::int AS n FROM quantai.trials WHERE place = $1 AND hash = ANY($2::text[])',
    [place, [...hashes]],
  );
  return { files: files.length, distinct: hashes.size, found: row?.n ?? 0, unreadable };
};
