import { badData } from '../../errors.js';
import { parseDateText } from './date-text.js';
import type { Sample } from './sample.js';
import { TableBuilder, type ColumnPlan, type Table } from './table.js';

/** How the lines of a CSV are laid out. */
interface CsvLayout {
  readonly delimiter: number;
  readonly fields: number;
  /** 1-based line of the first row of data. */
  readonly firstLine: number;
  /** Lines before the header that belong to no column. */
  readonly junk: readonly string[];
}

const DELIMITERS = [',', ';', '\t', '|'];

const splitLine = (line: string, delimiter: string): string[] => {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? '';
    if (c === '"' && quoted && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (c === delimiter && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += c;
  }
  cells.push(cell);
  return cells;
};

const isDatum = (cell: string): boolean => {
  const text = cell.trim();
  return text !== '' && (Number.isFinite(Number(text)) || !Number.isNaN(parseDateText(text).ms));
};

const mode = (values: readonly number[]): number => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
};

/**
 * Tells the layout from the beginning of a file (without a byte order mark): the delimiter that cuts most lines into the same number of
 * fields, junk lines before the header (fewer fields than the rest), and whether there is a header (a line in which nothing is a number
 * or a date). Throws bad data for text that has no columns.
 */
export const csvLayout = (head: string, complete: boolean, file: string): { readonly layout: CsvLayout; readonly sample: Sample } => {
  const lines = head.split('\n').map(line => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (!complete || lines.at(-1) === '') lines.pop();
  const seen = lines.slice(0, 400);
  const filled = seen.filter(line => line.trim() !== '');
  if (filled.length === 0) throw badData('empty-file', `${file} holds no rows.`, 'Download it again.');
  const best = DELIMITERS.map(delimiter => {
    const counts = filled.map(line => splitLine(line, delimiter).length);
    const fields = mode(counts);
    return { delimiter, fields, agree: counts.filter(count => count === fields).length * (fields > 1 ? 1 : 0) };
  }).sort((a, b) => b.agree - a.agree || b.fields - a.fields)[0];
  if (!best || best.agree === 0)
    throw badData('no-columns', `${file} is not a CSV: its lines have one field each.`, 'Give a CSV, NDJSON or Parquet file.');
  const { delimiter, fields } = best;
  const first = seen.findIndex(line => splitLine(line, delimiter).length === fields);
  const cells = splitLine(seen[first] ?? '', delimiter);
  const header = cells.some(isDatum) ? undefined : cells.map(cell => cell.trim());
  const dataStart = header ? first + 1 : first;
  const rows = seen
    .slice(dataStart)
    .map(line => splitLine(line, delimiter))
    .filter(row => row.length === fields);
  return {
    layout: {
      delimiter: delimiter.charCodeAt(0),
      fields,
      firstLine: dataStart + 1,
      junk: seen.slice(0, first).filter(line => line.trim() !== ''),
    },
    sample: { format: 'csv', header, rows },
  };
};

const POWERS = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

/** Reads a CSV chunk by chunk into columns; nothing but the columns is kept. */
export class CsvParser {
  readonly #builder: TableBuilder;
  /** Slot of each field of a line plus one, 0 where it is not read. */
  readonly #slots: Int32Array;
  readonly #roles: Uint8Array;
  readonly #layout: CsvLayout;
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;

  constructor(layout: CsvLayout, plans: readonly ColumnPlan[]) {
    this.#layout = layout;
    this.#builder = new TableBuilder(plans);
    this.#slots = new Int32Array(layout.fields);
    this.#roles = new Uint8Array(layout.fields);
    plans.forEach(({ index, role }, slot) => {
      this.#slots[index] = slot + 1;
      this.#roles[index] = role === 'number' ? 1 : role === 'time' ? 2 : 3;
    });
  }

  push(chunk: Buffer): void {
    const buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let newline = buffer.indexOf(10); newline >= 0; newline = buffer.indexOf(10, start)) {
      this.#row(buffer, start, newline > start && buffer[newline - 1] === 13 ? newline - 1 : newline, false);
      start = newline + 1;
    }
    this.#rest = buffer.subarray(start);
  }

  /** `cut`: the file ends before its end (a truncated archive), so that a last line without a line end cannot be trusted. */
  end(cut: boolean): Table {
    const { length } = this.#rest;
    if (length > 0) {
      if (cut) this.#builder.fault('half-written-line', ++this.#line, this.#rest.toString('latin1').slice(0, 120));
      else this.#row(this.#rest, 0, this.#rest[length - 1] === 13 ? length - 1 : length, true);
    }
    return this.#builder.build();
  }

  #row(bytes: Buffer, start: number, end: number, last: boolean): void {
    const line = ++this.#line;
    if (line < this.#layout.firstLine || end <= start) return;
    const builder = this.#builder;
    const { delimiter, fields } = this.#layout;
    const row = builder.rows;
    let field = 0;
    let p = start;
    for (;;) {
      const slot = field < fields ? (this.#slots[field] ?? 0) - 1 : -1;
      let q = p;
      if (bytes[p] === 34) {
        q = this.#quoted(bytes, p, end, slot, line);
      } else if (slot >= 0 && this.#roles[field] === 1) {
        let c = bytes[q] ?? 0;
        const negative = c === 45;
        if (negative) c = bytes[++q] ?? 0;
        let mantissa = 0;
        let digits = 0;
        let scale = 0;
        while (q < end && c >= 48 && c <= 57) {
          mantissa = mantissa * 10 + (c - 48);
          digits++;
          c = bytes[++q] ?? 0;
        }
        if (q < end && c === 46) {
          c = bytes[++q] ?? 0;
          while (q < end && c >= 48 && c <= 57) {
            mantissa = mantissa * 10 + (c - 48);
            digits++;
            scale++;
            c = bytes[++q] ?? 0;
          }
        }
        // Both are exact below 2^53 and 10^22, so that the division rounds as the decimal text does.
        if (digits > 0 && digits <= 15 && (q === end || c === delimiter)) {
          const value = scale === 0 ? mantissa : mantissa / (POWERS[scale] ?? 1);
          builder.values(slot)[row] = negative ? -value : value;
        } else {
          q = bytes.indexOf(delimiter, p);
          if (q < 0 || q > end) q = end;
          builder.text(slot, bytes.toString('latin1', p, q), line);
        }
      } else {
        while (q < end && bytes[q] !== delimiter) q++;
        if (slot >= 0) {
          if (this.#roles[field] === 2) {
            let from = p;
            let to = q;
            while (from < to && bytes[from] === 32) from++;
            while (to > from && bytes[to - 1] === 32) to--;
            builder.date(slot, bytes, from, to, line);
          } else builder.text(slot, bytes.toString('utf8', p, q), line);
        }
      }
      field++;
      if (q >= end) break;
      p = q + 1;
    }
    if (field !== fields) {
      const text = bytes.toString('latin1', start, Math.min(end, start + 120));
      if (text.trim() === '') return;
      builder.fault(last && field < fields ? 'half-written-line' : 'wrong-field-count', line, text);
      return;
    }
    if (last && this.#lastCellBroken(row, fields)) {
      builder.fault('half-written-line', line, bytes.toString('latin1', start, Math.min(end, start + 120)));
      return;
    }
    builder.commit(line);
  }

  #lastCellBroken(row: number, fields: number): boolean {
    const slot = (this.#slots[fields - 1] ?? 0) - 1;
    return (
      slot >= 0 &&
      this.#roles[fields - 1] !== 3 &&
      row > 0 &&
      Number.isNaN(this.#builder.values(slot)[row]) &&
      !Number.isNaN(this.#builder.values(slot)[row - 1])
    );
  }

  /** Reads a quoted cell; returns the position of the delimiter after it. */
  #quoted(bytes: Buffer, start: number, end: number, slot: number, line: number): number {
    let q = start + 1;
    let doubled = false;
    while (q < end) {
      if (bytes[q] === 34) {
        if (bytes[q + 1] !== 34 || q + 1 >= end) break;
        doubled = true;
        q++;
      }
      q++;
    }
    if (slot >= 0) {
      const text = bytes.toString('utf8', start + 1, Math.min(q, end));
      this.#builder.text(slot, doubled ? text.replaceAll('""', '"') : text, line);
    }
    while (q < end && bytes[q] !== this.#layout.delimiter) q++;
    return q;
  }
}
