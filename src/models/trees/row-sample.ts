import type { Random } from '../../random.js';

/** `size` of the numbers 0 … n − 1, each set of them equally likely, ascending (Knuth, The Art of Computer Programming 2, algorithm S). */
export const sampleWithout = (n: number, size: number, draw: Random): Int32Array => {
  const chosen = new Int32Array(size);
  let taken = 0;
  for (let i = 0; taken < size; i++) if (draw.next() * (n - i) < size - taken) chosen[taken++] = i;
  return chosen;
};

/**
 * How often each of n rows is drawn by a bootstrap of `size` draws in blocks of `block` neighbours, wrapping round the end (circular block bootstrap, Politis & Romano
 * 1992). Rows that overlap in time are nearly copies: single draws would leave hardly any label unseen by a tree.
 */
export const bootstrapCounts = (n: number, size: number, block: number, draw: Random): Int32Array => {
  const times = new Int32Array(n);
  for (let drawn = 0; drawn < size;) {
    const first = draw.int(n);
    for (let k = 0; k < block && drawn < size; k++, drawn++) times[(first + k) % n]!++;
  }
  return times;
};
