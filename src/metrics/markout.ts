import { usageError } from '../errors.js';
import { neweyWestError } from '../statistics/newey-west.js';

/** Fills of resting orders, by column, ascending in time. */
export interface MakerFills {
  /** Epoch ms. */
  readonly ts: Float64Array;
  /** Quote currency. */
  readonly price: Float64Array;
  /** Base units, above 0. */
  readonly quantity: Float64Array;
  /** +1 where we bought, −1 where we sold. */
  readonly side: Float64Array;
}

/** Mid prices: each holds from its time to that of the next. Ascending in time; of several at one time the last holds. */
export interface MidPrices {
  readonly ts: Float64Array;
  readonly mid: Float64Array;
}

/** How the market moved after our fills, over one horizon. */
export interface Markout {
  readonly horizonMs: number;
  /** Fills that were measured: those whose horizon ends within the mid prices, and that had one. */
  readonly fills: number;
  /** Quantity-weighted mean of side × (mid after the horizon − fill price) ÷ fill price, in basis points: negative where the market ran over us. NaN without fills. */
  readonly bps: number;
  /** Standard error of `bps`; NaN for fewer than two fills. */
  readonly error: number;
  /** Sum of side × (mid − fill price) × quantity, quote currency: what the fills would have earned at that mid, before fees. */
  readonly money: number;
}

/** Horizons that are usual for a maker: 100 ms, 1 s, 5 s, 30 s. */
export const MARKOUT_HORIZONS: readonly number[] = [100, 1_000, 5_000, 30_000];

/** Index of the last time at or before `ts`, −1 when there is none. */
const lastAtOrBefore = (times: Float64Array, ts: number): number => {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= ts) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

const oneHorizon = (fills: MakerFills, mids: MidPrices, horizonMs: number): Markout => {
  const end = mids.ts[mids.ts.length - 1] ?? -Infinity;
  const moves: number[] = [];
  const weights: number[] = [];
  let money = 0;
  let weighted = 0;
  let weight = 0;
  for (let i = 0; i < fills.ts.length; i++) {
    const due = fills.ts[i]! + horizonMs;
    const at = lastAtOrBefore(mids.ts, due);
    // After the last mid nobody knows whether it still holds.
    if (due > end || at < 0 || !Number.isFinite(mids.mid[at]!)) continue;
    const move = fills.side[i]! * (mids.mid[at]! - fills.price[i]!);
    const value = fills.price[i]! * fills.quantity[i]!;
    moves.push((1e4 * move) / fills.price[i]!);
    weights.push(value);
    money += move * fills.quantity[i]!;
    weighted += 1e4 * move * fills.quantity[i]!;
    weight += value;
  }
  const n = moves.length;
  const bps = weighted / weight;
  // The linearised ratio: each fill's part in the error of the weighted mean. Horizons of fills that follow each other overlap, so neighbours are not independent.
  const parts = Float64Array.from(moves, (move, i) => ((move - bps) * weights[i]! * n) / weight);
  const measured = fills.ts.length > 0 ? fills.ts[fills.ts.length - 1]! - fills.ts[0]! : 0;
  const overlap = measured > 0 ? Math.ceil((horizonMs * n) / measured) : 0;
  return { horizonMs, fills: n, bps, error: neweyWestError(parts, Math.min(overlap, Math.floor(n / 4))), money };
};

/**
 * Adverse selection of maker fills: where the mid price was some time after each fill, seen from the side of the fill. The first lines of a maker's account: what it earns by quoting is the half spread
 * plus this. Uses the last mid at or before the end of the horizon. The standard error allows for overlapping horizons (Newey & West, as many lags as fills fit in a horizon, at most a quarter of them). As realised spreads:
 * R. Huang & H. Stoll, Journal of Financial Economics 41 (1996). Throws a usage error for columns of different lengths or a horizon below 0.
 */
export const markouts = (fills: MakerFills, mids: MidPrices, horizons: readonly number[] = MARKOUT_HORIZONS): Markout[] => {
  const { ts, price, quantity, side } = fills;
  if ([price, quantity, side].some(column => column.length !== ts.length) || mids.ts.length !== mids.mid.length)
    throw usageError(
      'bad-columns',
      'The columns of fills or of mid prices differ in length.',
      'Give each fill and each mid price a value in every column.',
    );
  const bad = horizons.find(horizon => !(horizon >= 0));
  if (bad !== undefined)
    throw usageError('bad-horizon', `A markout over ${bad} ms looks before the fill.`, 'Give horizons of 0 ms or more.');
  return horizons.map(horizon => oneHorizon(fills, mids, horizon));
};
