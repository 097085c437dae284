import { badData } from '../../errors.js';
import { KIND_COLUMNS } from '../../events/market.js';
import { timeframeMs } from '../../market/timeframe.js';
import { formatDuration, formatTime } from '../../time.js';
import { differingColumn } from '../merge.js';
import { grouped } from '../quality/check.js';
import { lowerBound } from '../range.js';
import type { Finding, Imported, Series } from '../series.js';
import type { ImportOptions } from './options.js';
import { afterRepair, UNIQUE } from './settle.js';

type Rule = Pick<ImportOptions, 'mode' | 'duplicates'>;

/** What is compared of a row. The interval of a funding rate is told from its neighbours, which a file cuts off. */
const judged = ({ kind, columns }: Series): Pick<Series, 'columns'> => ({ columns: kind === 'funding' ? columns.slice(0, 1) : columns });

interface Conflict {
  readonly i: number;
  readonly j: number;
  readonly column: number;
}

/** The times that both series have with other values, as their rows and the first column that differs. Only where both have rows. */
const conflictsOf = (a: Series, b: Series): Conflict[] => {
  const [left, right] = [judged(a), judged(b)];
  const found: Conflict[] = [];
  let i = lowerBound(a.ts, a.rows, b.ts[0] ?? NaN);
  let j = lowerBound(b.ts, b.rows, a.ts[0] ?? NaN);
  while (i < a.rows && j < b.rows) {
    const [x, y] = [a.ts[i] ?? NaN, b.ts[j] ?? NaN];
    const column = x === y ? differingColumn(left, i, right, j) : -1;
    if (column >= 0) found.push({ i, j, column });
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return found;
};

const without = (series: Series, dropped: ReadonlySet<number>): Series => {
  if (dropped.size === 0) return series;
  const pick = (values: Float64Array): Float64Array => values.subarray(0, series.rows).filter((_, i) => !dropped.has(i));
  return { ...series, rows: series.rows - dropped.size, ts: pick(series.ts), columns: series.columns.map(pick) };
};

/**
 * Rows of two files of one series that share a time and differ: as inside one file, none of them is handed over unless the user named a rule, and
 * the finding is the later file's. `group` is in the order in which the files were given.
 */
const settleConflicts = (group: readonly Imported[], rule: Rule, findings: Map<Imported, Finding[]>): Imported[] => {
  const dropped = group.map(() => new Set<number>());
  for (const [n, later] of group.entries())
    for (const [m, earlier] of group.slice(0, n).entries()) {
      const [a, b] = [earlier.series, later.series];
      const conflicts = conflictsOf(a, b);
      const [first] = conflicts;
      if (!first) continue;
      for (const { i, j } of conflicts) {
        if (rule.duplicates !== 'first') dropped[m]?.add(i);
        if (rule.duplicates !== 'last') dropped[n]?.add(j);
      }
      const { i, j, column } = first;
      const ts = b.ts[j] ?? NaN;
      const values = `${KIND_COLUMNS[b.kind][column]} ${a.columns[column]?.[i]} there, ${b.columns[column]?.[j]} here`;
      findings.get(later)?.push(
        afterRepair(
          {
            code: 'conflicting-duplicate',
            severity: 'error',
            file: later.source.file,
            symbol: b.symbol,
            kind: b.kind,
            ts,
            count: conflicts.length,
            message: `${grouped(conflicts.length)} rows have the time of a row of ${earlier.source.file} and other values, the first at ${formatTime(ts)} (${values}): which is right cannot be told from these files.`,
          },
          rule,
        ),
      );
    }
  const kept = group.map((one, n) => ({ ...one, series: without(one.series, dropped[n] ?? new Set()) }));
  const [one] = group;
  if (one && kept.every(({ series }) => series.rows === 0))
    throw badData(
      'no-rows',
      `Every row of ${group.map(({ source }) => source.file).join(' and ')} contradicts another: ${findings.get(group.at(-1) ?? one)?.[0]?.message ?? ''}`,
      'Choose with --duplicates first or last.',
    );
  return kept;
};

/**
 * What shows only between files of one series (a venue's monthly archives): a hole where a month is missing, an overlap, or rows that contradict each
 * other. The finding is attached to the later file.
 */
export const acrossFiles = (imported: readonly Imported[], rule: Rule): Imported[] => {
  const extra = new Map<Imported, Finding[]>(imported.map(one => [one, []]));
  const settled = new Map<Imported, Imported>();
  const groups = new Map<string, Imported[]>();
  for (const one of imported) {
    const key = `${one.series.kind} ${one.series.symbol} ${one.series.timeframe ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) {
    const unique = UNIQUE.has(group[0]?.series.kind ?? 'trades');
    for (const [n, one] of (unique ? settleConflicts(group, rule, extra) : group).entries()) settled.set(group[n] ?? one, one);
    const sorted = group.toSorted((a, b) => (a.series.ts[0] ?? 0) - (b.series.ts[0] ?? 0));
    for (let i = 1; i < sorted.length; i++) {
      const [before, after] = [sorted[i - 1], sorted[i]];
      if (!before || !after) continue;
      const { kind, symbol, timeframe, rows } = after.series;
      const from = before.series.ts[before.series.rows - 1] ?? NaN;
      const to = after.series.ts[0] ?? NaN;
      const common = { file: after.source.file, symbol, kind, ts: to };
      if (to <= from)
        extra.get(after)?.push({
          ...common,
          code: 'file-overlap',
          severity: 'warning',
          count: after.series.ts.subarray(0, rows).filter(ts => ts <= from).length,
          message: `The file begins ${formatTime(to)}, before ${before.source.file} ends (${formatTime(from)}).`,
        });
      else if (timeframe && to - from > timeframeMs(timeframe))
        extra.get(after)?.push({
          ...common,
          code: 'gap',
          severity: 'warning',
          count: Math.round((to - from) / timeframeMs(timeframe)) - 1,
          message: `${formatDuration(to - from - timeframeMs(timeframe))} are missing between ${before.source.file} (to ${formatTime(from)}) and this file (from ${formatTime(to)}).`,
        });
    }
  }
  return imported.map(one => {
    const handed = settled.get(one) ?? one;
    return { ...handed, findings: [...handed.findings, ...(extra.get(one) ?? [])] };
  });
};
