import { timeframeMs } from '../../market/timeframe.js';
import { formatTime } from '../../time.js';
import { lowerBound } from '../range.js';
import { usualStep } from '../import/spacing.js';
import type { Finding, Series } from '../series.js';
import type { CheckContext } from './check.js';
import { missingFunding } from './funding.js';
import { gaps } from './gaps.js';
import { impossibleStep } from './impossible-step.js';
import { redenomination } from './redenomination.js';

/** Findings about what is missing. Another file may bring it, and what is missing between two files no file shows. */
const HOLES = new Set(['gap', 'sparse', 'pagination-hole', 'long-halt', 'missing-funding', 'market-hours']);
/** Bars on either side of a seam that tell what the market usually moves. */
const BESIDE = 300;

/** What findings about a series of several files are filed under. */
export const wholeName = ({ kind, symbol, timeframe }: Pick<Series, 'kind' | 'symbol' | 'timeframe'>): string =>
  `${kind}${timeframe === undefined ? '' : ` ${timeframe}`} of ${symbol}, all files`;

const contextOf = (series: Series, exchange: string): CheckContext => {
  const file = wholeName(series);
  const step =
    series.timeframe !== undefined
      ? timeframeMs(series.timeframe)
      : series.kind === 'mark' || series.kind === 'index' || series.kind === 'open-interest'
        ? usualStep(series.ts)
        : NaN;
  return { file, exchange, step, naive: false, locate: () => ({ file }) };
};

const missingIn = (findings: readonly Finding[]): number =>
  findings.reduce((sum, { code, count }) => (HOLES.has(code) && code !== 'market-hours' ? sum + count : sum), 0);

/** Whether nothing is where a row should be right before `ts`. */
const endsHole = ({ ts, rows, columns, kind }: Series, { step }: CheckContext, at: number): boolean => {
  const index = lowerBound(ts, rows, at);
  const length = kind === 'funding' ? (columns[1]?.[index] ?? NaN) : step;
  return index > 0 && ts[index] === at && at - (ts[index - 1] ?? NaN) > 1.5 * length;
};

const part = (series: Series, from: number, to: number): Series => ({
  ...series,
  rows: to - from,
  ts: series.ts.subarray(from, to),
  columns: series.columns.map(column => column.subarray(from, to)),
});

/** What the bars on both sides of a seam show together and neither side alone: a new unit, another asset, a step that this market does not make. */
const atSeam = (series: Series, context: CheckContext, index: number): Finding[] => {
  const [from, to] = [Math.max(0, index - BESIDE), Math.min(series.rows, index + BESIDE)];
  const found = (a: number, b: number): Finding[] => [redenomination, impossibleStep].flatMap(check => check(part(series, a, b), context));
  const alone = [...found(from, index), ...found(index, to)];
  const [open, , , close] = series.columns;
  return found(from, to)
    .filter(({ code, count }) => count > alone.reduce((sum, each) => (each.code === code ? sum + each.count : sum), 0))
    .map(each => ({
      ...each,
      ts: series.ts[index] ?? NaN,
      count: 1,
      message: `Two files of this series do not fit together: the close of ${formatTime(series.ts[index - 1] ?? NaN)} is ${close?.[index - 1]}, the open of ${formatTime(series.ts[index] ?? NaN)} is ${open?.[index]}. Another unit, or another market.`,
    }));
};

/**
 * The findings `known` of a dataset, with those about this series put right for all its files together: holes between files, holes that
 * another file has filled since, and prices that jump where one file ends and the next begins. `seams` are times at which a file that was just
 * imported begins, or after which it ends.
 */
export const findingsOfWhole = (
  series: Series,
  exchange: string,
  files: readonly string[],
  known: readonly Finding[],
  seams: readonly number[],
): Finding[] => {
  const context = contextOf(series, exchange);
  const isOurs = (finding: Finding): boolean => finding.kind === series.kind && finding.symbol === series.symbol;
  const isWhole = (finding: Finding): boolean => finding.file === context.file;
  const byFile = known.filter(f => isOurs(f) && files.includes(f.file) && HOLES.has(f.code));
  const check = series.kind === 'funding' ? missingFunding : gaps;
  const holes = check(series, context).filter(f => HOLES.has(f.code));
  const asKnown = missingIn(holes) === missingIn(byFile) && byFile.every(f => f.ts === undefined || endsHole(series, context, f.ts));
  const rest = known.filter(f => !isWhole(f) && (asKnown || !byFile.includes(f)));
  const suspects = new Set<number>();
  if (series.kind === 'bars')
    for (const ts of [...seams, ...known.filter(f => isWhole(f) && !HOLES.has(f.code)).map(f => f.ts ?? NaN)]) {
      const index = lowerBound(series.ts, series.rows, ts);
      if (index > 0 && index < series.rows) suspects.add(index);
    }
  const jumps = [...suspects].sort((a, b) => a - b).flatMap(index => atSeam(series, context, index));
  return [...rest, ...(asKnown ? [] : holes), ...jumps];
};
