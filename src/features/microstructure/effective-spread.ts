import { eventWindow, windowKey, type WindowSpan } from './event-window.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';
import { prevailingMid } from './prevailing-mid.js';

/**
 * Effective spread in basis points: twice what takers paid over the mid price that was in force before their trade, side × (price − mid), weighted by size over the trades of the window, relative to
 * the mid. A trade at the quoted ask or bid pays the quoted spread; one that walks the book pays more. NaN when no trade of the window had a mid or a side. M. Blume & M. Goldstein (1992); SEC Rule 605.
 */
export const effectiveSpread = (span: WindowSpan = { ms: 60_000 }): MicrostructureFeature =>
  microstructure(windowKey('effective-spread', span), () => {
    const mid = prevailingMid();
    // In half ticks × lots: what was paid, and the value at the mid.
    const window = eventWindow(span, 2);
    const row = new Float64Array(2);
    return {
      onBook: tick => {
        window.at(tick.ts);
        mid.onBook(tick);
      },
      onQuote: tick => {
        window.at(tick.ts);
        mid.onQuote(tick);
      },
      onTrade: ({ ts, price, lots, side }) => {
        window.at(ts);
        const halves = mid.before(ts);
        if (!(halves > 0) || !(Math.abs(side) > 0)) return;
        row[0] = (side > 0 ? 2 * price - halves : halves - 2 * price) * lots;
        row[1] = halves * lots;
        window.push(row);
      },
      value: now => (window.settle(now) ? (20_000 * window.sums[0]!) / window.sums[1]! : NaN),
    };
  });
