import type { Timeframe } from '../../market/timeframe.js';
import { timeframeOf } from '../../market/timeframe.js';
import type { MarketKind } from '../../events/market.js';
import { formatDuration } from '../../time.js';
import { clockJump } from '../quality/clock-jump.js';
import type { CheckContext } from '../quality/check.js';
import { duplicates, sameRow } from '../quality/duplicates.js';
import { fundingIntervals } from '../quality/funding-interval.js';
import { outOfOrder } from '../quality/out-of-order.js';
import type { Finding, Series } from '../series.js';
import type { ImportOptions } from './options.js';
import type { Part } from './rows.js';
import { barLength, usualStep } from './spacing.js';

/** A series in its final order, with what was found on the way. */
export interface Settled {
  readonly series: Series;
  readonly context: CheckContext;
  readonly findings: readonly Finding[];
  readonly reading: Readonly<Record<string, string>>;
}

/** Kinds of which one instant has one row. Several trades, quotes and book levels share an instant rightly. */
export const UNIQUE: ReadonlySet<MarketKind> = new Set<MarketKind>(['bars', 'funding', 'mark', 'index', 'open-interest']);

interface Merged {
  readonly ts: Float64Array;
  readonly columns: readonly Float64Array[];
  /** Index of the part and line within it, by row. */
  readonly part: Uint16Array;
  readonly lines: Uint32Array;
}

const merge = (parts: readonly Part[]): Merged => {
  const rows = parts.reduce((sum, part) => sum + part.ts.length, 0);
  const width = parts[0]?.columns.length ?? 0;
  const merged = {
    ts: new Float64Array(rows),
    columns: Array.from({ length: width }, () => new Float64Array(rows)),
    part: new Uint16Array(rows),
    lines: new Uint32Array(rows),
  };
  let offset = 0;
  parts.forEach((part, index) => {
    merged.ts.set(part.ts, offset);
    merged.columns.forEach((column, c) => column.set(part.columns[c] ?? new Float64Array(0), offset));
    merged.part.fill(index, offset, offset + part.ts.length);
    merged.lines.set(part.lines, offset);
    offset += part.ts.length;
  });
  return merged;
};

const reorder = (merged: Merged, order: Uint32Array): Merged => {
  const pick = (values: Float64Array): Float64Array => {
    const out = new Float64Array(order.length);
    for (let i = 0; i < order.length; i++) out[i] = values[order[i] ?? 0] ?? NaN;
    return out;
  };
  return {
    ts: pick(merged.ts),
    columns: merged.columns.map(pick),
    part: Uint16Array.from(order, i => merged.part[i] ?? 0),
    lines: Uint32Array.from(order, i => merged.lines[i] ?? 0),
  };
};

/** Order of the rows by time; rows of one instant stay as the file has them, from its oldest end. */
const timeOrder = (ts: Float64Array, newestFirst: boolean): Uint32Array | undefined => {
  let ascending = true;
  for (let i = 1; i < ts.length && ascending; i++) ascending = (ts[i] ?? NaN) >= (ts[i - 1] ?? NaN);
  if (ascending) return undefined;
  const tie = newestFirst ? -1 : 1;
  return Uint32Array.from(ts.keys()).sort((a, b) => (ts[a] ?? NaN) - (ts[b] ?? NaN) || tie * (a - b));
};

/** Rows to keep of those that share a time: one of identical ones; of conflicting ones what the rule says, or none. */
const uniqueRows = (series: Pick<Series, 'ts' | 'rows' | 'columns'>, rule: ImportOptions['duplicates']): Uint32Array => {
  const kept: number[] = [];
  for (let start = 0; start < series.rows;) {
    let end = start + 1;
    let conflict = false;
    while (end < series.rows && series.ts[end] === series.ts[start]) conflict = !sameRow(series, start, end++) || conflict;
    if (!conflict || rule === 'first') kept.push(start);
    else if (rule === 'last') kept.push(end - 1);
    start = end;
  }
  return Uint32Array.from(kept);
};

/** Updates of a book keep their sequence; the time of one that is stamped too early is lifted to that of the one before. */
const asSequence = (found: Finding): Finding =>
  found.code === 'out-of-order'
    ? {
        ...found,
        code: 'late-stamp',
        severity: 'warning',
        message: `${found.message} The sequence is kept; such rows take the time of the row before.`,
      }
    : found;

/** What was done about faults with one right answer, in words; the series that is handed over never has them. */
const remedy = (code: string, rule: ImportOptions['duplicates']): string | undefined => {
  switch (code) {
    case 'newest-first':
    case 'out-of-order':
      return 'sorted by time';
    case 'duplicate':
      return 'one of each kept';
    case 'half-written-line':
      return 'dropped';
    case 'conflicting-duplicate':
      return rule === undefined ? undefined : `the ${rule} of each kept, as asked`;
    default:
      return undefined;
  }
};

