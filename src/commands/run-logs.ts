import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sqlText } from '../duckdb.js';
import { usageError } from '../errors.js';
import { LOG_LEVELS } from './log-levels.js';
import type { LogsArguments } from './logs.js';
import { runSql } from './run-sql.js';
import { present, terminal } from './terminal.js';
import { workspaceAt, type Workspace } from './workspace.js';

interface LogRow {
  readonly ts: string;
  readonly level: string;
  /** Account or run. */
  readonly of: string;
  readonly strategy: string | null;
  readonly source: string;
  readonly message: string;
}

const lineOf = ({ ts, level, of, strategy, source, message }: LogRow): string =>
  `${ts}  ${level.padEnd(7)} ${of}${strategy === null ? '' : `/${strategy}`}  ${source === 'session' ? '' : `${source}: `}${message}`;

const rowsOf = async (workspace: Workspace, { account, run, level, text, last }: LogsArguments): Promise<readonly LogRow[]> => {
  const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(level));
  const wanted = [
    `level IN (${levels.map(sqlText).join(', ')})`,
    run === undefined ? 'account IS NOT NULL' : `run_id = ${sqlText(run)}`,
    ...(account === undefined ? [] : [`account = ${sqlText(account)}`]),
    ...(text === undefined ? [] : [`contains(lower(message), lower(${sqlText(text)}))`]),
  ];
  const { rows } = await runSql(
    workspace,
    `SELECT strftime(ts, '%Y-%m-%d %H:%M:%S.%g') AS at, level, coalesce(account, run_id) AS of, strategy, source, message FROM logs
     WHERE ${wanted.join(' AND ')} ORDER BY ts DESC LIMIT ${last}`,
  );
  return rows
    .map(([ts, at, of, strategy, source, message]) => ({
      ts: String(ts),
      level: String(at),
      of: String(of),
      strategy: strategy === null || strategy === undefined ? null : String(strategy),
      source: String(source),
      message: String(message),
    }))
    .toReversed();
};

const FOLLOW_MS = 250;

/** Gives each whole line that is appended to a file from now on; a file that is begun anew is read from its beginning. */
const followLines = async (path: string, signal: AbortSignal, take: (line: string) => void): Promise<void> => {
  let [handle, at, rest] = [await open(path, 'r'), 0, ''];
  at = (await handle.stat()).size;
  const readOn = async (): Promise<void> => {
    const buffer = Buffer.alloc(1 << 16);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const lines = `${rest}${buffer.toString('utf8', 0, bytesRead)}`.split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    }
  };
  try {
    while (!signal.aborted) {
      await readOn();
      const now = await open(path, 'r').catch(() => null);
      if (now !== null && (await now.stat()).ino !== (await handle.stat()).ino) {
        // What was written before the file was put aside is read first.
        await readOn();
        await handle.close();
        [handle, at, rest] = [now, 0, ''];
      } else await now?.close();
      await pause(FOLLOW_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await handle.close();
  }
};

const WORDS: Readonly<Record<number, string>> = { 10: 'debug', 20: 'debug', 30: 'info', 40: 'warning', 50: 'error', 60: 'error' };

/** A line of a session's log as its row; null for one that is no line of ours. */
const rowOfLine = (line: string, of: string): LogRow | null => {
  try {
    const { time, level, type, strategy, fact, msg } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const said = typeof fact === 'object' && fact !== null && 'text' in fact ? fact.text : msg;
    return {
      ts: String(time).replace('T', ' ').replace('Z', ''),
      level: WORDS[Number(level)] ?? 'info',
      of,
      strategy: typeof strategy === 'string' ? strategy : null,
      source: typeof type === 'string' ? type : 'session',
      message: String(said),
    };
  } catch {
    return null;
  }
};

/** Show what sessions or a run said. */
export const runLogs = async (args: LogsArguments): Promise<void> => {
  const { account, level, text, follow } = args;
  if (!Number.isInteger(args.last) || args.last < 1 || args.last > 100_000)
    throw usageError('bad-last', '--last is a whole number from 1 to 100000.', 'Say --last 200.');
  const workspace = workspaceAt(args.workspace);
  if (follow && account === undefined) throw usageError('which-session', 'One log can be followed at a time.', 'Name it: --account main.');
  const file = account === undefined ? null : join(workspace.root, 'live', account, 'session.log');
  if (account !== undefined && (!/^\w[\w.-]*$/.test(account) || file === null || !existsSync(file)))
    throw usageError('no-log', `No session of an account "${account}" has left a log here.`, 'Look at quantai status.');
  if (args.run !== undefined && !existsSync(join(workspace.reports, args.run, 'manifest.json')))
    throw usageError('no-run', `There is no run ${args.run}.`, 'List them with: quantai runs');
  const lines = await rowsOf(workspace, args);
  present(args, { lines }, ({ lines: all }) => (all.length === 0 ? 'Nothing was said.' : all.map(lineOf).join('\n')));
  if (!follow || file === null || account === undefined) return;
  const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(level));
  await followLines(file, terminal().signal, line => {
    const row = rowOfLine(line, account);
    if (row === null || !levels.some(each => each === row.level)) return;
    if (text !== undefined && !row.message.toLowerCase().includes(text.toLowerCase())) return;
    terminal().out(args.json ? `${JSON.stringify(row)}\n` : `${lineOf(row)}\n`);
  });
};
