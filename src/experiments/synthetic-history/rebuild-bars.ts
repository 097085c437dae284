import { usageError } from '../../errors.js';
import type { Chunk } from '../../events/market.js';
import type { Instrument } from '../../market/instrument.js';
import { units } from '../../market/units.js';
import type { BarShapes } from './bar-shapes.js';

/** A symbol's bars on a new path. */
export interface RebuiltBars {
  readonly bars: Chunk;
  /** Close of each bar before it was rounded to a tick: what the next bar and reference prices are reckoned from. */
  readonly levels: Float64Array;
}

/**
 * Chains recorded shapes into a path of prices: row i takes its shape and volume from recorded row `sources[i]`, its time from the recorded row i, and the path
 * begins at the recorded first open. Prices are rounded to ticks only as they are written, so roundings do not add up, and are one tick at least.
 * Throws a usage error when the path outgrows what can be booked exactly, which takes a redenomination or a bad price among the bars.
 */
export const rebuildBars = (recorded: Chunk, shapes: BarShapes, sources: Int32Array, instrument: Instrument): RebuiltBars => {
  const { rows, ts } = recorded;
  const [firstOpen, , , , volume] = recorded.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const { ticks, price } = units(instrument);
  const onTick = (exact: number): number => {
    const rounded = ticks(exact);
    if (!Number.isSafeInteger(rounded))
      throw usageError(
        'bad-history',
        `A synthetic price of ${recorded.symbol} grew to ${exact}: some recorded bar moves by a factor that no market does.`,
        'Look for a redenomination or a wrong price with: quantai data check.',
      );
    return price(Math.max(1, rounded));
  };
  const column = (): Float64Array => new Float64Array(rows);
  const [o, h, l, c, v, levels] = [column(), column(), column(), column(), column(), column()];
  for (let i = 0; i < rows; i++) {
    const source = sources[i]!;
    const open = i === 0 ? firstOpen[0]! : levels[i - 1]! * shapes.gap[source]!;
    const close = open * shapes.body[source]!;
    o[i] = onTick(open);
    h[i] = onTick(Math.max(open, close) * shapes.above[source]!);
    l[i] = onTick(Math.min(open, close) * shapes.below[source]!);
    c[i] = onTick(close);
    v[i] = volume[source]!;
    levels[i] = close;
  }
  return { bars: { ...recorded, ts: ts.slice(), columns: [o, h, l, c, v] }, levels };
};
