import { usageError } from '../../errors.js';
import { WIDEST_ROW } from './tree.js';

/** Refuses a number that is out of its range. */
export const checkRange = (name: string, value: number, low: number, high: number, whole: boolean): void => {
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return;
  const range = high === Infinity ? `${low} or more` : `from ${low} to ${high}`;
  throw usageError('bad-tree-option', `${name} is ${value}.`, `It is a ${whole ? 'whole ' : ''}number, ${range}.`);
};

/** Refuses rows of more features than a model has room for. */
export const checkWidth = (width: number): void => {
  if (width > WIDEST_ROW)
    throw usageError('too-many-features', `Rows have ${width} features; trees take up to ${WIDEST_ROW}.`, 'Leave some of them out.');
};
