import type { Chunk } from '../events/market.js';
import { barStart, timeframeOf, type Timeframe } from '../market/timeframe.js';
import { usageError } from '../errors.js';
import type { Finding } from './series.js';

/** A bar of the higher timeframe. `sourceBars` of `expectedBars` were there: fewer when the source has a gap inside it. */
export interface ResampledBar {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly sourceBars: number;
  readonly expectedBars: number;
}

/** A fold from bars to longer bars. Hands each longer bar over when, and only when, it is complete. */
export interface Resampler {
  /** One source bar, oldest first, by its open time. The bar that ends a bucket hands the bucket over at once. */
  push(openTime: number, open: number, high: number, low: number, close: number, volume: number): void;
  /** Says that it is `now` and every source bar that closed by then was pushed: a bucket whose last bars are missing is due at its end. */
  advance(now: number): void;
}

/**
 * From bars of `fromMs` to bars of `toMs`, aligned as exchanges align them (weeks start on Monday). A bucket with a gap inside is made of the bars
 * that exist and says so. A first bucket that begins before the first bar is dropped, for its open is not known. Missing volume stays NaN.
 * Throws a usage error when `toMs` is not a multiple of `fromMs`.
 */
export const resampler = (
  fromMs: number,
  toMs: number,
  emit: (bar: ResampledBar) => void,
  dropped: (bars: number) => void = () => undefined,
): Resampler => {
  if (!(toMs >= fromMs && toMs % fromMs === 0))
    throw usageError(
      'bad-resampling',
      `Bars of ${timeframeOf(fromMs)} do not fill bars of ${timeframeOf(toMs)}.`,
      `Choose a multiple of ${timeframeOf(fromMs)}.`,
    );
  const expectedBars = toMs / fromMs;
  let openTime = NaN;
  let [o, h, l, c, v] = [NaN, NaN, NaN, NaN, NaN];
  let sourceBars = 0;
  let isHeadless = false;
  let isFirst = true;
  const finish = (): void => {
    if (sourceBars === 0) return;
    if (isHeadless) dropped(sourceBars);
    else emit({ openTime, open: o, high: h, low: l, close: c, volume: v, sourceBars, expectedBars });
    sourceBars = 0;
  };
  return {
    push: (time, open, high, low, close, volume) => {
      const bucket = barStart(time, toMs);
      if (sourceBars > 0 && bucket !== openTime) finish();
      if (sourceBars === 0) {
        [openTime, o, h, l, v] = [bucket, open, high, low, volume];
        isHeadless = isFirst && time !== bucket;
        isFirst = false;
      } else {
        if (high > h) h = high;
        if (low < l) l = low;
        v += volume;
      }
      c = close;
      sourceBars += 1;
      if (time + fromMs >= bucket + toMs) finish();
    },
    advance: now => {
      if (sourceBars > 0 && now >= openTime + toMs) finish();
    },
  };
};

/** Bars as a growing chunk. */
class BarColumns {
  readonly #columns: number[][] = [[], [], [], [], [], []];

  push(...values: readonly [number, number, number, number, number, number]): void {
    values.forEach((value, index) => this.#columns[index]?.push(value));
  }

  chunk(symbol: string, timeframe: Timeframe): Chunk {
    const [ts = new Float64Array(), ...columns] = this.#columns.map(column => Float64Array.from(column));
    return { kind: 'bars', symbol, timeframe, rows: ts.length, ts, columns };
  }
}

/** Longer bars, and what was wrong with the shorter ones under them. */
export interface Resampled {
  readonly chunk: Chunk;
  readonly findings: readonly Finding[];
}

const finding = (chunk: Chunk, code: string, ts: number, count: number, message: string): Finding => ({
  code,
  severity: 'warning',
  file: 'resampling',
  symbol: chunk.symbol,
  kind: 'bars',
  ts,
  count,
  message,
});

/**
 * A whole chunk of bars at a higher timeframe. `completeUntil` is the time up to which the source is known to be whole (the last bar's close by
 * default): a last bucket that ends later is left out.
 */
export const resampleBars = (chunk: Chunk, fromMs: number, toMs: number, completeUntil?: number): Resampled => {
  const out = new BarColumns();
  let incomplete = 0;
  let firstIncomplete = NaN;
  let headless = 0;
  const fold = resampler(
    fromMs,
    toMs,
    bar => {
      if (bar.sourceBars < bar.expectedBars) {
        incomplete += 1;
        if (incomplete === 1) firstIncomplete = bar.openTime;
      }
      out.push(bar.openTime, bar.open, bar.high, bar.low, bar.close, bar.volume);
    },
    bars => {
      headless = bars;
    },
  );
  const [open, high, low, close, volume] = chunk.columns;
  for (let i = 0; i < chunk.rows; i++)
    fold.push(chunk.ts[i] ?? NaN, open?.[i] ?? NaN, high?.[i] ?? NaN, low?.[i] ?? NaN, close?.[i] ?? NaN, volume?.[i] ?? NaN);
  fold.advance(completeUntil ?? (chunk.ts[chunk.rows - 1] ?? NaN) + fromMs);
  const [from, to] = [timeframeOf(fromMs), timeframeOf(toMs)];
  const findings: Finding[] = [];
  if (headless > 0)
    findings.push(
      finding(
        chunk,
        'partial-first-bar',
        chunk.ts[0] ?? NaN,
        headless,
        `The first ${headless} bars of ${from} do not begin a bar of ${to} and were left out.`,
      ),
    );
  if (incomplete > 0)
    findings.push(
      finding(
        chunk,
        'incomplete-bars',
        firstIncomplete,
        incomplete,
        `${incomplete} bars of ${to} have fewer bars of ${from} under them than they should.`,
      ),
    );
  return { chunk: out.chunk(chunk.symbol, to), findings };
};

/**
 * Bars out of single trades, as exchanges make candles: open and close are the first and last price, volume is in base units, a
 * stretch without a trade has no bar. `completeUntil` is the time up to which all trades are known (the last trade's by default): the bar that
 * contains it is not complete and left out.
 */
export const tradesToBars = (trades: Chunk, ms: number, completeUntil?: number): Chunk => {
  const out = new BarColumns();
  const [price, quantity] = trades.columns;
  let openTime = NaN;
  let [o, h, l, c, v] = [NaN, NaN, NaN, NaN, NaN];
  for (let i = 0; i < trades.rows; i++) {
    const p = price?.[i] ?? NaN;
    const bucket = barStart(trades.ts[i] ?? NaN, ms);
    if (bucket !== openTime) {
      if (openTime === openTime) out.push(openTime, o, h, l, c, v);
      [openTime, o, h, l, v] = [bucket, p, p, p, 0];
    }
    if (p > h) h = p;
    if (p < l) l = p;
    c = p;
    v += quantity?.[i] ?? NaN;
  }
  if (openTime + ms <= (completeUntil ?? trades.ts[trades.rows - 1] ?? NaN)) out.push(openTime, o, h, l, c, v);
  return out.chunk(trades.symbol, timeframeOf(ms));
};
