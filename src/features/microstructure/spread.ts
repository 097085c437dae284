import { featureKey } from '../parameters.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';
import { ASK, BID, topOfBook } from './top-of-book.js';

/** Quoted spread: best ask less best bid, in ticks, or in basis points of the mid price. What a round trip of a small order pays at once. */
export const spread = ({ unit = 'bps' }: { readonly unit?: 'ticks' | 'bps' } = {}): MicrostructureFeature =>
  microstructure(featureKey('spread', unit), () => {
    const { top, onBook, onQuote } = topOfBook();
    return {
      onBook,
      onQuote,
      value: () => {
        const width = top[ASK]! - top[BID]!;
        return unit === 'ticks' ? width : (20_000 * width) / (top[ASK]! + top[BID]!);
      },
    };
  });
