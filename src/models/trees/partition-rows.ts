import { MISSING_BIN } from './feature-bins.js';
import type { BinnedRows } from './binned-rows.js';

const partition = (
  words: Int32Array,
  shift: number,
  cut: number,
  missingLeft: number,
  rows: Int32Array,
  from: number,
  to: number,
  spare: Int32Array,
): number => {
  let left = from;
  let right = 0;
  for (let k = from; k < to; k++) {
    const row = rows[k]!;
    const bin = (words[row]! >>> shift) & 255;
    // Both stores are made and one is kept: cheaper than a branch that nothing can foretell.
    const goesRight = bin === MISSING_BIN ? 1 - missingLeft : (cut - bin) >>> 31;
    rows[left] = row;
    spare[right] = row;
    right += goesRight;
    left += 1 - goesRight;
  }
  for (let k = 0; k < right; k++) rows[left + k] = spare[k]!;
  return left;
};

/** Parts `rows[from … to)` by a cut of one feature, both sides in the order they had, and answers where the right side begins. */
export const partitionRows = (
  { words }: BinnedRows,
  feature: number,
  cut: number,
  missingLeft: number,
  rows: Int32Array,
  from: number,
  to: number,
  spare: Int32Array,
): number => partition(words[feature >> 2]!, (feature & 3) << 3, cut, missingLeft, rows, from, to, spare);
