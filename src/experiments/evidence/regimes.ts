import type { Track } from '../../metrics/metric.js';
import { DAY } from '../../time.js';
import { mean } from '../../statistics/moments.js';
import type { EvidencePeriod } from './evidence-record.js';
import { periodFigures } from './period-figures.js';

/** Closes of one symbol, ascending; `ts` is the time of the close. */
export interface MarketCloses {
  readonly ts: Float64Array;
  readonly close: Float64Array;
}

/** Days of returns behind the volatility and the trend of a day, and volatilities behind their median. */
const VOLATILITY = 20;
const TREND = 60;
const FEWEST_VOLATILITIES = 40;

/** A day of which nothing can be said yet. */
export const UNKNOWN_REGIME = 'unknown: too little history';
const REGIMES = ['calm, rising', 'calm, falling', 'stormy, rising', 'stormy, falling', UNKNOWN_REGIME] as const;

/** The last close of each UTC day by the day's end: a close at midnight belongs to the day that ends there. */
const dailyCloses = ({ ts, close }: MarketCloses): Map<number, { readonly at: number; readonly close: number }> => {
  const days = new Map<number, { at: number; close: number }>();
  ts.forEach((at, i) => days.set(Math.ceil(at / DAY) * DAY, { at, close: close[i]! }));
  return days;
};

/** Days of the market, ascending: when the last of its closes was known, and the mean log return of all symbols that have one. */
const marketDays = (closes: Readonly<Record<string, MarketCloses>>): { readonly at: number[]; readonly returns: number[] } => {
  const days = new Map<number, { at: number; returns: number[] }>();
  for (const symbol of Object.keys(closes).sort()) {
    let previous: number | undefined;
    for (const [end, { at, close }] of dailyCloses(closes[symbol]!)) {
      if (previous !== undefined) {
        const day = days.get(end);
        days.set(end, { at: Math.max(day?.at ?? at, at), returns: [...(day?.returns ?? []), Math.log(close / previous)] });
      }
      previous = close;
    }
  }
  const ascending = [...days].sort(([a], [b]) => a - b).map(([, day]) => day);
  return { at: ascending.map(({ at }) => at), returns: ascending.map(({ returns }) => mean(returns)) };
};

const rootMeanSquare = (values: readonly number[]): number => Math.sqrt(mean(values.map(v => v * v)));

/** Places `value` into an ascending list. */
const insert = (sorted: number[], value: number): void => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, value);
};

const middleOf = (sorted: readonly number[]): number => {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** The regime as it was known at the end of each day of the market. */
const regimesByDay = (returns: readonly number[]): string[] => {
  const volatilities: number[] = [];
  return returns.map((_, i) => {
    if (i + 1 < VOLATILITY) return UNKNOWN_REGIME;
    const volatility = rootMeanSquare(returns.slice(i + 1 - VOLATILITY, i + 1));
    insert(volatilities, volatility);
    if (i + 1 < TREND || volatilities.length < FEWEST_VOLATILITIES) return UNKNOWN_REGIME;
    const trend = returns.slice(i + 1 - TREND, i + 1).reduce((sum, r) => sum + r, 0);
    return `${volatility > middleOf(volatilities) ? 'stormy' : 'calm'}, ${trend > 0 ? 'rising' : 'falling'}`;
  });
};

/**
 * In which market each return was earned, as it was known before the return began: stormy when the volatility of the last 20 days is above its own median so far, calm
 * otherwise; rising when the last 60 days together went up, falling otherwise. The market is the mean daily log return of all traded symbols. Without 60 days of
 * history, and 40 volatilities to take a median of, the regime is unknown.
 */
export const marketRegimes = (closes: Readonly<Record<string, MarketCloses>>, returnTs: Float64Array): string[] => {
  const { at, returns } = marketDays(closes);
  const labels = regimesByDay(returns);
  let known = -1;
  return Array.from(returnTs, (ts, k) => {
    const begin = k > 0 ? returnTs[k - 1]! : ts - DAY;
    while (known + 1 < at.length && at[known + 1]! <= begin) known++;
    return labels[known] ?? UNKNOWN_REGIME;
  });
};

/** What was earned in each kind of market, calm ones first. `closes` should reach back before the first return, or its first sixty days are unknown. */
export const regimeFigures = (
  track: Pick<Track, 'returns' | 'returnTs' | 'periodsPerYear' | 'roundTrips'>,
  closes: Readonly<Record<string, MarketCloses>>,
): EvidencePeriod[] => periodFigures(track, marketRegimes(closes, track.returnTs), REGIMES);
