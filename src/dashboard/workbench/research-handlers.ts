import { basename } from 'node:path';
import { usageError } from '../../errors.js';
import type { WorkbenchHandlers } from '../api/endpoints.js';
import type { researchApi } from '../api/research-api.js';
import type { Platform } from '../platform.js';
import type { Jobs } from './jobs.js';
import type { RunCatalogue } from './run-catalogue.js';
import { runView } from './run-view.js';
import { SqlAnswer } from './sql-answer.js';
import { strategyLines } from './strategy-lines.js';

/** More rows than a page shows; beyond, a program asks on the command line. */
const MOST_ROWS = 50_000;

const pageOf = (document: unknown): string | null => {
  const report: unknown = typeof document === 'object' && document !== null ? Reflect.get(document, 'report') : null;
  return typeof report === 'string' ? `/reports/${encodeURIComponent(basename(report))}` : null;
};

/** Runs, jobs, strategies and queries. */
export const researchHandlers = (
  platform: Pick<Platform, 'workspace' | 'ask'>,
  runs: RunCatalogue,
  jobs: Jobs,
): Pick<WorkbenchHandlers, keyof typeof researchApi> => ({
  'runs.list': async ({ caller, query: { strategy, command, limit } }) => {
    const lines = await runs.list(caller.name);
    return {
      runs: lines
        .filter(line => (strategy === undefined || line.strategy === strategy) && (command === undefined || line.command === command))
        .slice(0, limit),
    };
  },
  'runs.show': async ({ caller, params }) => {
    const { line, folder } = await runs.find(params.run, caller.name);
    return runView(line, folder);
  },
  'runs.compare': async ({ caller, query }) => {
    const names = query.runs.split(',').filter(name => name !== '');
    if (names.length < 2) throw usageError('too-few-runs', 'One run alone is compared with nothing.', 'Choose two runs or more.');
    for (const name of names) await runs.find(name, caller.name);
    const document = await platform.ask(['compare', ...names], caller.name);
    return { document, page: pageOf(document) };
  },
  'strategies.list': async () => ({ strategies: [...(await strategyLines(platform.workspace))] }),
  'jobs.list': async () => ({ jobs: [...jobs.list()] }),
  'jobs.show': async ({ params }) => jobs.show(params.job),
  'jobs.begin': async ({ caller, body }) => jobs.begin(body, caller.name),
  'jobs.cancel': async ({ caller, params }) => jobs.cancel(params.job, caller),
  'sql.query': async ({ caller, body }) => {
    // A query that begins with a comment would be taken for an option.
    const answer = SqlAnswer.parse(await platform.ask(['sql', `\n${body.query}`], caller.name));
    if (answer.rows.length > MOST_ROWS)
      throw usageError(
        'too-many-rows',
        `The query has ${answer.rows.length} rows, and a page takes ${MOST_ROWS} at most.`,
        'Ask for fewer with LIMIT, or ask on the command line.',
      );
    return answer;
  },
});
