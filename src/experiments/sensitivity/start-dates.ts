import { usageError } from '../../errors.js';
import { numberedBars } from '../splits/bar-ranges.js';
import { walkOf } from '../splits/calendar.js';
import type { Calendar, Extent } from '../splits/calendar.js';

/** Where to begin. */
export interface StartDatesOptions {
  /** Number of starts, 2 or more; the first is the calendar's own. */
  readonly count: number;
  /** How far the last start lies after the first: a duration or a number of bars. */
  readonly within: Extent;
}

/**
 * Starts spread evenly over the bars of the beginning of a history, to see whether a result hangs on the day it began: compounding, rebalancing days and warm-up
 * all count from there. Each is the open of a bar (the first the calendar's begin), all differ.
 * Throws a usage error when there are fewer bars than starts within the stretch, or the stretch is longer than the history.
 */
export const startDates = (calendar: Calendar, { count, within }: StartDatesOptions): Float64Array => {
  if (!Number.isInteger(count) || count < 2)
    throw usageError('bad-stress', `${count} is not a number of starts.`, 'Use a whole number, 2 or more.');
  const bars = numberedBars(calendar);
  const last = bars.from(walkOf(calendar).after(calendar.from, within));
  if (last >= bars.count || last < count - 1)
    throw usageError(
      'too-short',
      `The first ${within} of the history do not hold ${count} starts.`,
      'Use fewer starts or another stretch.',
    );
  return Float64Array.from({ length: count }, (_, i) => bars.boundary(Math.floor((last * i) / (count - 1))));
};
