/** Rows by column, ascending in `ts`; arrays may be longer than `rows`. */
export interface Rows {
  readonly rows: number;
  readonly ts: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** What a merge did to the older rows. */
export interface Merged extends Rows {
  /** Rows that were not there. */
  readonly added: number;
  /** Rows that were there with other values. */
  readonly revised: number;
  /** The first revised row: its index in the older rows, and in the newer. */
  readonly firstRevision?: { readonly older: number; readonly newer: number };
}

const same = (a: number, b: number): boolean => a === b || (a !== a && b !== b);

/** The first column in which row `i` of `a` and row `j` of `b` differ, or -1 for rows that are the same. */
export const differingColumn = (a: Pick<Rows, 'columns'>, i: number, b: Pick<Rows, 'columns'>, j: number): number =>
  a.columns.findIndex((column, index) => !same(column[i] ?? NaN, b.columns[index]?.[j] ?? NaN));

const rowKey = (rows: Rows, i: number): string => rows.columns.map(column => column[i]).join(' ');

/** Whether every row of [i, iEnd) of `a` has a partner of its own in [j, jEnd) of `b`. */
const containedIn = (a: Rows, i: number, iEnd: number, b: Rows, j: number, jEnd: number): boolean => {
  const counts = new Map<string, number>();
  for (let k = j; k < jEnd; k++) counts.set(rowKey(b, k), (counts.get(rowKey(b, k)) ?? 0) + 1);
  for (let k = i; k < iEnd; k++) {
    const left = counts.get(rowKey(a, k)) ?? 0;
    if (left === 0) return false;
    counts.set(rowKey(a, k), left - 1);
  }
  return true;
};

const endOfInstant = (rows: Rows, i: number): number => {
  const ts = rows.ts[i];
  let end = i + 1;
  while (end < rows.rows && rows.ts[end] === ts) end++;
  return end;
};

/**
 * The newer rows over the older ones. Where both have an instant, the newer one counts: its bars are revisions. An instant may hold several
 * rows (trades): a part of what the other side has is no change, and at the ends of the newer rows, where a file may cut an
 * instant in two, different rows complement each other. Rows that only the older side has stay.
 */
export const mergeRows = (older: Rows, newer: Rows): Merged => {
  const width = newer.columns.length;
  const capacity = older.rows + newer.rows;
  const ts = new Float64Array(capacity);
  const columns = Array.from({ length: width }, () => new Float64Array(capacity));
  let rows = 0;
  let added = 0;
  let revised = 0;
  let firstRevision: { older: number; newer: number } | undefined;
  const take = (from: Rows, start: number, end: number): void => {
    ts.set(from.ts.subarray(start, end), rows);
    for (let c = 0; c < width; c++) columns[c]?.set(from.columns[c]?.subarray(start, end) ?? [], rows);
    rows += end - start;
  };
  const [firstTs, lastTs] = [newer.ts[0], newer.ts[newer.rows - 1]];
  let i = 0;
  let j = 0;
  while (i < older.rows && j < newer.rows) {
    const a = older.ts[i] ?? NaN;
    const b = newer.ts[j] ?? NaN;
    if (a < b) {
      let end = i + 1;
      while (end < older.rows && (older.ts[end] ?? NaN) < b) end++;
      take(older, i, end);
      i = end;
      continue;
    }
    if (b < a) {
      let end = j + 1;
      while (end < newer.rows && (newer.ts[end] ?? NaN) < a) end++;
      take(newer, j, end);
      added += end - j;
      j = end;
      continue;
    }
    const iEnd = endOfInstant(older, i);
    const jEnd = endOfInstant(newer, j);
    const single = iEnd - i === 1 && jEnd - j === 1;
    if (single ? differingColumn(older, i, newer, j) < 0 : containedIn(newer, j, jEnd, older, i, iEnd)) take(older, i, iEnd);
    else if (!single && containedIn(older, i, iEnd, newer, j, jEnd)) {
      take(newer, j, jEnd);
      added += jEnd - j - (iEnd - i);
    } else if (!single && (b === firstTs || b === lastTs)) {
      // Cut at the newer rows' end, the rest of the instant is in the older ones and comes after.
      const newerFirst = b === lastTs && b !== firstTs;
      if (newerFirst) take(newer, j, jEnd);
      take(older, i, iEnd);
      if (!newerFirst) take(newer, j, jEnd);
      added += jEnd - j;
    } else {
      take(newer, j, jEnd);
      revised += Math.max(iEnd - i, jEnd - j);
      firstRevision ??= { older: i, newer: j };
    }
    i = iEnd;
    j = jEnd;
  }
  take(older, i, older.rows);
  take(newer, j, newer.rows);
  added += newer.rows - j;
  const merged = { rows, ts: ts.subarray(0, rows), columns: columns.map(column => column.subarray(0, rows)), added, revised };
  return firstRevision === undefined ? merged : { ...merged, firstRevision };
};
