/** A row that is a fact of an account, or stands for one. */
export interface Keyed {
  readonly strategy: string;
  readonly seq: number;
}

/** Rows of a list, newest first, and where the older ones begin; null where there are none. */
export interface RowsPage<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** Rows that a page keeps; beyond them it goes back to the newest ones. */
const MOST_ROWS = 3000;

/** What makes a row of one account the same row: its stream and its number there. */
export const rowKey = ({ strategy, seq }: Keyed): string => `${strategy === '' ? 'account' : strategy}:${seq}`;

const without = <T extends Keyed>(rows: readonly T[], others: readonly T[]): readonly T[] => {
  const taken = new Set(others.map(rowKey));
  return rows.filter(row => !taken.has(rowKey(row)));
};

/**
 * Puts the newest page before the rows that are shown, each row once and as it is now. Where the two do not meet, for nothing was shown or more came meanwhile than a page holds, only the page is known: rows between
 * would be missing without a sign.
 */
export const withHead = <T extends Keyed>(shown: RowsPage<T>, page: RowsPage<T>): RowsPage<T> => {
  const rest = without(shown.rows, page.rows);
  const rows = [...page.rows, ...rest];
  return rest.length === shown.rows.length || rows.length > MOST_ROWS ? page : { rows, next: shown.next };
};

/** Puts an older page after the rows that are shown, each row once. */
export const withTail = <T extends Keyed>(shown: RowsPage<T>, page: RowsPage<T>): RowsPage<T> => ({
  rows: [...shown.rows, ...without(page.rows, shown.rows)],
  next: page.next,
});
