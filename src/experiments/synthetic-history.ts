import { usageError } from '../errors.js';
import type { InputRange } from '../events/feed.js';
import type { Chunk, MarketKind } from '../events/market.js';
import type { Instrument } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import { random } from '../random.js';
import { optimalBlockLength } from '../statistics/block-length.js';
import { parseDuration } from '../time.js';
import { barShapes } from './synthetic-history/bar-shapes.js';
import type { BarShapes } from './synthetic-history/bar-shapes.js';
import { barTimeline } from './synthetic-history/bar-timeline.js';
import { drawableInstants } from './synthetic-history/drawable-instants.js';
import type { Cover } from './synthetic-history/drawable-instants.js';
import { instantDraw } from './synthetic-history/draw-instants.js';
import { rebuildBars } from './synthetic-history/rebuild-bars.js';
import { recordedSeries } from './synthetic-history/recorded-series.js';
import { fundingCover, resampledFunding } from './synthetic-history/resampled-funding.js';
import { resampledReference } from './synthetic-history/resampled-reference.js';
import { sourceTime } from './synthetic-history/source-clock.js';

/** What to make histories from. */
export interface HistoryBootstrapOptions {
  /** Bars of one timeframe. Funding, mark and index prices of symbols with bars and the universe go along; the rest is left out. */
  readonly chunks: readonly Chunk[];
  /** Instruments of all symbols that have bars, for their ticks. */
  readonly instruments: readonly Instrument[];
  /** Mean length of a block in bars, 1 or more. Default: the longest that `optimalBlockLength` gives for absolute or squared returns of any symbol. */
  readonly meanBlock?: number;
  /** A duration, such as `1d`: bars are shown at their own place in it, so that the hours of the day keep their character. Default: blocks begin at any hour. */
  readonly period?: string;
}

/** A market that never was, made of one that was. */
export interface SyntheticHistory {
  /** One for each series kept, with the times of the recorded ones. */
  readonly chunks: readonly Chunk[];
  /** For the feed that plays the chunks, so that a run's manifest says that its data are synthetic. */
  readonly inputs: readonly InputRange[];
  /** For each instant at which some bar opens, the open of the recorded bars that it was drawn from. */
  readonly sources: Float64Array;
}

/** Draws synthetic histories from one recorded market. */
export interface HistoryBootstrap {
  readonly meanBlock: number;
  /** Instants that can be drawn: every symbol has a bar there and one right before it, and funding and reference prices where it has any at all. */
  readonly drawable: number;
  /** Kinds of the given chunks that cannot be made from bars. */
  readonly leftOut: readonly MarketKind[];
  /** The history of a seed, always the same. */
  draw(seed: number | string): SyntheticHistory;
}

const KEPT: readonly MarketKind[] = ['bars', 'funding', 'mark', 'index', 'universe'];
/** Fewer have too few different blocks for any statement. */
const LEAST_DRAWABLE = 50;

const longestBlock = (shapes: readonly BarShapes[], rows: (symbol: number) => Int32Array): number => {
  let longest = 1;
  shapes.forEach(({ gap, body }, symbol) => {
    const returns = Float64Array.from(rows(symbol), row => Math.log(gap[row]! * body[row]!));
    longest = Math.max(longest, optimalBlockLength(returns.map(Math.abs)), optimalBlockLength(returns.map(r => r * r)));
  });
  return longest;
};

const inputOf = ({ kind, symbol, timeframe, rows, ts }: Chunk, seed: number | string): InputRange => ({
  dataset: 'synthetic-history',
  version: `seed ${seed}`,
  kind,
  symbol,
  ...(timeframe === undefined ? {} : { timeframe }),
  from: ts[0] ?? 0,
  to: ts[rows - 1] ?? 0,
  rows,
  synthetic: true,
});

/**
 * Histories that could have happened: recorded bars drawn again in blocks of random length (stationary bootstrap), the same blocks for all symbols at once. What
 * lies within a block stays as it was: clustering of volatility, correlation between symbols, shapes of bars and the gaps between them, volume, funding with its
 * days. What outlasts a block is lost: long trends, cycles, the order of regimes; without a `period` also the hour of the day. A strategy that still earns
 * lives on memory shorter than a block, or on drift, which is kept. Bars of different years are drawn alike, as if the market had one law.
 *
 * The price path of each symbol begins at its recorded first open, on tick, with the recorded times and their holes. A bar after a hole is never drawn, for its
 * gap is not one bar's. Throws a usage error for several timeframes, no bars, an instrument that is missing, a block below 1, or too few bars in common.
 * Source: Politis & Romano, The Stationary Bootstrap, Journal of the American Statistical Association 89 (1994).
 */
