import type { Finding, Series } from '../../datasets/series.js';
import { KIND_COLUMNS, type MarketKind } from '../../events/market.js';
import type { Symbol } from '../../market/instrument.js';
import { timeframeMs, type Timeframe } from '../../market/timeframe.js';
import { HOUR, MINUTE } from '../../time.js';
import type { VenueHistory } from '../venue-transport.js';
import { historyPages, type HistoryRow } from './history-pages.js';
import { doubtBar } from './market-doubts.js';
import type { RequestBudget } from './request-budget.js';

/** Kinds that a venue's history has. */
export const PULLED_KINDS = ['bars', 'funding', 'open-interest', 'mark', 'index'] as const satisfies readonly MarketKind[];
export type PulledKind = (typeof PULLED_KINDS)[number];

/** One series to pull: rows (bars by their open) in [from, to). */
export interface PullRequest {
  readonly kind: PulledKind;
  readonly symbol: Symbol;
  /** Of the bars; mark, index and open interest are asked for at the same spacing. */
  readonly timeframe: Timeframe;
  readonly from: number;
  readonly to: number;
}

/** A page that has arrived: rows and the time up to which everything is known. */
export interface PulledPage {
  readonly rows: readonly (readonly number[])[];
  readonly through: number;
}

/** Rows in one answer, by kind, at the most. */
const PAGE: Readonly<Record<PulledKind, number>> = { bars: 1_000, mark: 1_000, index: 1_000, funding: 200, 'open-interest': 200 };
/** What such a page weighs on Binance, the strictest of the venues. */
const WEIGHT: Readonly<Record<PulledKind, number>> = { bars: 5, mark: 5, index: 5, funding: 1, 'open-interest': 1 };

/** The usual time between two rows. Rates settle every hour at the most often. */
const stepOf = ({ kind, timeframe }: PullRequest): number =>
  kind === 'funding' ? HOUR : kind === 'open-interest' ? Math.max(5 * MINUTE, timeframeMs(timeframe)) : timeframeMs(timeframe);

const openInterestFrame = (timeframe: Timeframe): Timeframe => (timeframeMs(timeframe) < 5 * MINUTE ? '5m' : timeframe);

const pageOf =
  (history: VenueHistory, { kind, symbol, timeframe }: PullRequest) =>
  async (from: number, to: number, limit: number): Promise<readonly HistoryRow[]> => {
    switch (kind) {
      case 'bars':
        return history.bars(symbol, timeframe, from, to, limit);
      case 'funding':
        return history.funding(symbol, from, to, limit);
      case 'open-interest':
        return history.openInterest(symbol, openInterestFrame(timeframe), from, to, limit);
      case 'mark':
      case 'index':
        return history.referenceBars(kind, symbol, timeframe, from, to, limit);
    }
  };

/** Pages of a series from a time on, as they come, the caller keeping each. */
export async function* pullPages(
  request: PullRequest,
  { history, budget }: { readonly history: VenueHistory; readonly budget: RequestBudget },
): AsyncGenerator<PulledPage> {
  const page = pageOf(history, request);
  for await (const { rows, through } of historyPages<HistoryRow>({
    from: request.from,
    to: request.to - 1,
    step: stepOf(request),
    limit: PAGE[request.kind],
    page: (from, to, limit) => budget.ask(WEIGHT[request.kind], () => page(from, to, limit)),
  }))
    yield { rows: rows.map(row => row.map(Number)), through };
}

/** Stretches without rows on the grid of the series, each [first, last] missing time; funding has no grid that holds for ever and is not looked at. */
export const holesOf = (request: PullRequest, times: readonly number[]): readonly (readonly [number, number])[] => {
  if (request.kind === 'funding' || times.length === 0) return [];
  const step = stepOf(request);
  const holes: [number, number][] = [];
  for (let i = 1; i < times.length; i++) {
    const [before, after] = [times[i - 1] ?? NaN, times[i] ?? NaN];
    if (after - before > 1.5 * step) holes.push([before + step, after - step]);
  }
  return holes;
};

const isSound = (kind: PulledKind, row: readonly number[]): boolean => {
  const [ts = NaN, a = NaN, b = NaN, c = NaN, d = NaN, volume = NaN] = row;
  if (!Number.isFinite(ts)) return false;
  if (kind === 'funding') return Math.abs(a) < 1;
  if (kind === 'open-interest') return a >= 0 && a < Infinity;
  return doubtBar({ open: a, high: b, low: c, close: d, volume }) === null;
};

/**
 * Pulled rows as a series: unique and in order, only what is complete by `now`. A bar of the mark or index price becomes its close, at the moment at which the bar closes, for that is when it could be known. Funding intervals come
 * from the spacing of the rates, `interval` where there is only one. Rows that cannot be are left out and found.
 */
export const pulledSeries = (
  request: PullRequest,
  rows: readonly (readonly number[])[],
  { now, interval, file }: { readonly now: number; readonly interval: number; readonly file: string },
): { readonly series: Series; readonly findings: readonly Finding[] } => {
  const { kind, symbol, timeframe, from, to } = request;
  const length = timeframeMs(timeframe);
  const isBar = kind === 'bars' || kind === 'mark' || kind === 'index';
  const sorted = rows.toSorted((a, b) => (a[0] ?? NaN) - (b[0] ?? NaN));
  const wanted = sorted.filter(
    ([ts = NaN], i) => ts !== sorted[i - 1]?.[0] && ts >= from && ts < to && (isBar ? ts + length <= now : ts <= now),
  );
  const sound = wanted.filter(row => isSound(kind, row));
  const values = sound.map(([ts = NaN, a = NaN, b = NaN, c = NaN, d = NaN, volume = NaN], i): readonly number[] => {
    if (kind === 'bars') return [ts, a, b, c, d, volume];
    if (kind !== 'funding') return isBar ? [ts + length, d] : [ts, a];
    const [before, after] = [sound[i - 1]?.[0] ?? NaN, sound[i + 1]?.[0] ?? NaN];
    const gap = Number.isNaN(before) ? after - ts : Number.isNaN(after) ? ts - before : Math.min(ts - before, after - ts);
    return [ts, a, gap > 0 ? Math.round(gap / HOUR) * HOUR || interval : interval];
  });
  const left = wanted.length - sound.length;
  return {
    series: {
      kind,
      symbol,
      ...(kind === 'bars' ? { timeframe } : {}),
      rows: values.length,
      ts: Float64Array.from(values, row => row[0] ?? NaN),
      columns: KIND_COLUMNS[kind].map((_, c) => Float64Array.from(values, row => row[c + 1] ?? NaN)),
    },
    findings:
      left === 0
        ? []
        : [
            {
              code: 'not-believed',
              severity: 'error',
              file,
              symbol,
              kind,
              count: left,
              message: `${left} rows of ${kind} of ${symbol} cannot be and were left out.`,
            },
          ],
  };
};
