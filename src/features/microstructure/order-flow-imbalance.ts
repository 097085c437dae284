import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';
import { eventWindow, windowKey, type WindowSpan } from './event-window.js';
import { ASK, ASK_LOTS, BID, BID_LOTS, topOfBook } from './top-of-book.js';

/**
 * Order-flow imbalance of the best prices, in lots: what limit orders, cancellations and market orders added to the bid, less what they added to the ask, over the changes of the window. A best bid that
 * rises adds its whole size, one that falls takes the old size away, one that stays adds the difference; the ask likewise with the other sign. Over short spans price changes are close to
 * proportional to it. R. Cont, A. Kukanov & S. Stoikov, The price impact of order book events, Journal of Financial Econometrics 12 (2014). A book that breaks begins the window anew.
 */
export const orderFlowImbalance = (span: WindowSpan = { ms: 1_000 }): MicrostructureFeature =>
  microstructure(windowKey('order-flow-imbalance', span), () => {
    const { top, onBook, onQuote } = topOfBook();
    const before = new Float64Array(4).fill(NaN);
    const row = new Float64Array(1);
    const window = eventWindow(span, 1);
    const step = (ts: number): void => {
      if (Number.isNaN(top[BID]!)) window.clear();
      else {
        window.at(ts);
        if (!Number.isNaN(before[BID]!)) {
          let flow = 0;
          if (top[BID]! >= before[BID]!) flow += top[BID_LOTS]!;
          if (top[BID]! <= before[BID]!) flow -= before[BID_LOTS]!;
          if (top[ASK]! <= before[ASK]!) flow -= top[ASK_LOTS]!;
          if (top[ASK]! >= before[ASK]!) flow += before[ASK_LOTS]!;
          row[0] = flow;
          window.push(row);
        }
      }
      before.set(top);
    };
    return {
      onBook: tick => {
        onBook(tick);
        step(tick.ts);
      },
      onQuote: tick => {
        onQuote(tick);
        step(tick.ts);
      },
      value: now => {
        if (Number.isNaN(top[BID]!)) return NaN;
        return window.settle(now) ? window.sums[0]! : NaN;
      },
    };
  });
