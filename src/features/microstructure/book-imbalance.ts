import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { readLevels } from './book-levels.js';
import { microstructure, type BookTick, type MicrostructureFeature, type QuoteTick } from './microstructure-feature.js';

/** Parameters of `bookImbalance`. */
export interface BookImbalanceOptions {
  /** Levels that are looked at on each side, from the best; 1 unless said. */
  readonly levels?: number;
  /** `equal` counts each lot as one (the default), `distance` as 1 ÷ (1 + ticks behind the best price of its side). */
  readonly weighting?: 'equal' | 'distance';
}

/**
 * Order-book imbalance: (bid lots − ask lots) ÷ (bid lots + ask lots) over the best levels, −1…1; above 0 when more is bid for than offered. Levels are those that hold something, as far as there are
 * so many. NaN while a side is empty. Quotes serve for one level only. M. Gould & J. Bonart, Queue imbalance as a one-tick-ahead price predictor in a limit order book (2016).
 */
export const bookImbalance = ({ levels = 1, weighting = 'equal' }: BookImbalanceOptions = {}): MicrostructureFeature => {
  const depth = barCount('book-imbalance', 'levels', levels);
  const byDistance = weighting === 'distance';
  return microstructure(featureKey('book-imbalance', depth, unlessDefault('weighting', weighting, 'equal')), () => {
    const prices = new Float64Array(depth);
    const lots = new Float64Array(depth);
    /** Weighted lots of both sides. */
    const sides = new Float64Array(2).fill(NaN);
    const weigh = (tick: BookTick, side: 1 | -1): number => {
      const n = readLevels(tick.book, side, prices, lots);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += byDistance ? lots[i]! / (1 + Math.abs(prices[i]! - prices[0]!)) : lots[i]!;
      return sum;
    };
    return {
      onBook: tick => {
        sides[0] = weigh(tick, 1);
        sides[1] = weigh(tick, -1);
      },
      ...(depth === 1 && {
        onQuote: ({ bidLots, askLots }: QuoteTick) => {
          sides[0] = bidLots;
          sides[1] = askLots;
        },
      }),
      value: () => (sides[0]! > 0 && sides[1]! > 0 ? (sides[0]! - sides[1]!) / (sides[0]! + sides[1]!) : NaN),
    };
  });
};
