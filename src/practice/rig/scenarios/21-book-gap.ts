import type { Scenario } from '../scenario.js';

export const bookGap: Scenario = {
  number: 21,
  name: 'book-gap',
  inject: 'updates of the book that never come, and streams that are cut',
  expect: 'the book is invalid until it is whole again; no crossed book and no old quote is served',
  options: { book: true },
  play: ({ at, between, world }) => {
    between(20, 200, { omitBook: 0.1 });
    at(60, () => world.lines.cutMarket('cut'));
    at(120, () => {
      world.weather.marketSilentUntil = world.time.now + 20_000;
    });
  },
  sometimes: ['book:omitted', 'book:served', 'book:withheld', 'market:cut', 'market:silent'],
  check: ({ world }) => (world.tally.of('book:served-crossed') > 0 ? ['a crossed book was served'] : []),
};

export const brokenBook: Scenario = {
  number: 21,
  name: 'broken-book',
  inject: 'updates of the book that never come, on a stream that is never silent',
  expect: 'the break itself opens the stream anew: the book is whole again soon after the last omission',
  // The age of the data says nothing here: only the sequence of the updates does.
  options: { book: true, activeMs: 90_000, feed: { expectedMs: { book: 3_600_000 } } },
  play: ({ at, between, world }) => {
    between(10, 60, { omitBook: 0.1 });
    let before = 0;
    at(65, () => {
      before = world.tally.of('book:served');
    });
    at(85, () => world.tally.count('book:served-again', world.tally.of('book:served') - before));
  },
  sometimes: ['book:omitted', 'book:served-again'],
  check: ({ world }) => (world.tally.of('book:served-crossed') > 0 ? ['a crossed book was served'] : []),
};
