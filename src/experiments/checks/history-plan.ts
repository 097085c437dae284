import { lowerBound } from '../../datasets/range.js';
import { bars as barNeed } from '../../strategies/strategy.js';
import type { Strategy } from '../../strategies/strategy.js';
import { barStart, timeframe as checked, timeframeMs, type Timeframe } from '../../market/timeframe.js';
import { random } from '../../random.js';
import type { LeakSubject } from './leak-check.js';

/** Settled far enough from any seed that is forgotten by a factor of 1 − 1 ÷ warm-up a bar: 24 times the warm-up leaves 4 parts in 10¹¹. */
const LIVES = 24;
/** Bars followed at least, so that what needs far more than it declares shows. */
const LEAST = 400;
const STARTS = 4;

/** Where history is made to begin, and how far it is followed. */
export interface HistoryPlan {
  /** Bars of the longest timeframe that a symbol must have shown before the platform takes an order. */
  readonly warmup: number;
  /** The longest timeframe that the strategy reads, milliseconds: what `warmup` counts. */
  readonly length: number;
  /** Bars of it that are followed after each beginning. */
  readonly horizon: number;
  /** Where history begins, ascending, at an open of the longest timeframe. */
  readonly starts: readonly number[];
}

/** The timeframes of the bars that a strategy reads. */
const timeframesOf = (strategy: Strategy, { params, config }: LeakSubject): readonly { timeframe: Timeframe; warmup: number }[] => {
  const timeframe = checked(config.timeframe);
  const declared = strategy.needs?.({ universe: config.symbols, timeframe, params }) ?? barNeed(config.symbols, timeframe);
  return ('kind' in declared ? [declared] : declared).filter(({ kind }) => kind === 'bars');
};

/** What the strategy waits for, and where to begin; or why the data are too short to tell. */
export const historyPlan = (strategy: Strategy, subject: LeakSubject): HistoryPlan | { readonly untested: string } => {
  const { params, config, chunks } = subject;
  const lines = timeframesOf(strategy, subject);
  const features = Object.values(strategy.indicators?.(params) ?? {});
  const warmup = Math.max(0, ...features.map(feature => feature.warmup), ...lines.map(line => line.warmup));
  const length = Math.max(timeframeMs(config.timeframe), ...lines.map(line => timeframeMs(line.timeframe)));
  const own = chunks.filter(
    ({ kind, symbol, timeframe, rows }) =>
      kind === 'bars' && config.symbols.includes(symbol) && (timeframe ?? config.timeframe) === config.timeframe && rows > 0,
  );
  const begin = Math.min(...own.map(({ ts }) => ts[0]!));
  const end = Math.min(config.to, Math.max(...own.map(({ ts, rows }) => ts[rows - 1]!)) + timeframeMs(config.timeframe));
  const total = Math.floor((end - begin) / length);
  const third = Math.floor(total / 3);
  const horizon = Math.min(third, Math.max(LEAST, LIVES * warmup));
  if (!(horizon > 2 * warmup && horizon >= 24))
    return {
      untested: `history has ${Math.max(0, total)} bars, and ${3 * (2 * warmup + 24)} are needed to see how ${warmup} bars of warm-up settle`,
    };
  // Each beginning has at least as much history before it as is followed after it, so that what it is compared with is settled itself.
  const draw = random(`${config.seed}/history begins`);
  const room = (total - 2 * horizon) / STARTS;
  const starts = Array.from({ length: STARTS }, (_, k) =>
    barStart(begin + Math.floor(horizon + room * (k + draw.next())) * length + length - 1, length),
  );
  return { warmup, length, horizon, starts: [...new Set(starts)] };
};

/** When the history must begin for every symbol to have shown `count` bars of the longest timeframe before `at`; holes make it longer. */
export const historyBefore = (subject: LeakSubject, { length }: HistoryPlan, at: number, count: number): number => {
  const { config, chunks } = subject;
  const base = timeframeMs(config.timeframe);
  const rows = (count * length) / base;
  let from = at - count * length;
  for (const { kind, symbol, timeframe, ts, rows: held } of chunks) {
    if (kind !== 'bars' || !config.symbols.includes(symbol) || (timeframe ?? config.timeframe) !== config.timeframe) continue;
    const first = lowerBound(ts, held, at) - rows;
    const open = ts[Math.max(0, first)];
    if (open !== undefined && open < from) from = open;
  }
  return barStart(from, length);
};
