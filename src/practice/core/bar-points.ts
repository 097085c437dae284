import { lowFirst, type PathModel } from '../../sim/matching/bar-path.js';
import type { SymbolState } from './symbol-state.js';

const NEUTRAL = { position: 0, buys: 0, sells: 0 } as const;

/**
 * The points at which a bar is told while it runs: on the path that orders match on, from its open over both extremes to its close. The last one comes a millisecond before the bar's end, for
 * a trade at the end belongs to the next bar. Volumes are whole lots but for the last, which has the rest.
 */
export interface BarPoints {
  readonly count: number;
  /** The row that is laid out; −1 for none. */
  readonly row: number;
  readonly ts: Float64Array;
  /** Quote currency. */
  readonly price: Float64Array;
  /** Base units. */
  readonly quantity: Float64Array;
  /** Lay out a row, unless it is already. */
  lay(row: number): void;
  /** Price on the path of a row at a moment inside it, quote currency, in whole ticks. */
  priceAt(row: number, at: number): number;
  /** Number of the points of a row at or before a moment. */
  passed(row: number, at: number): number;
}

export const barPoints = (state: SymbolState, path: PathModel, tradesPerBar: number): BarPoints => {
  const steps = 3 * Math.max(1, Math.ceil((tradesPerBar - 1) / 3));
  const count = steps + 1;
  const ts = new Float64Array(count);
  const price = new Float64Array(count);
  const quantity = new Float64Array(count);
  const turns = new Float64Array(4);
  const laid = Int32Array.of(-1);
  const { bars, barMs } = state;
  const [open, high, low, close, volume] = bars.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

  const turn = (row: number): void => {
    const u = state.units;
    const o = u.ticks(open[row]!);
    const h = u.ticks(high[row]!);
    const l = u.ticks(low[row]!);
    const c = u.ticks(close[row]!);
    const isDown = lowFirst(path, o, h, l, c, NEUTRAL);
    turns[0] = o;
    turns[1] = isDown ? l : h;
    turns[2] = isDown ? h : l;
    turns[3] = c;
  };
  const between = (share: number): number => {
    const k = Math.min(2, Math.floor(share));
    const from = turns[k]!;
    return from + (turns[k + 1]! - from) * (share - k);
  };
  const lay = (row: number): void => {
    if (laid[0] === row) return;
    laid[0] = row;
    turn(row);
    const u = state.units;
    const t0 = bars.ts[row]!;
    const all = volume[row]!;
    const known = Number.isNaN(all) ? 0 : all;
    const part = u.lots(known / count);
    for (let k = 0; k < count; k++) {
      ts[k] = k === steps ? t0 + barMs - 1 : Math.floor(t0 + (barMs * k) / steps);
      price[k] = u.price(Math.round(between((3 * k) / steps)));
      quantity[k] = u.quantity(part);
    }
    // The turning points and the ends are the data's own figures, whatever the ticks are now.
    price[0] = open[row]!;
    price[steps] = close[row]!;
    price[steps / 3] = turns[1] === u.ticks(low[row]!) ? low[row]! : high[row]!;
    price[(2 * steps) / 3] = turns[2] === u.ticks(low[row]!) ? low[row]! : high[row]!;
    quantity[steps] = Math.max(0, Math.round((known - u.quantity(part * steps)) * 1e8) / 1e8);
  };
  return {
    count,
    get row() {
      return laid[0]!;
    },
    ts,
    price,
    quantity,
    lay,
    priceAt: (row, at) => {
      turn(row);
      return state.units.price(Math.round(between((3 * (at - bars.ts[row]!)) / barMs)));
    },
    passed: (row, at) => {
      lay(row);
      let k = 0;
      while (k < count && ts[k]! <= at) k++;
      return k;
    },
  };
};
