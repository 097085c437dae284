/**
 * Updates of a book by column, one row a level: side (+1 bid, −1 ask), price, quantity, snapshot (1 or 0), firstId, lastId, previousId; ids that the venue does not give are NaN. Rows that follow
 * each other with the same time, ids and snapshot flag are one message. Prices in quote currency, quantities in base units. A chunk of kind `book` has this shape.
 */
export interface BookRows {
  readonly rows: number;
  readonly ts: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** The row after the last one of the message that starts at `row`. */
export const messageEnd = ({ rows, ts, columns }: BookRows, row: number): number => {
  const snapshot = columns[3]!;
  const firstId = columns[4]!;
  const lastId = columns[5]!;
  const at = ts[row]!;
  const flag = snapshot[row]!;
  const first = firstId[row]!;
  const last = lastId[row]!;
  const withoutIds = Number.isNaN(last);
  let end = row + 1;
  while (end < rows && ts[end] === at && snapshot[end] === flag) {
    if (withoutIds ? !Number.isNaN(lastId[end]!) : lastId[end] !== last) break;
    if (Number.isNaN(first) ? !Number.isNaN(firstId[end]!) : firstId[end] !== first) break;
    end++;
  }
  return end;
};

/** Messages that are kept until a snapshot comes: rows by column, which grow up to a limit and then lose their older half. */
export class HeldRows implements BookRows {
  rows = 0;
  ts = new Float64Array(0);
  columns: Float64Array[] = Array.from({ length: 7 }, () => new Float64Array(0));

  constructor(private readonly limit: number) {}

  /** Keeps the rows of a message. Beyond the limit the oldest ones go: a snapshot that would have needed them shows a gap. */
  keep(from: BookRows, start: number, end: number): void {
    const added = end - start;
    if (this.rows + added > this.limit) this.#forget(this.rows >> 1);
    if (this.rows + added > this.ts.length) this.#grow(this.rows + added);
    this.ts.set(from.ts.subarray(start, end), this.rows);
    for (let c = 0; c < this.columns.length; c++) this.columns[c]!.set(from.columns[c]!.subarray(start, end), this.rows);
    this.rows += added;
  }

  #forget(rows: number): void {
    let cut = 0;
    while (cut < rows) cut = messageEnd(this, cut);
    this.ts.copyWithin(0, cut, this.rows);
    for (const column of this.columns) column.copyWithin(0, cut, this.rows);
    this.rows -= cut;
  }

  #grow(needed: number): void {
    const length = Math.max(1024, needed, this.ts.length * 2);
    const wider = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(length);
      grown.set(old);
      return grown;
    };
    this.ts = wider(this.ts);
    this.columns = this.columns.map(wider);
  }
}
