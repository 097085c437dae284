import { badData } from '../../errors.js';
import { KIND_COLUMNS, type MarketKind } from '../../events/market.js';
import type { Symbol } from '../../market/instrument.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../time.js';
import { grouped, plural } from '../quality/check.js';
import { zone as zoneOf } from '../quality/zone.js';
import type { Finding, Severity } from '../series.js';
import type { Field } from './field-names.js';
import type { ImportOptions } from './options.js';
import type { ReadingPlan } from './reading-plan.js';
import { filterRows, refuseSeveral } from './several-series.js';
import { cellKey, type Table, type TableColumn } from './table.js';
import { toMilliseconds, toUtc } from './time-column.js';

/** Rows of one kind of one symbol as they stand in one text: in file order, times in UTC, bars still labelled as the file labels them. */
export interface Part {
  readonly file: string;
  readonly kind: MarketKind;
  readonly symbol: Symbol;
  readonly ts: Float64Array;
  readonly columns: readonly Float64Array[];
  /** 1-based line of each row. */
  readonly lines: Uint32Array;
  readonly findings: readonly Finding[];
  readonly reading: Readonly<Record<string, string>>;
  /** Times were written without a zone and none was given. */
  readonly naive: boolean;
}

const SIDES: Readonly<Record<string, number>> = {
  buy: 1,
  b: 1,
  bid: 1,
  bids: 1,
  long: 1,
  '1': 1,
  sell: -1,
  s: -1,
  ask: -1,
  asks: -1,
  a: -1,
  short: -1,
  '-1': -1,
};

const YES = /^(1|true|yes|listed|snapshot|partial|t|y)$/i;
const NO = /^(0|false|no|delisted|f|n)$/i;

/** An interval in hours, minutes, seconds or milliseconds, told by its size. */
const intervalMs = (value: number): number =>
  value <= 24 ? value * HOUR : value <= DAY / MINUTE ? value * MINUTE : value <= DAY / SECOND ? value * SECOND : value;

/** How the words of a column become the numbers of the kind's column. */
const wordValue = (field: Field, label: string): number => {
  const word = label.toLowerCase();
  switch (field) {
    case 'side':
      return SIDES[word] ?? NaN;
    case 'buyerMaker':
      return YES.test(word) ? -1 : NO.test(word) ? 1 : NaN;
    case 'listed':
      return YES.test(word) ? 1 : NO.test(word) ? 0 : NaN;
    case 'action':
      return YES.test(word) ? 1 : 0;
    default:
      return NaN;
  }
};

/** The file's field behind each column of a kind. */
const SOURCES: Readonly<Record<MarketKind, readonly Field[]>> = {
  universe: ['listed'],
  index: ['price'],
  mark: ['price'],
  book: ['side', 'price', 'quantity', 'action', 'firstId', 'lastId', 'previousId'],
  quotes: ['bid', 'bidSize', 'ask', 'askSize'],
  trades: ['price', 'quantity', 'side'],
  funding: ['rate', 'interval'],
  'open-interest': ['openInterest'],
  bars: ['open', 'high', 'low', 'close', 'volume'],
};

/** Columns that a row cannot be without. */
const REQUIRED: Readonly<Record<MarketKind, readonly string[]>> = {
  universe: ['listed'],
  index: ['price'],
  mark: ['price'],
  book: ['side', 'price', 'quantity'],
  quotes: ['bid', 'ask'],
  trades: ['price', 'quantity'],
  funding: ['rate'],
  'open-interest': ['value'],
  bars: ['open', 'high', 'low', 'close'],
};

const take = (values: Float64Array, rows: Uint32Array): Float64Array => {
  if (rows.length === values.length) return values.slice();
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] ?? 0] ?? NaN;
  return out;
};

const columnAt = (table: Table, index: number | undefined): TableColumn | undefined =>
  index === undefined ? undefined : table.columns.find(column => column.index === index);

