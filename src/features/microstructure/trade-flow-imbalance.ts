import { windowKey, type WindowSpan } from './event-window.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';
import { BOUGHT, SOLD, tradeFlow } from './trade-flow.js';

/** Share of bought less share of sold lots among the trades of the window, by the takers' sides: −1…1, and 0 when none traded. T. Chordia, R. Roll & A. Subrahmanyam, Order imbalance, liquidity, and market returns (2002). */
export const tradeFlowImbalance = (span: WindowSpan = { ms: 10_000 }): MicrostructureFeature =>
  microstructure(windowKey('trade-flow-imbalance', span), () => {
    const { window, onTrade, onOther } = tradeFlow(span);
    return {
      onTrade,
      onBook: onOther,
      onQuote: onOther,
      value: now => {
        if (!window.settle(now)) return NaN;
        const all = window.sums[BOUGHT]! + window.sums[SOLD]!;
        return all === 0 ? 0 : (window.sums[BOUGHT]! - window.sums[SOLD]!) / all;
      },
    };
  });
