import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import type { PulledPage, PullRequest } from '../live/feed/pulled-series.js';
import type { Workspace } from './workspace.js';

/** Pages of one series that have arrived, kept on disk until the dataset has them. */
export interface PullPages {
  /** Rows from an interrupted pull, and the time up to which they are whole; nothing for a new one. */
  readonly kept: PulledPage;
  readonly isThere: boolean;
  keep(page: PulledPage): Promise<void>;
  forget(): Promise<void>;
}

const pageOf = (line: string): PulledPage | null => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'rows' in value && Array.isArray(value.rows) && 'through' in value
      ? { rows: value.rows, through: Number(value.through) }
      : null;
  } catch {
    return null;
  }
};

/** The kept pages of a series, by what was asked for; its end does not count, for "now" moves. A line that an interruption cut in two ends them. */
export const pullPagesIn = async (
  workspace: Workspace,
  venue: string,
  { kind, symbol, timeframe, from }: PullRequest,
  resume: boolean,
): Promise<PullPages> => {
  const name = createHash('sha256').update(canonicalJson({ venue, kind, symbol, timeframe, from })).digest('hex').slice(0, 20);
  const path = join(workspace.cache, 'pulls', `${name}.ndjson`);
  const isThere = existsSync(path);
  const rows: (readonly number[])[] = [];
  let through = from - 1;
  if (isThere && resume)
    for (const line of (await readFile(path, 'utf8')).split('\n')) {
      const page = pageOf(line);
      if (page === null) break;
      rows.push(...page.rows);
      through = page.through;
    }
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  if (rows.length > 0) await appendFile(path, `${JSON.stringify({ rows, through })}\n`);
  return {
    kept: { rows, through },
    isThere,
    keep: page => appendFile(path, `${JSON.stringify(page)}\n`),
    forget: () => rm(path, { force: true }),
  };
};
