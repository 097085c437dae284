import type { Symbol } from '../../market/instrument.js';
import type { FeedConfig } from './feed-config.js';

/** Whether a price may be believed, by the ones before it and by a second source. One for each symbol. */
export interface PriceGuard {
  /** The last believed price; NaN before the first. */
  readonly last: number;
  /** True for a price within the band of the last one, which it then becomes. A price outside it is not believed, and the second source is asked. */
  believes(price: number): boolean;
  /** Within the band of a price that a first source stands for. */
  inBand(price: number, reference: number): boolean;
  /** True when a price that was not believed on the stream says the same as this one: two sources agree. */
  isSuspected(price: number): boolean;
  /** The last price by a source that is believed without question: history. */
  settle(price: number): void;
}

const within = (a: number, b: number, share: number): boolean => Math.abs(a - b) <= share * Math.max(a, b);

/**
 * Data that jumps by more than the band is hostile until proved: a feed that said ten times the price would size positions by it. `confirm` asks another source for the price now; when both agree, the jump is
 * real and prices go on from there. One question at a time; while it is open prices outside the band stay out.
 */
export const priceGuard = ({
  symbol,
  config,
  confirm,
  confirmed,
}: {
  readonly symbol: Symbol;
  readonly config: Pick<FeedConfig, 'priceBand' | 'agreeWithin'>;
  /** The price now by a second source; NaN when it has none. */
  readonly confirm: (symbol: Symbol) => Promise<number>;
  readonly confirmed: (symbol: Symbol, before: number, price: number) => void;
}): PriceGuard => {
  // The last believed price and the last one that was not.
  const state = Float64Array.of(NaN, NaN);
  let isAsking = false;
  const inBand = (price: number, reference: number): boolean =>
    Number.isNaN(reference) || (price <= reference * config.priceBand && price * config.priceBand >= reference);
  const ask = async (): Promise<void> => {
    isAsking = true;
    try {
      const price = await confirm(symbol);
      const before = state[0]!;
      if (!(price > 0) || !within(price, state[1]!, config.agreeWithin)) return;
      state[0] = state[1]!;
      state[1] = NaN;
      confirmed(symbol, before, state[0]);
    } catch {
      // No second source: the price stays out, and the next one outside the band asks again.
    } finally {
      isAsking = false;
    }
  };
  return {
    get last() {
      return state[0]!;
    },
    inBand,
    believes: price => {
      if (inBand(price, state[0]!)) {
        state[0] = price;
        return true;
      }
      state[1] = price;
      if (!isAsking) void ask();
      return false;
    },
    isSuspected: price => within(price, state[1]!, config.agreeWithin),
    settle: price => {
      state[0] = price;
    },
  };
};
