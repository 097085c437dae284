import { formatTime } from '../../time.js';
import type { Finding, Series, Severity } from '../series.js';

/** What a check may know beside the rows. */
export interface CheckContext {
  /** The file as a whole, for findings that no single line is to blame for. */
  readonly file: string;
  readonly exchange: string;
  /** Usual distance between two rows, milliseconds: the bar's length, or what the spacing of the rows says. NaN for event streams. */
  readonly step: number;
  /** True when times were written without a zone and none was given: they were read as UTC on trust. */
  readonly naive: boolean;
  /** File and 1-based line of the row with this index; no line when the rows are those of several files. */
  locate(index: number): { readonly file: string; readonly row?: number };
}

/** One question asked of a series. Rows are ascending and unique unless the check says otherwise. It changes nothing. */
export type Check = (series: Series, context: CheckContext) => Finding[];

/** A finding about the row `index`, located by the context; without an index it is about the file. */
export const finding = (
  series: Pick<Series, 'kind' | 'symbol' | 'ts'>,
  context: Pick<CheckContext, 'file' | 'locate'>,
  code: string,
  severity: Severity,
  index: number | undefined,
  count: number,
  message: string,
): Finding => {
  const common = { code, severity, symbol: series.symbol, kind: series.kind, count, message };
  if (index === undefined) return { ...common, file: context.file };
  const ts = series.ts[index] ?? NaN;
  return { ...common, ...context.locate(index), ...(Number.isFinite(ts) && { ts }) };
};

/** `19,261`: figures in messages are grouped. */
export const grouped = (n: number): string => n.toLocaleString('en-US');

/** `3 bars`, `1 bar`. */
export const plural = (n: number, noun: string): string => `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;

/** `line 12 (2024-01-01 08:00)`; without a line only the time. */
export const place = (series: Pick<Series, 'ts'>, context: Pick<CheckContext, 'locate'>, index: number): string => {
  const { row } = context.locate(index);
  const time = formatTime(series.ts[index] ?? NaN);
  return row === undefined ? time : `line ${row} (${time})`;
};

/** ` before line 12`, or nothing where there is no line. */
export const beforeLine = (context: Pick<CheckContext, 'locate'>, index: number): string => {
  const { row } = context.locate(index);
  return row === undefined ? '' : ` before line ${row}`;
};

/** Median of the numbers given; they are sorted in place. NaN for none. */
export const medianOf = (values: Float64Array): number => {
  if (values.length === 0) return NaN;
  values.sort();
  const middle = values.length >> 1;
  const upper = values[middle] ?? NaN;
  return values.length % 2 === 1 ? upper : ((values[middle - 1] ?? NaN) + upper) / 2;
};