const valuesOf = (table: Table, plan: ReadingPlan, field: Field, rows: Uint32Array): { values: Float64Array; source?: TableColumn } => {
  const direct = columnAt(table, plan.fields[field]);
  const source = field === 'side' && !direct ? columnAt(table, plan.fields.buyerMaker) : direct;
  if (!source) return { values: new Float64Array(rows.length).fill(field === 'action' ? 0 : NaN) };
  const values = take(source.values, rows);
  if (source.role === 'category') {
    const meaning: Field = source === direct ? field : 'buyerMaker';
    const meanings = source.labels.map(label => wordValue(meaning, label));
    for (let i = 0; i < values.length; i++) values[i] = meanings[values[i] ?? -1] ?? NaN;
  }
  if (field === 'interval') for (let i = 0; i < values.length; i++) values[i] = intervalMs(values[i] ?? NaN);
  return { values, source };
};

const LINE_FAULTS = {
  'wrong-field-count': 'lines have another number of fields than the rest',
  'half-written-line': 'last line is half written',
  'malformed-line': 'lines cannot be read',
} as const;

/**
 * Picks the rows and columns that were asked for out of a table and gives them meaning. Rows that lack their time or a price are left out and
 * named; nothing is filled in. Throws usage errors for a filter that fits nothing and for several series in one file.
 */
export const partsOf = (
  table: Table,
  plan: ReadingPlan,
  file: string,
  symbol: (fileSymbol: string | undefined) => Symbol,
  options: ImportOptions,
): Part[] => {
  const rows = filterRows(table, file, options.filter);
  refuseSeveral(table, plan, rows, file, options.filter);
  const symbols = columnAt(table, plan.fields.symbol);
  if (plan.kind === 'universe' && symbols)
    return symbols.labels
      .map((label, code) => ({ label, rows: rows.filter(row => symbols.values[row] === code) }))
      .filter(group => group.rows.length > 0)
      .map(group => partOf(table, plan, file, group.rows, group.label.includes('/') ? group.label : symbol(group.label), options));
  const label = symbols && rows.length > 0 ? symbols.labels[symbols.values[rows[0] ?? 0] ?? -1] : undefined;
  return [partOf(table, plan, file, rows, symbol(label), options)];
};

