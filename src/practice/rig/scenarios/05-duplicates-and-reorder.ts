import type { Scenario } from '../scenario.js';

export const duplicatesAndReorder: Scenario = {
  number: 5,
  name: 'duplicates-and-reorder',
  inject: 'each private event 1 to 5 times, late by up to an hour of market time, fills before answers',
  expect: 'the state depends on the set of events and not on their order',
  play: ({ between }) => between(10, 235, { duplicateEvent: 0.5, lateEvent: 0.4, lateMs: 120_000, latencySigma: 1 }),
  sometimes: ['event:duplicated', 'event:late'],
};
