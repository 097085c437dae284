import { usageError } from '../../errors.js';

/** The size of a disturbance, if it lies within bounds. Throws a usage error otherwise. */
export const checkedSize = (size: number, most: number, what: string): number => {
  if (!(size >= 0 && size <= most)) throw usageError('bad-stress', `${size} is not ${what}.`, `Use a number from 0 to ${most}.`);
  return size;
};
