import { listOf, positiveIn, sizeIn } from './reading.js';

/** Levels of one side of a book as venues write them: pairs of price and size; a size of zero takes the level away. */
export const readLevels = (value: unknown, what: string): (readonly [price: number, quantity: number])[] =>
  listOf(value, what).map(entry => {
    const level = listOf(entry, what);
    return [positiveIn(level[0], `${what} price`), sizeIn(level[1], `${what} size`)] as const;
  });
