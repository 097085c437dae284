import type { Chunk } from '../../src/events/market.js';
import { FAST, SLOW } from '../fixtures/sma-run.js';

/** For each bar whether the fast average of the closes up to it is above the slow one: the cheapest a strategy of a rival can have it, computed before the clock starts. */
export const smaSignal = ({ rows, columns }: Chunk): Uint8Array => {
  const close = columns[3] as Float64Array;
  const isUp = new Uint8Array(rows);
  let [fast, slow] = [0, 0];
  for (let i = 0; i < rows; i++) {
    fast += close[i]! - (i >= FAST ? close[i - FAST]! : 0);
    slow += close[i]! - (i >= SLOW ? close[i - SLOW]! : 0);
    isUp[i] = i >= SLOW - 1 && fast / FAST > slow / SLOW ? 1 : 0;
  }
  return isUp;
};
