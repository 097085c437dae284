import type { Bar } from '../events/market.js';

/**
 * A number (or a few) per bar, computed as a fold over bars: the only thing a feature may look at is the bars it was given, in order.
 * The same fold serves a column of history and a live bar, so both give the same bits (law 7).
 */
export interface Feature<V = unknown> {
  /** Unique by name and parameters, e.g. `sma(20)`: features with the same key share one column. */
  readonly key: string;
  /** Bars until the first value; until then every output is NaN. */
  readonly warmup: number;
  /** Names of the outputs; `['value']` for a feature that is one number. */
  readonly outputs: readonly string[];
  /** A fresh fold: call it once per bar, oldest first; it writes one number per output into `out` starting at `offset`. */
  readonly create: () => (bar: Bar, out: Float64Array, offset: number) => void;
  /** Type of the value that a strategy sees; never set at run time. */
  readonly value?: V;
}

/** A feature that is one number per bar; a strategy reads it as that number. */
export const scalar = (key: string, warmup: number, create: () => (bar: Bar) => number): Feature<number> => ({
  key,
  warmup,
  outputs: ['value'],
  create: () => {
    const step = create();
    return (bar, out, offset) => {
      out[offset] = step(bar);
    };
  },
});

/** A feature of several numbers per bar, such as a band; a strategy reads it as an object with those names. */
export const record = <const K extends string>(
  key: string,
  warmup: number,
  outputs: readonly K[],
  create: () => (bar: Bar, out: Float64Array, offset: number) => void,
): Feature<{ readonly [name in K]: number }> => ({ key, warmup, outputs, create });

/** A feature that is one number per bar and writes it itself: as `scalar`, without a boxed number on the way out. */
export const column = (
  key: string,
  warmup: number,
  create: () => (bar: Bar, out: Float64Array, offset: number) => void,
): Feature<number> => ({
  key,
  warmup,
  outputs: ['value'],
  create,
});
