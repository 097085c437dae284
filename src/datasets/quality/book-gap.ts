import { finding, grouped, place, type Check } from './check.js';

/**
 * Updates of a book that do not follow on the one before, by whichever ids the venue gives: the id of the update before (`previousId`), ids that go on without a hole (`firstId`), or one id that only rises. From there
 * to the next snapshot the book is not what the venue's was.
 */
export const bookGap: Check = (series, context) => {
  const [, , , snapshot, firstId, lastId, previousId] = series.columns;
  if (series.kind !== 'book' || !snapshot || !firstId || !lastId || !previousId) return [];
  let count = 0;
  let first = -1;
  let last = NaN;
  for (let i = 0; i < series.rows; i++) {
    const id = lastId[i] ?? NaN;
    const begin = firstId[i] ?? NaN;
    const previous = previousId[i] ?? NaN;
    if (snapshot[i] === 1) {
      // A venue that sends snapshots in the stream may begin anew with them; one that was asked for stands beside the sequence.
      if (Number.isNaN(begin)) last = NaN;
      continue;
    }
    if (Number.isNaN(id) || id === last) continue;
    const follows = !Number.isNaN(previous) ? previous === last : !Number.isNaN(begin) ? begin === last + 1 : id > last;
    if (!Number.isNaN(last) && !follows && count++ === 0) first = i;
    last = id;
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
