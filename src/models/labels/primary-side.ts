import type { Bar } from '../../events/market.js';
import { usageError } from '../../errors.js';

/** Which side a primary rule takes at a bar's close: 1 long, −1 short, 0 none. */
export type Side = -1 | 0 | 1;

/** A rule that says the side, as a fold over the bars of one symbol, oldest first. */
export interface PrimarySide {
  /** Name with its parameters: part of the identity of the labels made from it. */
  readonly key: string;
  readonly create: () => (bar: Bar) => Side;
}

/**
 * Sides that were worked out elsewhere, by the close of their bar in epoch ms, ascending; a bar without one has no side. Throws a usage error when the columns differ
 * in length, the times do not ascend, or a side is none.
 */
export const sideColumn = (key: string, ts: Float64Array, side: ArrayLike<number>): PrimarySide => {
  const wrong = (text: string) =>
    usageError('bad-side-column', `${key}: ${text}.`, 'Give one side of -1, 0 or 1 for each close, in time order.');
  if (ts.length !== side.length) throw wrong(`${side.length} sides for ${ts.length} times`);
  for (let i = 0; i < ts.length; i++) {
    if (i > 0 && !(ts[i]! > ts[i - 1]!)) throw wrong(`time ${i} does not come after the one before`);
    if (side[i] !== -1 && side[i] !== 0 && side[i] !== 1) throw wrong(`side ${i} is ${side[i]}`);
  }
  return {
    key,
    create: () => {
      let at = 0;
      return bar => {
        while (at < ts.length && ts[at]! < bar.ts) at++;
        if (ts[at] !== bar.ts) return 0;
        return side[at] === 1 ? 1 : side[at] === -1 ? -1 : 0;
      };
    },
  };
};
