import { usageError } from '../../errors.js';
import type { MarketKind } from '../../events/market.js';
import { baseVolume } from './base-volume.js';
import { parseDateText } from './date-text.js';
import { columnOf, FIELD_NAMES, isField, plainName, type Field } from './field-names.js';
import { headerlessColumns } from './headerless.js';
import type { ImportOptions } from './options.js';
import { sampleColumn, type Sample } from './sample.js';
import type { ColumnPlan, ColumnRole } from './table.js';

/** How a file is going to be read: which columns, as what, and what they mean. */
export interface ReadingPlan {
  readonly kind: MarketKind;
  readonly columns: readonly ColumnPlan[];
  readonly fields: Readonly<Partial<Record<Field, number>>>;
  /** Positions of word columns that may tell series apart. */
  readonly keys: readonly number[];
  /** The archive's layout, for files without a header. */
  readonly layout: string;
  /** Another kind that the file also holds. */
  readonly alsoHolds: MarketKind | undefined;
  /** The rows are bars though the kind is not: their value is known at the close. */
  readonly barLike: boolean;
  /** The time column is named as the bar's close. */
  readonly closeNamed: boolean;
}

const NEEDED: Readonly<Record<MarketKind, readonly Field[]>> = {
  bars: ['open', 'high', 'low', 'close'],
  mark: ['price'],
  index: ['price'],
  funding: ['rate'],
  'open-interest': ['openInterest'],
  trades: ['price', 'quantity'],
  quotes: ['bid', 'ask'],
  book: ['side', 'price', 'quantity'],
  universe: ['symbol', 'listed'],
};

const OPTIONAL: Readonly<Record<MarketKind, readonly Field[]>> = {
  bars: ['volume'],
  mark: [],
  index: [],
  funding: ['interval'],
  'open-interest': [],
  trades: ['side', 'buyerMaker'],
  quotes: ['bidSize', 'askSize'],
  book: ['action', 'firstId', 'lastId', 'previousId'],
  universe: [],
};

const looksNumeric = (cells: readonly string[]): boolean => {
  const filled = cells.filter(cell => cell !== '' && !/^(nan|null|none|na)$/i.test(cell));
  return filled.length === 0 || filled.filter(cell => Number.isFinite(Number(cell))).length >= 0.8 * filled.length;
};

const looksDated = (cells: readonly string[]): boolean => {
  const filled = cells.filter(cell => cell !== '');
  return filled.length > 0 && filled.filter(cell => !Number.isNaN(parseDateText(cell).ms)).length >= 0.5 * filled.length;
};

const fieldsByName = (sample: Sample): Partial<Record<Field, number>> => {
  const header = (sample.header ?? []).map(plainName);
  const fields: Partial<Record<Field, number>> = {};
  for (const field of Object.keys(FIELD_NAMES)) {
    if (!isField(field)) continue;
    const index = columnOf(field, header);
    if (index !== undefined) fields[field] = index;
  }
  // `t`, `s` and the like are times or sides only beside columns that make sense of them; a time must look like one.
  const { time } = fields;
  if (time !== undefined) {
    const cells = sampleColumn(sample, time);
    if (!looksNumeric(cells) && !looksDated(cells)) delete fields.time;
  }
  if (fields.close !== undefined) {
    const volume = baseVolume(sample, fields.close);
    if (volume !== undefined) fields.volume = volume;
  }
  return fields;
};

const kindOf = (fields: Partial<Record<Field, number>>, name: string): MarketKind | undefined => {
  const has = (...wanted: Field[]): boolean => wanted.every(field => fields[field] !== undefined);
  const named = /(^|[^a-z])index([^a-z]|$)/i.test(name) ? 'index' : /(^|[^a-z])mark([^a-z]|$)/i.test(name) ? 'mark' : undefined;
  if (has('open', 'high', 'low', 'close')) return fields.volume === undefined && named ? named : 'bars';
  if (has('bid', 'ask')) return 'quotes';
  if (has('side', 'price', 'quantity') && (has('action') || has('previousId'))) return 'book';
  if (has('price', 'quantity')) return 'trades';
  if (has('rate')) return 'funding';
  if (has('openInterest')) return 'open-interest';
  if (has('listed')) return 'universe';
  return has('price') ? named : undefined;
};

const position = (sample: Sample, width: number, field: string, wanted: string | number, file: string): number => {
  const header = sample.header ?? [];
  const index =
    typeof wanted === 'number' || /^\d+$/.test(wanted) ? Number(wanted) : header.findIndex(name => plainName(name) === plainName(wanted));
  if (index >= 0 && index < width) return index;
  throw usageError(
    'unknown-column',
    `${file} has no column "${wanted}" for ${field}; it has ${header.length > 0 ? header.join(', ') : `${width} columns without names`}.`,
    'Name one of them, or its position from 0.',
  );
};

