/** A row that is a fact of an account, or stands for one. */
export interface Keyed {
  readonly strategy: string;
  readonly seq: number;
}

/** What makes a row of one account the same row: its stream and its number there. */
export const rowKey = ({ strategy, seq }: Keyed): string => `${strategy === '' ? 'account' : strategy}:${seq}`;

const without = <T extends Keyed>(rows: readonly T[], others: readonly T[]): readonly T[] => {
  const taken = new Set(others.map(rowKey));
  return rows.filter(row => !taken.has(rowKey(row)));
};

/**
 * Puts the newest page before the rows that are shown, each row once and as it is now. Null where the two do not meet, for more came meanwhile than a page holds: then only the page is known, and rows between would be missing
 * without a sign.
 */
export const withHead = <T extends Keyed>(rows: readonly T[], page: readonly T[]): readonly T[] | null => {
  if (rows.length === 0) return page;
  const rest = without(rows, page);
  return rest.length === rows.length && page.length > 0 ? null : [...page, ...rest];
};

/** Puts an older page after the rows that are shown, each row once. */
export const withTail = <T extends Keyed>(rows: readonly T[], page: readonly T[]): readonly T[] => [...rows, ...without(page, rows)];
