import { parseDate, type ParsedDate } from './date-text.js';

/** How a column is read: a number, a written date, or one of a few words (kept as a code into `labels`). */
export type ColumnRole = 'number' | 'time' | 'category';

/** One column that is read; `index` is its position in the file, from 0. */
export interface ColumnPlan {
  readonly index: number;
  readonly name: string;
  readonly role: ColumnRole;
}

/** What was read of a column. Cells that could not be read are NaN. */
export interface TableColumn extends ColumnPlan {
  readonly values: Float64Array;
  readonly labels: readonly string[];
}

/** Something wrong with lines as such, before any meaning. */
interface LineFault {
  readonly code: 'wrong-field-count' | 'half-written-line' | 'malformed-line';
  readonly first: number;
  readonly count: number;
  readonly text: string;
}

/** A file's columns, as numbers. */
export interface Table {
  readonly rows: number;
  /** 1-based line of each row. */
  readonly lines: Uint32Array;
  readonly columns: readonly TableColumn[];
  /** Text of cells that are not numbers or dates, by `cellKey`. At most 100,000 are kept. */
  readonly malformed: ReadonlyMap<number, string>;
  readonly faults: readonly LineFault[];
  /** Written dates that carried their own offset. */
  readonly absoluteTimes: number;
}

const MALFORMED_KEPT = 100_000;

export const cellKey = (line: number, index: number): number => line * 4096 + index;

interface Growing extends ColumnPlan {
  values: Float64Array;
  readonly labels: string[];
  readonly codes: Map<string, number>;
}

/** Words that stand for "no number here". */
const isBlank = (text: string): boolean => text === '' || /^(nan|null|none|na|n\/a|-)$/i.test(text);

/** Collects rows of a table. Cells of the row under way are set in any order, then the row is committed or dropped. */
export class TableBuilder {
  rows = 0;
  #lines = new Uint32Array(1024);
  #capacity = 1024;
  readonly #columns: Growing[];
  readonly #malformed = new Map<number, string>();
  readonly #faults = new Map<string, { code: LineFault['code']; first: number; count: number; text: string }>();
  readonly #date: ParsedDate = { ms: NaN, absolute: false };
  #absolute = 0;

  constructor(plans: readonly ColumnPlan[]) {
    this.#columns = plans.map(plan => ({ ...plan, values: new Float64Array(this.#capacity), labels: [], codes: new Map() }));
  }

  /** The array that holds a column's values: write the row under way at `rows`. It changes when a row is committed. */
  values(slot: number): Float64Array {
    const column = this.#columns[slot];
    if (!column) throw new RangeError(`no column ${slot}`);
    return column.values;
  }

  number(slot: number, value: number): void {
    this.values(slot)[this.rows] = value;
  }

  /** A cell as text, read as the column's role says; `line` names it if it cannot be. */
  text(slot: number, text: string, line: number): void {
    const column = this.#columns[slot];
    if (!column) return;
    const cell = text.trim();
    if (column.role === 'category') {
      let code = column.codes.get(cell);
      if (code === undefined) {
        code = column.labels.length;
        column.labels.push(cell);
        column.codes.set(cell, code);
      }
      column.values[this.rows] = code;
      return;
    }
    if (column.role === 'time') {
      const bytes = Buffer.from(cell, 'latin1');
      this.date(slot, bytes, 0, bytes.length, line);
      return;
    }
    const value = isBlank(cell) ? NaN : Number(cell);
    column.values[this.rows] = value;
    if (Number.isNaN(value) && !isBlank(cell)) this.#malform(column.index, cell, line);
  }

  date(slot: number, bytes: Uint8Array, start: number, end: number, line: number): void {
    const column = this.#columns[slot];
    if (!column) return;
    parseDate(bytes, start, end, this.#date);
    column.values[this.rows] = this.#date.ms;
    if (this.#date.absolute) this.#absolute++;
    if (Number.isNaN(this.#date.ms)) this.#malform(column.index, Buffer.from(bytes.subarray(start, end)).toString('latin1'), line);
  }

  #malform(index: number, text: string, line: number): void {
    if (this.#malformed.size < MALFORMED_KEPT) this.#malformed.set(cellKey(line, index), text.slice(0, 80));
  }

  fault(code: LineFault['code'], line: number, text: string): void {
    const seen = this.#faults.get(code);
    if (seen) seen.count++;
    else this.#faults.set(code, { code, first: line, count: 1, text });
  }

  commit(line: number): void {
    this.#lines[this.rows++] = line;
    if (this.rows < this.#capacity) return;
    this.#capacity *= 2;
    const lines = new Uint32Array(this.#capacity);
    lines.set(this.#lines);
    this.#lines = lines;
    for (const column of this.#columns) {
      const values = new Float64Array(this.#capacity);
      values.set(column.values);
      column.values = values;
    }
  }

  build(): Table {
    return {
      rows: this.rows,
      lines: this.#lines.subarray(0, this.rows),
      columns: this.#columns.map(({ index, name, role, values, labels }) => ({
        index,
        name,
        role,
        labels,
        values: values.subarray(0, this.rows),
      })),
      malformed: this.#malformed,
      faults: [...this.#faults.values()],
      absoluteTimes: this.#absolute,
    };
  }
}
