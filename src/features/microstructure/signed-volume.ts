import { windowKey, type WindowSpan } from './event-window.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';
import { BOUGHT, SOLD, tradeFlow } from './trade-flow.js';

/** Lots that takers bought less lots that they sold, over the trades of the window. */
export const signedVolume = (span: WindowSpan = { ms: 10_000 }): MicrostructureFeature =>
  microstructure(windowKey('signed-volume', span), () => {
    const { window, onTrade, onOther } = tradeFlow(span);
    return {
      onTrade,
      onBook: onOther,
      onQuote: onOther,
      value: now => (window.settle(now) ? window.sums[BOUGHT]! - window.sums[SOLD]! : NaN),
    };
  });
