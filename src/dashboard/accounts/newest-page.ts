import { usageError } from '../../errors.js';

/**
 * A page of a list that only grows at its end, newest first. `after` is the place from which the page before ended, so that what is added meanwhile moves nothing; the answer's `next` is null at the end. Throws
 * `bad-cursor` for what no page gave.
 */
export const newestPage = <T>(
  length: number,
  at: (index: number) => T | undefined,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  isWanted: (row: T) => boolean = () => true,
): { readonly rows: T[]; readonly next: string | null } => {
  if (after !== undefined && !/^\d{1,15}$/.test(after))
    throw usageError('bad-cursor', 'No page ended there.', 'Give back what the page before gave as next.');
  let index = Math.min(length, after === undefined ? length : Number(after));
  const rows: T[] = [];
  while (index > 0 && rows.length < limit) {
    const row = at(--index);
    if (row !== undefined && isWanted(row)) rows.push(row);
  }
  // Whether anything more is wanted is looked up, so that the last page says that it is.
  for (let rest = index; rest > 0; rest--) {
    const row = at(rest - 1);
    if (row !== undefined && isWanted(row)) return { rows, next: String(rest) };
  }
  return { rows, next: null };
};
