import { HOUR } from '../../time.js';
import { rowsBy } from './rows.js';
import type { SymbolState } from './symbol-state.js';

/** How a settlement goes wrong at the exchange. */
export interface Disturbance {
  readonly delayMs?: number;
  readonly correctedRate?: number;
}

/** The settled funding rates of a symbol as they are published, disturbed ones included. */
export interface FundingBoard {
  /** The settlement at or after `at` will go wrong so; ignored when there is none any more. */
  disturb(at: number, change: Disturbance): void;
  /** How the settlement of this moment goes wrong; null when it does not. */
  disturbance(at: number): Disturbance | null;
  /** Rows published by `now` that were settled in [from, to]. */
  between(
    from: number,
    to: number,
    now: number,
    limit: number,
  ): readonly { readonly ts: number; readonly rate: number; readonly interval: number }[];
  /** Next settlement after `now` and the last rate before it. */
  next(now: number): { readonly at: number; readonly rate: number; readonly interval: number };
  /** Time of the first publication after `now`, of `row`; Infinity for none. */
  nextNews(now: number): number;
  /** What is published at exactly this moment. */
  news(at: number): readonly { readonly ts: number; readonly rate: number; readonly interval: number }[];
}

const EIGHT_HOURS = 8 * HOUR;

export const fundingBoard = ({ funding }: SymbolState): FundingBoard => {
  const changes = new Map<number, Disturbance>();
  const ts = funding?.ts ?? new Float64Array(0);
  const rows = funding?.rows ?? 0;
  const intervalOf = (row: number): number => {
    const stated = funding?.columns[1]?.[row] ?? NaN;
    return stated > 0 ? stated : EIGHT_HOURS;
  };
  const publishedAt = (row: number): number => {
    const change = changes.get(ts[row]!);
    return ts[row]! + (change?.correctedRate === undefined ? (change?.delayMs ?? 0) : 0);
  };
  const shown = (row: number, now: number) => {
    const change = changes.get(ts[row]!);
    const isCorrected = change?.correctedRate !== undefined && ts[row]! + (change.delayMs ?? 0) <= now;
    return { ts: ts[row]!, rate: isCorrected ? change.correctedRate! : funding!.columns[0]![row]!, interval: intervalOf(row) };
  };
  const by = (at: number): number => (funding === null ? 0 : rowsBy(funding, at));
  return {
    disturb: (at, change) => {
      const row = by(at - 1e-6);
      if (row < rows) changes.set(ts[row]!, change);
    },
    disturbance: at => changes.get(at) ?? null,
    between: (from, to, now, limit) => {
      const found = [];
      for (let row = by(from - 1e-6); row < rows && ts[row]! <= Math.min(to, now) && found.length < limit; row++)
        if (publishedAt(row) <= now) found.push(shown(row, now));
      return found;
    },
    next: now => {
      const row = by(now);
      if (rows === 0) return { at: NaN, rate: NaN, interval: EIGHT_HOURS };
      const before = row > 0 ? shown(row - 1, now) : null;
      const interval = intervalOf(Math.min(row, rows - 1));
      return { at: row < rows ? ts[row]! : ts[rows - 1]! + interval, rate: before?.rate ?? 0, interval };
    },
    nextNews: now => {
      const row = by(now);
      let at = row < rows ? publishedAt(row) : Infinity;
      for (const [settled, { delayMs, correctedRate }] of changes) {
        const late = settled + (delayMs ?? 0);
        if (correctedRate === undefined && late > now && late < at) at = late;
      }
      return at;
    },
    news: at => {
      const found = [];
      const row = by(at) - 1;
      if (row >= 0 && ts[row] === at && publishedAt(row) === at) found.push(shown(row, at));
      for (const [settled, { delayMs, correctedRate }] of changes) {
        if (correctedRate === undefined && delayMs !== undefined && delayMs > 0 && settled + delayMs === at)
          found.push(shown(by(settled) - 1, at));
      }
      return found;
    },
  };
};
