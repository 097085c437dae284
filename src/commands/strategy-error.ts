import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failed, UserError } from '../errors.js';

/** Where in one of `files` a stack has its topmost place. Node's source maps have put the author's own lines into it. */
const placeIn = (stack: string, files: readonly string[]): { file: string; line: number; column: number } | undefined => {
  for (const [, where = '', line, column] of stack.matchAll(/(?:\(|at |async )((?:file:\/\/)?[^\s()]+):(\d+):(\d+)\)?$/gm)) {
    const file = where.startsWith('file:') ? fileURLToPath(where) : where;
    if (files.includes(file)) return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
};

/**
 * An exception out of a strategy's own code as what it is, a mistake in that file: place, source line and message. Anything else is given back
 * as it came.
 */
export const strategyError = async (error: unknown, files: readonly string[]): Promise<unknown> => {
  if (!(error instanceof Error)) return error;
  // A job's failure carries the original, from another thread, as its cause.
  const thrown = error.cause instanceof Error ? error.cause : error;
  const place = placeIn(thrown.stack ?? '', files);
  if (!place) return error;
  const known = thrown instanceof UserError;
  const source = (await readFile(place.file, 'utf8').catch(() => '')).split(/\r?\n/)[place.line - 1] ?? '';
  const at = `${place.file}:${place.line}:${place.column} – ${known ? '' : `${thrown.name}: `}${thrown.message}\n  ${place.line} | ${source}`;
  if (known) return new UserError(thrown.code, at, thrown.exitCode, thrown.fix);
  const command = relative('', process.argv[1] ?? '') || 'node_modules/.bin/quantai';
  return failed(
    'strategy-threw',
    at,
    `Mend that line, or step through it: node --inspect-brk ${command} backtest … and open the .ts file in the debugger.`,
  );
};
