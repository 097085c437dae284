import { featureKey } from '../parameters.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';
import { ASK, ASK_LOTS, BID, BID_LOTS, topOfBook } from './top-of-book.js';

/**
 * The best prices weighted by the size on the other side, in the unit of the prices: between bid and ask, and nearer to the side that is about to be used up. NaN when neither side shows a size.
 * J. Gatheral & R. Oomen, Zero-intelligence realized variance estimation, Finance and Stochastics 14 (2010).
 */
export const sizeWeightedMid = (bid: number, bidLots: number, ask: number, askLots: number): number =>
  bid + ((ask - bid) * bidLots) / (bidLots + askLots);

/** Size-weighted mid price: in ticks (`price`), or how far it lies above the mid in ticks (`gap`, the default), which is a number that keeps its meaning as prices move. */
export const microprice = ({ output = 'gap' }: { readonly output?: 'price' | 'gap' } = {}): MicrostructureFeature =>
  microstructure(featureKey('microprice', output), () => {
    const { top, onBook, onQuote } = topOfBook();
    return {
      onBook,
      onQuote,
      value: () => {
        const bid = top[BID]!;
        const ask = top[ASK]!;
        if (output === 'price') return sizeWeightedMid(bid, top[BID_LOTS]!, ask, top[ASK_LOTS]!);
        // (ask − bid) ÷ 2 × (imbalance of the best sizes): exact 0 for a balanced book.
        return (((ask - bid) / 2) * (top[BID_LOTS]! - top[ASK_LOTS]!)) / (top[BID_LOTS]! + top[ASK_LOTS]!);
      },
    };
  });
