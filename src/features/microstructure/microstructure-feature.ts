import type { BookView } from '../../market/order-book.js';
import type { Lots, Ticks, Units } from '../../market/units.js';

/** The book after a valid message. It is the feed's own and moves on: a fold reads what it needs and keeps no hold of it. */
export interface BookTick {
  /** Epoch ms. */
  readonly ts: number;
  readonly book: BookView;
}

/** One public trade; `side` is +1 when the taker bought, −1 when it sold. */
export interface TradeTick {
  readonly ts: number;
  readonly price: Ticks;
  readonly lots: Lots;
  readonly side: number;
}

/** Best bid and ask. */
export interface QuoteTick {
  readonly ts: number;
  readonly bid: Ticks;
  readonly bidLots: Lots;
  readonly ask: Ticks;
  readonly askLots: Lots;
}

/** What a feature makes of the events that it looks at. Ticks are read at once: a caller may fill the same object again for the next event. */
export interface MicrostructureReader {
  onBook?(tick: BookTick): void;
  onTrade?(tick: TradeTick): void;
  onQuote?(tick: QuoteTick): void;
  value(now: number): number;
}

/**
 * A feature at work. Events come in order of time; `value(now)` is the number as of `now`, epoch ms, not before the last event, and NaN until there is enough to say. Asking for it changes no later
 * value, so that a column sampled every second and a strategy that asks at every event have the same bits. Nothing is allocated per event.
 */
export interface MicrostructureFold extends Required<MicrostructureReader> {
  /** Forget everything, as after a hole in the data. */
  reset(): void;
}

/**
 * A number made from an order book, trades and quotes as they come, in whole ticks and lots, which sum without rounding. It sees nothing but the events that it was given. Where book and quotes both
 * come, the later of them is the best bid and ask.
 */
export interface MicrostructureFeature {
  /** Unique by name and parameters. */
  readonly key: string;
  /** A fresh fold for an instrument of these units. */
  readonly create: (units: Units) => MicrostructureFold;
}

const nothing = (): void => undefined;

/** A feature from its key and a maker of readers; what a reader does not look at passes it by. */
export const microstructure = (key: string, read: (units: Units) => MicrostructureReader): MicrostructureFeature => ({
  key,
  create: units => {
    let reader = read(units);
    const { onBook, onTrade, onQuote } = reader;
    return {
      reset: () => {
        reader = read(units);
      },
      onBook: onBook === undefined ? nothing : tick => reader.onBook?.(tick),
      onTrade: onTrade === undefined ? nothing : tick => reader.onTrade?.(tick),
      onQuote: onQuote === undefined ? nothing : tick => reader.onQuote?.(tick),
      value: now => reader.value(now),
    };
  },
});
