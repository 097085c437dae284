import { finding, grouped, place, type Check } from './check.js';

/**
 * Updates of a book that do not follow on the one before: the venue says which update came before (`previousId`) and it is not the last one in
 * the file. From there to the next snapshot the book is not what the venue's was.
 */
export const bookGap: Check = (series, context) => {
  const [, , , snapshot, , lastId, previousId] = series.columns;
  if (series.kind !== 'book' || !snapshot || !lastId || !previousId) return [];
  let count = 0;
  let first = -1;
  let last = NaN;
  for (let i = 0; i < series.rows; i++) {
    const id = lastId[i] ?? NaN;
    const previous = previousId[i] ?? NaN;
    if (snapshot[i] === 1) continue;
    if (id !== last && !Number.isNaN(last) && !Number.isNaN(previous) && previous !== last && count++ === 0) first = i;
    if (!Number.isNaN(id)) last = id;
  }
  if (count === 0) return [];
  return [
    finding(
      series,
      context,
      'book-gap',
      'error',
      first,
      count,
      `${grouped(count)} book updates do not follow on the one before, first at ${place(series, context, first)}: updates are missing.`,
    ),
  ];
};
