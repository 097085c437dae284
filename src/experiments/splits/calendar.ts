import { usageError } from '../../errors.js';
import { parseDuration } from '../../time.js';

/** A length of history: a duration such as `180d`, or a number of bars. */
export type Extent = string | number;

/** The history to be split. */
export interface Calendar {
  /** Open of the first bar. */
  readonly from: number;
  /** Close of the last bar. */
  readonly to: number;
  /** Opens of all bars, ascending, unique; needed only where an extent counts bars. */
  readonly opens?: Float64Array;
}

/** Steps through a calendar by extents. Times are boundaries between bars, from `from` to `to`; Infinity where the calendar ends before the extent does. */
export interface CalendarWalk {
  /** The boundary `extent` later. */
  after(ts: number, extent: Extent): number;
  /** The boundary `extent` earlier; −Infinity when the calendar begins later. */
  before(ts: number, extent: Extent): number;
}

const isCount = (extent: Extent): extent is number => typeof extent === 'number';

/** Milliseconds of a duration, or the checked number of bars. Throws a usage error otherwise. */
const checked = (extent: Extent): number => {
  if (!isCount(extent)) return parseDuration(extent);
  if (!Number.isInteger(extent) || extent < 0)
    throw usageError('bad-window', `${extent} is not a number of bars.`, 'Give a whole number of bars or a duration like 180d.');
  return extent;
};

/** Throws a usage error for an extent that is not one, or that counts bars where the calendar does not list them. */
export const walkOf = ({ from, to, opens }: Calendar): CalendarWalk => {
  const indexOf = (ts: number): number => {
    if (opens === undefined) throw usageError('bad-window', 'Windows counted in bars need the bars.', 'Give durations instead, like 180d.');
    let [low, high] = [0, opens.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (opens[middle]! < ts) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const boundary = (index: number): number => (index === 0 ? from : index === opens!.length ? to : opens![index]!);
  const step = (ts: number, extent: Extent, sign: 1 | -1): number => {
    const length = checked(extent);
    if (length === 0) return ts;
    if (!isCount(extent)) {
      const at = ts + sign * length;
      return at > to ? Infinity : at < from ? -Infinity : at;
    }
    const index = indexOf(ts) + sign * length;
    return index < 0 ? -Infinity : index > opens!.length ? Infinity : boundary(index);
  };
  return { after: (ts, extent) => step(ts, extent, 1), before: (ts, extent) => step(ts, extent, -1) };
};