export const historyBootstrap = ({ chunks, instruments, meanBlock: given, period }: HistoryBootstrapOptions): HistoryBootstrap => {
  const series = recordedSeries(chunks).filter(({ rows }) => rows > 0);
  const bars = series.filter(({ kind }) => kind === 'bars');
  const [timeframe, ...others] = new Set(bars.map(chunk => chunk.timeframe ?? ''));
  if (timeframe === undefined) throw usageError('no-bars', 'There are no bars to make a synthetic history from.');
  if (others.length > 0)
    throw usageError('bad-timeframe', `Bars of ${[timeframe, ...others].join(' and ')} cannot be drawn together.`, 'Give one timeframe.');
  if (given !== undefined && !(given >= 1))
    throw usageError('bad-bootstrap', `A mean block of ${given} is too short.`, 'Use 1 or more bars.');
  const barMs = timeframeMs(timeframe);
  const instrumentOf = bars.map(({ symbol }) => {
    const instrument = instruments.find(each => each.symbol === symbol);
    if (instrument === undefined)
      throw usageError('unknown-symbol', `There is no instrument for ${symbol}.`, 'Give one for each symbol with bars.');
    return instrument;
  });
  const shapes = bars.map(chunk => barShapes(chunk, barMs));
  const timeline = barTimeline(bars);
  const { opens, rowAt, instantOf } = timeline;
  const symbolOf = new Map(bars.map(({ symbol }, index) => [symbol, index]));
  const covers = series.flatMap((chunk): readonly Cover[] => {
    if (!symbolOf.has(chunk.symbol)) return [];
    if (chunk.kind === 'funding') return [fundingCover(chunk)];
    return chunk.kind === 'mark' || chunk.kind === 'index' ? [{ from: chunk.ts[0]!, to: chunk.ts[chunk.rows - 1]! }] : [];
  });
  const drawable = drawableInstants(timeline, shapes, covers, barMs);
  if (drawable.length < LEAST_DRAWABLE)
    throw usageError(
      'too-short',
      `Only ${drawable.length} bars can be drawn: those that all symbols have right after another, with funding and reference prices if there are any.`,
      'Use more data, or leave out symbols and kinds that cover little of it.',
    );
  const meanBlock = given ?? longestBlock(shapes, symbol => drawable.map(instant => rowAt[symbol]![instant]!));
  const instantsOf = instantDraw(opens, drawable, meanBlock, period === undefined ? undefined : parseDuration(period));

  const draw = (seed: number | string): SyntheticHistory => {
    const instants = instantsOf(random(seed).fork('synthetic-history'));
    const sources = instantOf.map((own, symbol) => Int32Array.from(own, instant => rowAt[symbol]![instants[instant]!]!));
    const rebuilt = bars.map((chunk, symbol) => rebuildBars(chunk, shapes[symbol]!, sources[symbol]!, instrumentOf[symbol]!));
    const made = series.flatMap((chunk): readonly Chunk[] => {
      if (chunk.kind === 'universe') return [chunk];
      const symbol = symbolOf.get(chunk.symbol);
      if (symbol === undefined) return [];
      const sourceOf = (ts: number): number => sourceTime(bars[symbol]!, sources[symbol]!, barMs, ts);
      switch (chunk.kind) {
        case 'bars':
          return [rebuilt[symbol]!.bars];
        case 'funding':
          return [resampledFunding(chunk, sourceOf)];
        case 'mark':
        case 'index':
          return [resampledReference(chunk, bars[symbol]!, rebuilt[symbol]!.levels, sourceOf)];
        default:
          return [];
      }
    });
    return {
      chunks: made,
      inputs: made.map(chunk => inputOf(chunk, seed)),
      sources: Float64Array.from(instants, instant => opens[instant]!),
    };
  };
  const leftOut = [...new Set(series.map(({ kind }) => kind))].filter(kind => !KEPT.includes(kind));
  return { meanBlock, drawable: drawable.length, leftOut, draw };
};
