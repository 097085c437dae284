import type { Sample } from './sample.js';
import { TableBuilder, type ColumnPlan, type Table } from './table.js';

type Row = readonly unknown[] | Readonly<Record<string, unknown>>;

const parseRow = (text: string): Row | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const cellText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

const isArray = (row: Row): row is readonly unknown[] => Array.isArray(row);

/** The first rows of an NDJSON text. Columns are the keys of the objects, in order of appearance; arrays have no header. */
export const ndjsonSample = (head: string, complete: boolean): Sample => {
  const lines = head.split('\n');
  if (!complete) lines.pop();
  const rows = lines
    .filter(line => line.trim() !== '')
    .slice(0, 400)
    .map(parseRow)
    .filter(row => row !== undefined);
  const keys = new Set<string>();
  for (const row of rows) if (!isArray(row)) for (const key of Object.keys(row)) keys.add(key);
  const header = keys.size > 0 ? [...keys] : undefined;
  return {
    format: 'ndjson',
    header,
    rows: rows.map(row => (isArray(row) ? row.map(cellText) : (header ?? []).map(key => cellText(row[key])))),
  };
};

/** Reads NDJSON chunk by chunk into columns. */
export class NdjsonParser {
  readonly #builder: TableBuilder;
  readonly #plans: readonly ColumnPlan[];
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;

  constructor(plans: readonly ColumnPlan[]) {
    this.#plans = plans;
    this.#builder = new TableBuilder(plans);
  }

  push(chunk: Buffer): void {
    const buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let newline = buffer.indexOf(10); newline >= 0; newline = buffer.indexOf(10, start)) {
      this.#row(buffer.toString('utf8', start, newline), false);
      start = newline + 1;
    }
    this.#rest = buffer.subarray(start);
  }

  end(cut: boolean): Table {
    if (this.#rest.length > 0) this.#row(this.#rest.toString('utf8'), true, cut);
    return this.#builder.build();
  }

  #row(text: string, last: boolean, cut = false): void {
    const line = ++this.#line;
    if (text.trim() === '') return;
    const row = cut ? undefined : parseRow(text);
    if (row === undefined) {
      this.#builder.fault(last ? 'half-written-line' : 'malformed-line', line, text.slice(0, 120));
      return;
    }
    this.#plans.forEach((plan, slot) => {
      const value = isArray(row) ? row[plan.index] : row[plan.name];
      if (plan.role === 'number' && typeof value === 'number') this.#builder.number(slot, value);
      else this.#builder.text(slot, cellText(value), line);
    });
    this.#builder.commit(line);
  }
}
