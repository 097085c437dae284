import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyBookInput } from '../arbitraries/books.js';
import { matchBook, type BookInput } from './book-reference.js';
import { TickVenue, bookOf, tradesOf, type Said } from './tick-venue.js';

const RUNS = Number(process.env['QUANTAI_FUZZ_RUNS'] ?? 400);

const play = ({ messages, prints, actions, queue, ownImpact, held }: BookInput): Said[] =>
  new TickVenue([bookOf(messages), tradesOf(prints)], { fills: { kind: 'book', queue, ownImpact }, held }).play(actions);

describe('matching on the book', () => {
  it('agrees word by word with a slow second implementation of the page of rules', () => {
    fc.assert(
      fc.property(anyBookInput, input => {
        expect(play(input)).toEqual(matchBook(input));
      }),
      { numRuns: RUNS },
    );
  });

  it('is put to the test by such inputs: every kind of word comes up', () => {
    const words = new Set(fc.sample(anyBookInput, { numRuns: 500, seed: 5 }).flatMap(input => play(input).map(({ what }) => what)));
    const expected = [
      'accepted, maker, taker, triggered, amended, cancelled requested, cancelled reduce-only, expired not-filled, expired not-marketable',
      'expired no-market, expired reduce-only, expired gtd, rejected post-only, cancel-rejected, amend-rejected',
      'amend-rejected below-filled, amend-rejected post-only',
    ];
    for (const word of [...expected.flatMap(line => line.split(', ')), 'amended, keeps its place']) expect(words).toContain(word);
  });
});
