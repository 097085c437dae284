import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { usageError } from '../../errors.js';

/**
 * A strategy as the command line takes it: a name as it is, a file of the workspace by its whole path. Throws a usage error for a path that leads out of the workspace or to no file, for its code would be run.
 */
export const strategyReference = (workspace: string, strategy: string): string => {
  const isPath = strategy.includes('/') || /\.[mc]?[jt]s$/.test(strategy);
  if (strategy.startsWith('-')) throw usageError('bad-strategy', `"${strategy}" is no strategy.`, 'Name one, or a file of the workspace.');
  if (!isPath) return strategy;
  const path = resolve(workspace, strategy);
  const within = relative(workspace, path);
  if (within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within))
    throw usageError(
      'outside-workspace',
      `${strategy} is not in the workspace.`,
      'Put the file into the workspace, and name it from there.',
    );
  if (!existsSync(path))
    throw usageError(
      'no-such-file',
      `There is no file ${strategy} in the workspace.`,
      'Name a file as it lies there, e.g. strategies/my.ts.',
    );
  return path;
};
