import { badData, failed, messageOf, UserError } from '../../errors.js';

/** A part as people are told it. */
const named = (hash: string): string => `part ${hash.slice(0, 12)}`;

export const notInLake = (url: string, hash: string): UserError =>
  failed(
    'not-in-lake',
    `${url} has no ${named(hash)}.`,
    'It was pruned, or never came there: publish it again, by starting the command or the push anew.',
  );

export const lakeUnreachable = (url: string, why: string): UserError =>
  failed(
    'lake-unreachable',
    `The lake at ${url} cannot be reached: ${why}.`,
    'See that `quantai lake` runs there and that this machine may reach it.',
  );

export const lakeCorrupt = (url: string, hash: string, fix = 'Remove that part from the lake and publish it again.'): UserError =>
  badData('lake-corrupt', `What ${url} has as ${named(hash)} (${hash}) has another hash.`, fix);

export const lakeRefused = (url: string, why: string): UserError =>
  new UserError(
    'lake-refused',
    `The lake at ${url} does not allow it: ${why}.`,
    4,
    'Set QUANTAI_LAKE_TOKEN to the token that the lake was started with.',
  );

export const lakeFull = (where: string): UserError =>
  failed('lake-full', `The disk of ${where} is full.`, 'Free space there, for example with: quantai lake --prune 30d');

export const badLake = (text: string, why: string): UserError =>
  new UserError('bad-lake', `"${text}" is no lake: ${why}.`, 2, 'Give a folder, or the address that `quantai lake` prints.');

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Whether the file system says that a file is not there. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');

/** Whether the file system says that nothing more fits on it. */
export const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');

/** What the file system said about a lake's folder, in the lake's words. */
export const folderError = (folder: string, error: unknown): unknown => {
  if (error instanceof UserError) return error;
  if (isFull(error)) return lakeFull(folder);
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return lakeRefused(folder, 'this user may not write there');
  if (['EIO', 'ESTALE', 'ENOTCONN', 'EHOSTDOWN', 'ETIMEDOUT'].includes(code ?? '')) return lakeUnreachable(folder, messageOf(error));
  return error;
};
