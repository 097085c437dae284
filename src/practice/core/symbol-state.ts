import { badData, usageError } from '../../errors.js';
import type { InputRange } from '../../events/feed.js';
import type { Chunk, MarketKind } from '../../events/market.js';
import type { Instrument } from '../../market/instrument.js';
import { timeframeMs, type Timeframe } from '../../market/timeframe.js';
import { units, type Units } from '../../market/units.js';
import type { PracticeInstrument } from './exchange-options.js';
import { joined } from './rows.js';

/** A symbol of the practice exchange: its data, and its rules as they are now. */
export interface SymbolState {
  readonly index: number;
  /** As the exchange states it. */
  instrument: Instrument;
  /** As orders match in it: steps never coarser than any that orders at work or positions were made with, and no smallest order, which is the filters' business. */
  matched: Instrument;
  /** Of `instrument`. */
  units: Units;
  minQuantity: number;
  readonly maxQuantity: number;
  trading: boolean;
  readonly bars: Chunk;
  readonly timeframe: Timeframe;
  readonly barMs: number;
  /** Null where the data has none. */
  readonly funding: Chunk | null;
  readonly mark: Chunk | null;
}

const chunksOf = (chunks: readonly Chunk[], kind: MarketKind, symbol: string): Chunk[] =>
  chunks.filter(chunk => chunk.kind === kind && chunk.symbol === symbol && chunk.rows > 0);

/** Throws a bad-data error for an instrument without bars, and a usage error for bars of several timeframes. */
export const symbolState = (
  index: number,
  { instrument, minQuantity, maxQuantity }: PracticeInstrument,
  chunks: readonly Chunk[],
): SymbolState => {
  const { symbol } = instrument;
  const bars = chunksOf(chunks, 'bars', symbol);
  const timeframe = bars[0]?.timeframe;
  if (timeframe === undefined)
    throw badData('no-bars', `There are no bars of ${symbol} to practise on.`, 'Choose symbols that the dataset has.');
  if (bars.some(chunk => chunk.timeframe !== timeframe))
    throw usageError(
      'mixed-timeframes',
      `The bars of ${symbol} are of several timeframes.`,
      'Give those of the finest one; the exchange makes the others.',
    );
  const funding = chunksOf(chunks, 'funding', symbol);
  const mark = chunksOf(chunks, 'mark', symbol);
  return {
    index,
    instrument,
    matched: { ...instrument, minNotional: 0 },
    units: units(instrument),
    minQuantity,
    maxQuantity,
    trading: true,
    bars: joined(bars),
    timeframe,
    barMs: timeframeMs(timeframe),
    funding: funding.length === 0 ? null : joined(funding),
    mark: mark.length === 0 ? null : joined(mark),
  };
};

/** What the data of the symbol is, as the rules of a run want to know it. */
export const inputsOf = ({ instrument: { symbol }, bars, timeframe, funding, mark }: SymbolState): InputRange[] =>
  [bars, funding, mark].flatMap(chunk =>
    chunk === null
      ? []
      : [
          {
            dataset: 'practice',
            version: 'memory',
            kind: chunk.kind,
            symbol,
            ...(chunk.kind === 'bars' ? { timeframe } : {}),
            from: chunk.ts[0]!,
            to: chunk.ts[chunk.rows - 1]!,
            rows: chunk.rows,
            synthetic: true,
          },
        ],
  );
