import { join } from 'node:path';

/** What an account was worth at a moment of market time. Settlement asset; ratios of its equity. */
export interface EquityPoint {
  readonly ts: number;
  readonly equity: number;
  /** Net and gross notional ÷ equity. */
  readonly exposure: number | null;
  readonly gross: number | null;
  /** Equity of each strategy, and what its trading has made since ever, whatever money was moved. */
  readonly strategies: Readonly<Record<string, { readonly equity: number; readonly profit: number }>>;
}

/** The newest points, and one an hour for all that is older. */
export const equityFile = (folder: string): string => join(folder, 'equity.ndjson');
export const equityHoursFile = (folder: string): string => join(folder, 'equity-hours.ndjson');

/** Every file of the record, the coarse one first. */
export const equityFiles = (folder: string): readonly string[] => [equityHoursFile(folder), `${equityFile(folder)}.1`, equityFile(folder)];

const isPoint = (value: unknown): value is EquityPoint =>
  typeof value === 'object' &&
  value !== null &&
  'ts' in value &&
  typeof value.ts === 'number' &&
  'equity' in value &&
  typeof value.equity === 'number';

/** Points of the record's files, one a moment, oldest first. A line that a dying process left half written is skipped. */
export const readEquity = (texts: readonly string[]): readonly EquityPoint[] => {
  const byTime = new Map<number, EquityPoint>();
  for (const text of texts)
    for (const line of text.split('\n')) {
      if (line === '') continue;
      try {
        const point: unknown = JSON.parse(line);
        if (isPoint(point)) byTime.set(point.ts, { ...point, strategies: point.strategies ?? {} });
      } catch {
        // Cut off.
      }
    }
  return [...byTime.values()].sort((a, b) => a.ts - b.ts);
};