const partOf = (table: Table, plan: ReadingPlan, file: string, rows: Uint32Array, symbol: Symbol, options: ImportOptions): Part => {
  const { kind } = plan;
  const findings: Finding[] = [];
  const say = (code: string, severity: Severity, row: number | undefined, count: number, message: string): void => {
    findings.push({ code, severity, file, symbol, kind, count, message, ...(row !== undefined && { row }) });
  };
  for (const { code, count, first, text } of table.faults)
    say(
      code,
      'error',
      first,
      count,
      `${code === 'half-written-line' ? 'The' : grouped(count)} ${LINE_FAULTS[code]} and left out, first line ${first}: "${text}".`,
    );

  const timeColumn = columnAt(table, plan.fields.time);
  if (!timeColumn) throw badData('no-time', `${file} has no column of times.`, 'Map it with --columns time=NAME.');
  const lines = rows.length === table.rows ? table.lines : Uint32Array.from(rows, row => table.lines[row] ?? 0);
  const ts = take(timeColumn.values, rows);
  const written = timeColumn.role === 'time';
  const absolute = written && table.absoluteTimes > 0;
  let unit = 'written dates';
  if (!written) {
    const { units } = toMilliseconds(ts, options.timeUnit ?? 'auto');
    unit = units.map(({ unit: name, rows: n }) => (units.length > 1 ? `${name} (${n} rows)` : name)).join(', ');
    const [main, other] = units;
    if (main && other)
      say(
        'mixed-time-units',
        'warning',
        lines[other.first === 0 ? main.first : other.first],
        units.slice(1).reduce((sum, { rows: n }) => sum + n, 0),
        `Times change their unit within the file: ${units.map(({ unit: name, rows: n, first }) => `${plural(n, 'row')} in ${name} from line ${lines[first]}`).join(', ')}; each was read by its size.`,
      );
  }
  if (absolute && table.absoluteTimes < table.rows)
    say(
      'mixed-zone',
      'error',
      undefined,
      table.rows - table.absoluteTimes,
      `${plural(table.rows - table.absoluteTimes, 'time')} without a zone in a file that writes it: they were read as UTC.`,
    );
  const given = options.zone !== undefined && !absolute;
  if (given) {
    const { impossible } = toUtc(ts, zoneOf(options.zone ?? 'UTC'));
    if (impossible.length > 0)
      say(
        'impossible-local-time',
        'error',
        lines[impossible[0] ?? 0],
        impossible.length,
        `${plural(impossible.length, 'time')} that no clock in ${options.zone} showed (it was put forward over them), first on line ${lines[impossible[0] ?? 0]}: the zone is another.`,
      );
  }

  const names: readonly string[] = KIND_COLUMNS[kind];
  const read = SOURCES[kind].map(field => valuesOf(table, plan, field, rows));
  const keep = new Uint8Array(rows.length).fill(1);
  const reject = (values: Float64Array, source: TableColumn, name: string, required: boolean): void => {
    const tallies = { malformed: { count: 0, first: -1 }, missing: { count: 0, first: -1 } };
    for (let i = 0; i < values.length; i++) {
      if (!Number.isNaN(values[i])) continue;
      if (required) keep[i] = 0;
      const broken = source.role !== 'number' || table.malformed.has(cellKey(lines[i] ?? 0, source.index));
      const tally = broken ? tallies.malformed : tallies.missing;
      if (tally.count++ === 0) tally.first = i;
    }
    const consequence = required ? '; such rows are left out' : '';
    if (tallies.malformed.count > 0) {
      const line = lines[tallies.malformed.first] ?? 0;
      const code = (source.labels[source.values[rows[tallies.malformed.first] ?? 0] ?? -1] ?? '').slice(0, 80);
      const text = table.malformed.get(cellKey(line, source.index)) ?? (source.role === 'number' ? '' : code);
      say(
        name === 'time' ? 'malformed-time' : source.role === 'category' ? 'malformed-word' : 'malformed-number',
        'error',
        line,
        tallies.malformed.count,
        `${plural(tallies.malformed.count, 'row')} with a ${name} that cannot be read, first "${text}" on line ${line}${consequence}.`,
      );
    }
    // Not every venue numbers its updates, nor every message of those that do.
    if (tallies.missing.count > 0 && !name.endsWith('Id')) {
      const line = lines[tallies.missing.first] ?? 0;
      say(
        name === 'time' ? 'malformed-time' : kind === 'funding' && name === 'rate' ? 'missing-rate' : 'missing-value',
        required ? 'error' : 'warning',
        line,
        tallies.missing.count,
        `${plural(tallies.missing.count, 'row')} without a ${name}${name === 'time' ? ' that can be' : ''}, first on line ${line}${consequence}.`,
      );
    }
  };
  reject(ts, timeColumn, 'time', true);
  names.forEach((name, position) => {
    const column = read[position];
    if (column?.source) reject(column.values, column.source, name, REQUIRED[kind].includes(name));
  });
  if (kind === 'bars' && !read[4]?.source)
    say('no-volume', 'warning', undefined, rows.length, 'The file has no volume: fills that depend on it cannot be simulated.');
  if (plan.alsoHolds)
    say(
      'other-kind',
      'info',
      undefined,
      rows.length,
      `The file also holds ${plan.alsoHolds}: import it again with --kind ${plan.alsoHolds}.`,
    );

  const good = keep.every(flag => flag === 1) ? undefined : Uint32Array.from([...keep.keys()].filter(i => keep[i] === 1));
  const mapping = SOURCES[kind]
    .map(
      (field, position) =>
        `${names[position]} ← ${read[position]?.source?.name ?? (field === 'interval' ? 'spacing of the rows' : 'none')}`,
    )
    .join(', ');
  return {
    file,
    kind,
    symbol,
    ts: good ? take(ts, good) : ts,
    columns: read.map(({ values }) => (good ? take(values, good) : values)),
    lines: good ? Uint32Array.from(good, i => lines[i] ?? 0) : lines,
    findings,
    naive: written && !absolute && !given,
    reading: {
      columns: `ts ← ${timeColumn.name}, ${mapping}`,
      timeUnit: unit,
      zone: absolute ? 'as written' : given ? (options.zone ?? '') : written ? 'UTC (assumed: the times name no zone)' : 'UTC',
      ...(options.filter && {
        filter: Object.entries(options.filter)
          .map(([k, v]) => `${k}=${v}`)
          .join(', '),
      }),
      ...(plan.layout !== '' && { layout: plan.layout }),
    },
  };
};
