import { lowerBound } from '../../datasets/range.js';
import { usageError } from '../../errors.js';
import type { Calendar } from './calendar.js';
import type { Span } from './fold.js';

/** Bars `first` to `end` − 1 of a calendar. */
export interface BarRange {
  readonly first: number;
  readonly end: number;
}

/** A calendar seen as numbered bars, whatever holes lie between them. */
export interface NumberedBars {
  readonly count: number;
  /** Where bar `index` begins; the calendar's ends for the first bar and for `count`. */
  boundary(index: number): number;
  /** Bars that are over at `ts`. A bar before a hole counts as lasting until the next opens. */
  before(ts: number): number;
  /** First bar that opens at `ts` or later; `count` when none does. */
  from(ts: number): number;
  spanOf(range: BarRange): Span;
  rangeOf(span: Span): BarRange;
}

/** Throws a usage error when the calendar does not list its bars, or has none. */
export const numberedBars = ({ from, to, opens }: Calendar): NumberedBars => {
  if (opens === undefined)
    throw usageError('bad-window', 'Cross-validation shares out bars, so it needs the bars.', "Give the calendar the bars' opens.");
  const count = opens.length;
  if (count === 0) throw usageError('too-short', 'There are no bars to split.', 'Use more data.');
  const boundary = (index: number): number => (index <= 0 ? from : index >= count ? to : opens[index]!);
  const firstFrom = (ts: number): number => lowerBound(opens, count, ts);
  return {
    count,
    boundary,
    before: ts => {
      const index = firstFrom(ts);
      return index === count ? (ts >= to ? count : count - 1) : opens[index] === ts ? index : Math.max(0, index - 1);
    },
    from: firstFrom,
    spanOf: ({ first, end }) => ({ from: boundary(first), to: boundary(end) }),
    rangeOf: span => ({ first: firstFrom(span.from), end: firstFrom(span.to) }),
  };
};

/**
 * Cuts the bars of ascending ranges into `parts` groups that follow one another and whose sizes differ by one bar at most. A group that reaches over the end of
 * a range is in several pieces. Throws a usage error when there are fewer bars than groups.
 */
export const cutEvenly = (ranges: readonly BarRange[], parts: number): readonly (readonly BarRange[])[] => {
  const total = ranges.reduce((sum, { first, end }) => sum + end - first, 0);
  if (total < parts)
    throw usageError('too-short', `The data is too short: ${total} bars do not make ${parts} groups.`, 'Use fewer groups or more data.');
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [Math.floor((total * part) / parts), Math.floor((total * (part + 1)) / parts)];
    let passed = 0;
    return ranges.flatMap(({ first, end }) => {
      const offset = first - passed;
      passed += end - first;
      const piece = { first: Math.max(first, from + offset), end: Math.min(end, to + offset) };
      return piece.first < piece.end ? [piece] : [];
    });
  });
};
