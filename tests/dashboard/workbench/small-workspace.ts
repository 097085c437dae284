import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runSql, type SqlValue } from '../../../src/commands/run-sql.js';
import { workspaceAt } from '../../../src/commands/workspace.js';
import { UserError } from '../../../src/errors.js';
import type { Platform } from '../../../src/dashboard/platform.js';
import { LEAN } from '../../commands/lean-strategy.js';
import { quantai, temporaryWorkspace } from '../../commands/run-quantai.js';

const DATA = ['--dataset', 'sample', '--symbols', 'BTC/USDT:USDT', '--workers', '1', '--json'];

/** A workspace with a run of each kind that pages show, small enough to be made in a test. */
export interface SmallWorkspace {
  readonly root: string;
  readonly backtest: string;
  readonly walkforward: string;
  /** A backtest with forecasts. */
  readonly forecasts: string;
  /** Rows of one query, by the code behind `quantai sql`. */
  readonly sql: (query: string) => Promise<readonly (readonly SqlValue[])[]>;
  /** The platform in this process, one command after the other. */
  readonly platform: Pick<Platform, 'workspace' | 'ask'>;
  readonly remove: () => Promise<void>;
}

/** The command line in this process: its terminal is one, so commands take turns. */
export const inProcessPlatform = (root: string): Pick<Platform, 'workspace' | 'ask'> & { readonly asked: string[][] } => {
  let last: Promise<unknown> = Promise.resolve();
  const asked: string[][] = [];
  return {
    workspace: root,
    asked,
    ask: (words, as) => {
      asked.push([...words]);
      const next = last.then(async () => {
        const { code, out } = await quantai([...words, '--json', '--as', as, '--workspace', root]);
        const document: unknown = JSON.parse(out);
        if (code === 0) return document;
        const { error } = document as { readonly error: { readonly code: string; readonly message: string; readonly fix: string | null } };
        throw new UserError(error.code, error.message, code as UserError['exitCode'], error.fix ?? undefined);
      });
      last = next.catch(() => undefined);
      return next;
    },
  };
};

export const smallWorkspace = async (): Promise<SmallWorkspace> => {
  const { root, remove } = await temporaryWorkspace();
  const lean = join(root, 'lean.js');
  await writeFile(lean, LEAN);
  const run = async (...words: string[]): Promise<string> => {
    const { code, out, err } = await quantai([...words, '--workspace', root]);
    if (code !== 0) expect.fail(`${words.join(' ')}: ${err}${out}`);
    return (JSON.parse(out) as { readonly runId: string }).runId;
  };
  const backtest = await run('backtest', 'sma-cross', ...DATA, '--to', '2023-03-01', '--no-path-check');
  const walkforward = await run(
    'walkforward',
    'sma-cross',
    ...DATA,
    '--to',
    '2023-04-10',
    '--train',
    '60d',
    '--test',
    '20d',
    '--points',
    '2',
  );
  const forecasts = await run('backtest', lean, ...DATA, '--to', '2023-02-15', '--no-path-check');
  await run('train', lean, ...DATA, '--to', '2023-02-01');
  const workspace = workspaceAt(root);
  const sql: SmallWorkspace['sql'] = async query => (await runSql(workspace, query)).rows;
  return { root, backtest, walkforward, forecasts, sql, platform: inProcessPlatform(root), remove };
};