/** With `repair` a mended fault is no longer an error; otherwise it stays one, and the sentence says what is handed over. */
export const afterRepair = (found: Finding, options: Pick<ImportOptions, 'mode' | 'duplicates'>): Finding => {
  const done = remedy(found.code, options.duplicates);
  if (done === undefined)
    return found.code === 'conflicting-duplicate'
      ? { ...found, message: `${found.message} None of them is handed over; choose with --duplicates first or last.` }
      : found;
  if (options.mode === 'repair' || found.code === 'conflicting-duplicate') return { ...found, severity: 'warning', repaired: done };
  return { ...found, message: `${found.message} The rows are handed over ${done}.` };
};

/**
 * Puts the rows of one series into their final form: the parts of an archive joined in time order, sorted, unique where the kind is, bars and prices at
 * the time that the kind's `ts` means, funding intervals filled in from the spacing.
 */
export const settle = (
  given: readonly Part[],
  file: string,
  exchange: string,
  options: ImportOptions,
  shape: { readonly barLike: boolean; readonly closeNamed: boolean },
): Settled => {
  const parts = given.length > 1 ? given.toSorted((a, b) => (a.ts[0] ?? 0) - (b.ts[0] ?? 0)) : given;
  const [first] = parts;
  if (!first) throw new RangeError('no parts');
  const { kind, symbol } = first;
  const raw = merge(parts);
  const findings: Finding[] = parts.flatMap(part => part.findings);
  const contextOf = (rows: Merged, step: number): CheckContext => ({
    file,
    exchange,
    step,
    naive: first.naive,
    locate: index => ({ file: parts[rows.part[index] ?? 0]?.file ?? file, row: rows.lines[index] ?? 0 }),
  });
  const seriesOf = (rows: Merged): Series => ({ kind, symbol, rows: rows.ts.length, ts: rows.ts, columns: rows.columns });

  const order = outOfOrder(seriesOf(raw), contextOf(raw, NaN));
  findings.push(...(kind === 'book' ? order.map(asSequence) : order));
  const newestFirst = order.some(found => found.code === 'newest-first');
  const permutation = timeOrder(raw.ts, newestFirst);
  let rows = permutation ? reorder(raw, permutation) : raw;
  if (kind === 'book' && !newestFirst) {
    // The sequence of updates is the book; a message stamped earlier than the one before it still came after it.
    rows = raw;
    for (let i = 1; i < rows.ts.length; i++) rows.ts[i] = Math.max(rows.ts[i] ?? NaN, rows.ts[i - 1] ?? NaN);
  }

  const bars = kind === 'bars' || shape.barLike;
  const step = bars ? barLength(rows.ts, options.timeframe, file) : UNIQUE.has(kind) ? usualStep(rows.ts) : NaN;
  if (UNIQUE.has(kind)) {
    const inFileOrder = newestFirst ? reorder(raw, Uint32Array.from(raw.ts.keys()).reverse()) : raw;
    findings.push(...clockJump(seriesOf(inFileOrder), contextOf(inFileOrder, step)));
  }
  if (UNIQUE.has(kind)) {
    const found = duplicates(seriesOf(rows), contextOf(rows, step));
    findings.push(...found);
    if (found.length > 0) rows = reorder(rows, uniqueRows(seriesOf(rows), options.duplicates));
  }

  const reading: Record<string, string> = {};
  let timeframe: Timeframe | undefined;
  if (bars) {
    const aMomentBefore = rows.ts.length > 0 && rows.ts.subarray(0, 100).every(ts => (ts + 1) % step === 0);
    const label = options.label ?? (shape.closeNamed || aMomentBefore ? 'close' : 'open');
    // `23:59:59.999` is how some venues write the close at midnight.
    const shift = (aMomentBefore ? 1 : 0) + (kind === 'bars' ? (label === 'close' ? -step : 0) : label === 'open' ? step : 0);
    if (shift !== 0) for (let i = 0; i < rows.ts.length; i++) rows.ts[i] = (rows.ts[i] ?? NaN) + shift;
    reading['label'] = options.label ? label : shape.closeNamed || aMomentBefore ? 'close (told by the times)' : 'open (assumed)';
    reading['timeframe'] = `${formatDuration(step)}${options.timeframe ? '' : ' (from the spacing)'}`;
    if (kind === 'bars') timeframe = timeframeOf(step);
  }
  if (kind === 'funding') {
    const interval = rows.columns[1];
    const inferred = fundingIntervals(rows.ts, rows.ts.length);
    if (interval) for (let i = 0; i < interval.length; i++) if (Number.isNaN(interval[i])) interval[i] = inferred[i] ?? NaN;
  }
  return {
    series: { ...seriesOf(rows), ...(timeframe && { timeframe }) },
    context: contextOf(rows, step),
    findings: findings.map(found => afterRepair(found, options)),
    reading,
  };
};
