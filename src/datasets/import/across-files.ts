import { badData } from '../../errors.js';
import { KIND_COLUMNS } from '../../events/market.js';
import { timeframeMs } from '../../market/timeframe.js';
import { formatDuration, formatTime } from '../../time.js';
import { grouped } from '../quality/check.js';
import type { Finding, Imported, Series } from '../series.js';
import type { ImportOptions } from './options.js';
import { UNIQUE } from './settle.js';

type Rule = Pick<ImportOptions, 'mode' | 'duplicates'>;

/** Which column of row `i` of `a` differs from row `j` of `b`, or -1. The interval of a funding rate is told from its neighbours, which a file cuts off. */
const differing = (a: Series, i: number, b: Series, j: number): number =>
  a.columns.findIndex((column, c) => !(a.kind === 'funding' && c > 0) && !Object.is(column[i], b.columns[c]?.[j]));

/** Calls back for every time that both series have with other values. */
const eachConflict = (a: Series, b: Series, found: (i: number, j: number) => void): void => {
  for (let i = 0, j = 0; i < a.rows && j < b.rows;) {
    const [x, y] = [a.ts[i] ?? NaN, b.ts[j] ?? NaN];
    if (x === y && differing(a, i, b, j) >= 0) found(i, j);
    if (x <= y) i++;
    if (y <= x) j++;
  }
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
const settleConflicts = (group: readonly Imported[], { duplicates, mode }: Rule, findings: Map<Imported, Finding[]>): Imported[] => {
  const dropped = group.map(() => new Set<number>());
  for (const [n, later] of group.entries())
    for (const [m, earlier] of group.slice(0, n).entries()) {
      const [a, b] = [earlier.series, later.series];
      const at: { i: number; j: number }[] = [];
      eachConflict(a, b, (i, j) => {
        at.push({ i, j });
        if (duplicates !== 'first') dropped[m]?.add(i);
        if (duplicates !== 'last') dropped[n]?.add(j);
      });
      const [first] = at;
      if (!first) continue;
      const ts = b.ts[first.j] ?? NaN;
      const column = differing(a, first.i, b, first.j);
      const name = KIND_COLUMNS[b.kind][column] ?? 'value';
      const what = `${grouped(at.length)} rows have the time of a row of ${earlier.source.file} and other values, the first at ${formatTime(ts)} (${name} ${a.columns[column]?.[first.i]} there, ${b.columns[column]?.[first.j]} here)`;
      findings.get(later)?.push({
        code: 'conflicting-duplicate',
        severity: duplicates === undefined || mode === 'strict' ? 'error' : 'warning',
        file: later.source.file,
        symbol: b.symbol,
        kind: b.kind,
        ts,
        count: at.length,
        message:
          duplicates === undefined
            ? `${what}: which is right cannot be told from these files. None of them is handed over; choose with --duplicates first or last.`
            : `${what}.`,
        ...(duplicates === undefined ? {} : { repaired: `the ${duplicates} of each kept, as asked` }),
      });
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