/** A role by the look of the cells, for columns that have no fixed meaning. */
const roleOf = (cells: readonly string[], isTime: boolean): ColumnRole =>
  looksNumeric(cells) ? 'number' : isTime || looksDated(cells) ? 'time' : 'category';

const describeColumns = (sample: Sample, width: number): string =>
  sample.header ? sample.header.join(', ') : `${width} columns without names, first row ${(sample.rows[0] ?? []).join(',').slice(0, 100)}`;

/**
 * Decides how to read a file from its first rows, its name and the user's options. Throws a usage error naming the columns when kind, time or
 * a needed column cannot be told.
 */
export const planReading = (sample: Sample, file: string, options: ImportOptions): ReadingPlan => {
  const width = sample.header?.length ?? sample.rows[0]?.length ?? 0;
  const baseName = file.split(/[/!]/).slice(-2).join(' ');
  const headerless = sample.header ? undefined : headerlessColumns(sample);
  const fields: Partial<Record<Field, number>> = sample.header ? fieldsByName(sample) : { ...headerless?.columns };
  for (const [name, wanted] of Object.entries(options.columns ?? {})) {
    const field = name === 'ts' ? 'time' : name;
    if (!isField(field))
      throw usageError('unknown-field', `"${name}" is not a field.`, `Fields are ${Object.keys(FIELD_NAMES).join(', ')}.`);
    fields[field] = position(sample, width, field, wanted, file);
  }
  const found = kindOf(fields, baseName);
  const kind = options.kind ?? found;
  if (!kind)
    throw usageError(
      'unknown-kind',
      `What ${file} holds cannot be told from its columns (${describeColumns(sample, width)}).`,
      'Say it with --kind, and map columns with --columns, e.g. --columns time=0,close=4.',
    );
  const priceLike = kind === 'mark' || kind === 'index';
  const barLike =
    (priceLike && fields.open !== undefined && fields.close !== undefined) ||
    (kind === 'quotes' && (sample.header ?? []).some(name => plainName(name) === 'bidclose'));
  if (priceLike && (barLike || fields.price === undefined) && fields.close !== undefined) fields.price = fields.close;
  // A file of time and one value needs no name for the value.
  const [single] = NEEDED[kind];
  if (width === 2 && fields.time !== undefined && single !== undefined && NEEDED[kind].length === 1) fields[single] ??= 1 - fields.time;
  const missing = (['time', ...NEEDED[kind]] as const).filter(field => fields[field] === undefined);
  if (missing.length > 0)
    throw usageError(
      'missing-column',
      `${file} has no column for ${missing.join(', ')} of ${kind}; it has ${describeColumns(sample, width)}.`,
      `Map it with --columns, e.g. --columns ${missing.map(field => `${field}=NAME`).join(',')}.`,
    );
  const mapped = new Map<number, Field>();
  for (const field of ['time', ...NEEDED[kind], ...OPTIONAL[kind]] as const) {
    const index = fields[field];
    if (index !== undefined) mapped.set(index, field);
  }
  const filters = new Set(Object.keys(options.filter ?? {}).map(name => position(sample, width, '--filter', name, file)));
  const columns: ColumnPlan[] = [];
  const keys: number[] = [];
  for (let index = 0; index < width; index++) {
    const name = sample.header?.[index] ?? `column ${index}`;
    const field = mapped.get(index);
    const cells = sampleColumn(sample, index);
    if (field === 'symbol' || filters.has(index)) {
      columns.push({ index, name, role: 'category' });
      if (field !== 'symbol') keys.push(index);
    } else if (field === 'time') columns.push({ index, name, role: roleOf(cells, true) });
    else if (field === 'side' || field === 'buyerMaker' || field === 'action' || field === 'listed')
      columns.push({ index, name, role: 'category' });
    else if (field !== undefined) columns.push({ index, name, role: 'number' });
    else if (roleOf(cells, false) === 'category' && !flagColumn(cells) && new Set(cells).size <= 64) {
      columns.push({ index, name, role: 'category' });
      keys.push(index);
    }
  }
  return {
    kind,
    columns,
    fields,
    keys,
    layout: headerless?.layout ?? '',
    alsoHolds:
      kind === 'bars' && fields.rate !== undefined ? 'funding' : kind === 'funding' && fields.open !== undefined ? 'bars' : undefined,
    barLike,
    closeNamed: /^(close|end)time$/.test(plainName(sample.header?.[fields.time ?? -1] ?? '')),
  };
};

const flagColumn = (cells: readonly string[]): boolean => cells.every(cell => /^(true|false|)$/i.test(cell));
