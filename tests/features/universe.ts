import type { Bar } from '../../src/events/market.js';
import { emptyFuturesView, type FuturesView } from '../../src/features/panel-feature.js';
import { random } from '../../src/random.js';
import { HOUR } from '../../src/time.js';

/** What is known at one hour: bars (null where missing) and futures data of each symbol. */
export interface Instant {
  readonly bars: readonly (Bar | null)[];
  readonly futures: readonly FuturesView[];
}

/** Hours of a random universe; with `gaps` one bar in ten is missing. Funding settles every eight hours, open interest and mark and index move every hour. */
export const randomUniverse = (seed: number, symbols: readonly string[], hours: number, gaps = false): Instant[] => {
  const draw = random(seed);
  const close = symbols.map((_, s) => 50 * (s + 1));
  const views = symbols.map(() => ({ ...emptyFuturesView(), openInterest: 1000, fundingInterval: 8 * HOUR }));
  return Array.from({ length: hours }, (_, i) => {
    const ts = (i + 1) * HOUR;
    const common = draw.normal();
    const bars = symbols.map((symbol, s): Bar | null => {
      const open = close[s] ?? NaN;
      const next = open * Math.exp(0.01 * (common + draw.normal()));
      close[s] = next;
      const high = Math.max(open, next) * (1 + 0.002 * draw.next());
      const low = Math.min(open, next) * (1 - 0.002 * draw.next());
      const missing = gaps && draw.next() < 0.1;
      return missing ? null : { symbol, timeframe: '1h', openTime: ts - HOUR, ts, open, high, low, close: next, volume: 10 + draw.next() };
    });
    for (const [s, view] of views.entries()) {
      if (i % 8 === 7) {
        view.funding = 0.0001 * draw.normal();
        view.fundingTs = ts;
      }
      view.openInterest *= Math.exp(0.005 * draw.normal());
      view.index = close[s] ?? NaN;
      view.mark = view.index * (1 + 0.0005 * draw.normal());
    }
    return { bars, futures: views.map(view => ({ ...view })) };
  });
};
