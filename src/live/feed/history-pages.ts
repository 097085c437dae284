/** A row of history: its time first. */
export type HistoryRow = readonly [ts: number, ...values: (number | string)[]];

/** One stretch of history, asked for page by page. */
export interface PagedRequest<Row extends HistoryRow> {
  /** First and last time wanted, both inclusive. */
  readonly from: number;
  readonly to: number;
  /** The usual time between two rows, ms: a page is asked for as wide as it can be full. */
  readonly step: number;
  readonly limit: number;
  readonly page: (from: number, to: number, limit: number) => Promise<readonly Row[]>;
}

/**
 * All rows of a stretch, ascending and unique in time, whatever the size of the venue's pages and the order in them. After a page that is short the rest of its window is asked for again, so that a venue that
 * gives fewer rows than asked loses none; only an empty answer ends a window. Yields after each page so that the caller can keep it.
 */
export async function* historyPages<Row extends HistoryRow>({
  from,
  to,
  step,
  limit,
  page,
}: PagedRequest<Row>): AsyncGenerator<{ readonly rows: readonly Row[]; readonly through: number }> {
  let cursor = from;
  while (cursor <= to) {
    const end = Math.min(to, cursor + step * (limit - 1));
    const start = cursor;
    const rows = (await page(start, end, limit)).filter(([ts]) => ts >= start && ts <= end).sort((a, b) => a[0] - b[0]);
    const unique = rows.filter((row, i) => row[0] !== rows[i - 1]?.[0]);
    const last = unique.at(-1)?.[0];
    cursor = last === undefined ? end + 1 : last + 1;
    // What is left of the window holds no further row.
    if (last !== undefined && last + step > end) cursor = Math.max(cursor, end + 1);
    yield { rows: unique, through: cursor - 1 };
  }
}

/** The same, all at once. */
export const allPages = async <Row extends HistoryRow>(request: PagedRequest<Row>): Promise<readonly Row[]> => {
  const all: Row[] = [];
  for await (const { rows } of historyPages(request)) all.push(...rows);
  return all;
};
