import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { readLevels } from './book-levels.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';

/** Parameters of `depthSlope`. */
export interface DepthSlopeOptions {
  /** Levels that are looked at on each side, from the best; 10 unless said. */
  readonly levels?: number;
  /** Which side, or the mean of both (the default). */
  readonly side?: 'bid' | 'ask' | 'both';
}

/**
 * Slope of the book, in lots per tick: the line through the origin that fits cumulative lots best (least squares) against their distance from the mid over the best levels. A market order of so many
 * lots moves the price by about lots ÷ slope ticks; the slope of supply and demand of B. Biais, P. Hillion & C. Spatt, Journal of Finance 50 (1995). NaN while a side that is asked for is empty.
 */
export const depthSlope = ({ levels = 10, side = 'both' }: DepthSlopeOptions = {}): MicrostructureFeature => {
  const depth = barCount('depth-slope', 'levels', levels);
  return microstructure(featureKey('depth-slope', depth, unlessDefault('side', side, 'both')), () => {
    const prices = new Float64Array(depth);
    const lots = new Float64Array(depth);
    const slopes = new Float64Array(2).fill(NaN);
    return {
      onBook: ({ book }) => {
        const mid = (book.bestBid + book.bestAsk) / 2;
        for (let k = 0; k < 2; k++) {
          const n = readLevels(book, k === 0 ? 1 : -1, prices, lots);
          let cumulative = 0;
          let products = 0;
          let squares = 0;
          for (let i = 0; i < n; i++) {
            const distance = Math.abs(prices[i]! - mid);
            cumulative += lots[i]!;
            products += distance * cumulative;
            squares += distance * distance;
          }
          slopes[k] = products / squares;
        }
      },
      value: () => (side === 'bid' ? slopes[0]! : side === 'ask' ? slopes[1]! : (slopes[0]! + slopes[1]!) / 2),
    };
  });
};
