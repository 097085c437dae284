import { dominates } from './samplers/non-dominated.js';

/**
 * Indices, ascending, of what nothing else dominates; null is not eligible. Equal ones are all kept. Goes through the list once against the front so far, so that a hundred thousand
 * configurations with a short front are no work.
 */
export const paretoFront = (all: readonly (readonly number[] | null)[]): readonly number[] => {
  let front: number[] = [];
  for (const [i, values] of all.entries()) {
    if (values === null || front.some(j => dominates(all[j]!, values))) continue;
    front = front.filter(j => !dominates(values, all[j]!));
    front.push(i);
  }
  return front;
};
