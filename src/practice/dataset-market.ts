import { findSeries, type Dataset } from '../datasets/catalogue.js';
import { loadAllSeries, type SeriesSelection } from '../datasets/load-series.js';
import { didYouMean, usageError } from '../errors.js';
import type { MarketKind } from '../events/market.js';
import type { Symbol } from '../market/instrument.js';
import { timeframe as checked, timeframeMs, type Timeframe } from '../market/timeframe.js';
import { venuePreset } from '../sim/venue-preset.js';
import { practiceExchange } from './core/practice-exchange-core.js';
import type { PracticeExchange } from './practice-exchange.js';

/** Timeframes that venues stream; those that the data's bars divide are offered. */
const FRAMES = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d'] as const satisfies readonly Timeframe[];
/** Orders up to so many steps are taken. */
const MOST_LOTS = 1_000_000;

/** Which part of a dataset is played. */
export interface DatasetMarketOptions {
  /** All perpetuals of the dataset when left out. */
  readonly symbols?: readonly Symbol[] | undefined;
  /** The shortest bars when left out. */
  readonly timeframe?: string | undefined;
  /** Market time at which it opens; what lies before can be asked for as history. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly seed?: number | undefined;
  /** See `PracticeOptions`. */
  readonly conditionalSpace?: boolean | undefined;
}

/** A dataset as a market that can be traded on. */
export interface DatasetMarket {
  readonly exchange: PracticeExchange;
  readonly symbols: readonly Symbol[];
  readonly timeframe: Timeframe;
  readonly barMs: number;
  /** The data was made up, not recorded. */
  readonly synthetic: boolean;
}

const has = (dataset: Dataset, symbol: Symbol, kind: MarketKind): boolean =>
  dataset.entries.some(entry => entry.symbol === symbol && entry.kind === kind);

/** Throws usage errors for symbols or bars that the dataset does not have. */
export const datasetMarket = async (dataset: Dataset, options: DatasetMarketOptions = {}): Promise<DatasetMarket> => {
  const bars = dataset.entries.filter(({ kind, symbol }) => kind === 'bars' && symbol.includes(':'));
  const held = [...new Set(bars.map(({ symbol }) => symbol))].sort();
  if (held.length === 0)
    throw usageError('no-bars', `Dataset "${dataset.id}" has no bars of perpetuals.`, 'Choose another with --dataset.');
  const symbols = options.symbols ?? held;
  for (const symbol of symbols)
    if (!held.includes(symbol))
      throw usageError(
        'unknown-symbol',
        `Dataset "${dataset.id}" has no bars of "${symbol}".${didYouMean(symbol, held)}`,
        `It has ${held.join(', ')}.`,
      );
  const frames = bars.filter(({ symbol }) => symbols.includes(symbol)).map(entry => checked(entry.timeframe ?? ''));
  const shortest = frames.reduce((a, b) => (timeframeMs(b) < timeframeMs(a) ? b : a));
  const timeframe = options.timeframe === undefined ? shortest : checked(options.timeframe);
  const { to } = options;
  const selections = symbols.flatMap((symbol): SeriesSelection[] => [
    { symbol, kind: 'bars', timeframe, to },
    ...(has(dataset, symbol, 'funding') ? [{ symbol, kind: 'funding', to } as const] : []),
    ...(has(dataset, symbol, 'mark') ? [{ symbol, kind: 'mark', to } as const] : []),
  ]);
  for (const symbol of symbols) findSeries(dataset, { symbol, kind: 'bars', timeframe });
  const loaded = await loadAllSeries(dataset, selections);
  const instruments = symbols.flatMap(symbol => dataset.instruments.get(symbol) ?? []);
  const [first] = instruments;
  const fees = first === undefined ? undefined : venuePreset(first.exchange).fees;
  const barMs = timeframeMs(timeframe);
  const exchange = practiceExchange({
    instruments: instruments.map(instrument => ({
      instrument,
      minQuantity: instrument.lotSize,
      maxQuantity: instrument.lotSize * MOST_LOTS,
    })),
    chunks: loaded.map(({ chunk }) => chunk).filter(({ rows }) => rows > 0),
    timeframes: FRAMES.filter(frame => timeframeMs(frame) > barMs && timeframeMs(frame) % barMs === 0),
    ...(options.from !== undefined && { start: options.from }),
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.conditionalSpace !== undefined && { conditionalSpace: options.conditionalSpace }),
    ...(fees?.kind === 'maker-taker' && { fees: { maker: fees.maker, taker: fees.taker } }),
  });
  return { exchange, symbols, timeframe, barMs, synthetic: loaded.some(({ input }) => input.synthetic) };
};
