import type { TradeTick } from './microstructure-feature.js';
import { eventWindow, type EventWindow, type WindowSpan } from './event-window.js';

/** Places in the sums of a trade flow. */
export const BOUGHT = 0;
export const SOLD = 1;

/** Lots that takers bought and sold over a window of trades. A window of time begins with whatever is seen first. */
export interface TradeFlow {
  readonly window: EventWindow;
  onTrade(tick: TradeTick): void;
  onOther(tick: { readonly ts: number }): void;
}

export const tradeFlow = (span: WindowSpan): TradeFlow => {
  const window = eventWindow(span, 2);
  const row = new Float64Array(2);
  return {
    window,
    onTrade: ({ ts, lots, side }) => {
      row[BOUGHT] = side > 0 ? lots : 0;
      row[SOLD] = side < 0 ? lots : 0;
      window.at(ts);
      window.push(row);
    },
    onOther: ({ ts }) => window.at(ts),
  };
};
