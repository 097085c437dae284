import { nextChoice } from '../../numeric/next-choice.js';

/** All choices of `size` of the numbers 0 to n − 1, each ascending, in lexicographic order; null when there are more than `most`. `size` is 1 to n. */
export const choices = (n: number, size: number, most: number): readonly (readonly number[])[] | null => {
  const found: number[][] = [];
  const current = Array.from({ length: size }, (_, i) => i);
  do {
    if (found.length === most) return null;
    found.push([...current]);
  } while (nextChoice(current, n));
  return found;
};
