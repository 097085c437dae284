import { usageError } from '../../errors.js';
import { plainName } from './field-names.js';
import type { ImportOptions } from './options.js';
import type { ReadingPlan } from './reading-plan.js';
import type { Table, TableColumn } from './table.js';

/** Words that tell markets apart, for kinds whose rows carry other words too (tick directions, order types). */
const KEY_NAME =
  /symbol|exchange|venue|crypto|coin|pair|contract|market|instrument|ticker|base|quote|asset|product|period|timeframe|source/;

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Indices of the rows that pass `--filter`. Throws a usage error, with the values there are, when none does. */
export const filterRows = (table: Table, file: string, filter: ImportOptions['filter']): Uint32Array => {
  const tests = Object.entries(filter ?? {}).map(([name, value]) => {
    const column = table.columns.find(c => plainName(c.name) === plainName(name) || String(c.index) === name);
    const code = column?.labels.findIndex(label => same(label, value)) ?? -1;
    if (!column || code < 0)
      throw usageError(
        'unknown-filter-value',
        `No row of ${file} has ${name} "${value}"; there are ${(column?.labels ?? []).slice(0, 20).join(', ')}.`,
        'Correct the value in --filter.',
      );
    // Values that differ in case only are one value.
    const codes = new Set(column.labels.flatMap((label, i) => (same(label, value) ? [i] : [])));
    return { values: column.values, codes };
  });
  const kept = new Uint32Array(table.rows);
  let n = 0;
  for (let row = 0; row < table.rows; row++) if (tests.every(({ values, codes }) => codes.has(values[row] ?? -1))) kept[n++] = row;
  if (n === 0 && table.rows > 0)
    throw usageError('empty-filter', `No row of ${file} passes all of --filter together.`, 'Leave one out, or correct its value.');
  return kept.subarray(0, n);
};

/** Throws a usage error listing the series when the rows kept belong to more than one. */
export const refuseSeveral = (table: Table, plan: ReadingPlan, rows: Uint32Array, file: string, filter: ImportOptions['filter']): void => {
  const strict = plan.kind === 'trades' || plan.kind === 'book' || plan.kind === 'quotes';
  const candidates = table.columns.filter(
    column =>
      (plan.keys.includes(column.index) || (column.index === plan.fields.symbol && plan.kind !== 'universe')) &&
      column.role === 'category' &&
      (!strict || KEY_NAME.test(plainName(column.name))),
  );
  const varying = candidates.filter(column => rows.some(row => column.values[row] !== column.values[rows[0] ?? 0]));
  if (varying.length === 0) return;
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = varying.map(column => column.labels[column.values[row] ?? -1] ?? '').join('\u0000');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const combinations = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const listed = combinations.slice(0, 24).map(([key, n]) => {
    const values = key.split('\u0000');
    return `${varying.map((column, i) => `${column.name}=${values[i]}`).join(' ')} (${n} rows)`;
  });
  const needed = smallestKey(varying, rows, combinations.length);
  const example = (combinations[0]?.[0] ?? '').split('\u0000');
  const pairs = [
    ...Object.entries(filter ?? {}).map(([name, value]) => `${name}=${value}`),
    ...needed.map(column => `${column.name}=${example[varying.indexOf(column)]}`),
  ];
  throw usageError(
    'several-series',
    `${file} holds ${combinations.length} series: ${listed.join('; ')}${combinations.length > 24 ? '; …' : ''}.`,
    `Choose one of them, e.g. with --filter "${pairs.join(',')}".`,
  );
};

/** Columns that suffice to tell all combinations apart: the most telling first, until they do. */
const smallestKey = (columns: readonly TableColumn[], rows: Uint32Array, total: number): TableColumn[] => {
  const distinct = (chosen: readonly TableColumn[]): number => {
    const seen = new Set<string>();
    for (const row of rows) seen.add(chosen.map(column => column.values[row]).join());
    return seen.size;
  };
  const chosen: TableColumn[] = [];
  let reached = 1;
  while (reached < total) {
    const best = columns
      .filter(column => !chosen.includes(column))
      .map(column => ({ column, count: distinct([...chosen, column]) }))
      .sort((a, b) => b.count - a.count)[0];
    if (!best || best.count === reached) break;
    chosen.push(best.column);
    reached = best.count;
  }
  return chosen;
};
