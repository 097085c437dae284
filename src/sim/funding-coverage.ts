import { badData } from '../errors.js';
import type { Symbol } from '../market/instrument.js';
import { formatTime, HOUR, MINUTE } from '../time.js';

/** Settled funding of one symbol and the stretch over which a run may hold it, epoch ms. */
export interface HeldFunding {
  readonly symbol: Symbol;
  /** Settlement times, ascending. */
  readonly ts: Float64Array;
  /** Interval of each settlement, ms. */
  readonly interval: Float64Array;
  readonly rows: number;
  /** Nothing is held up to and including `from`; what is due at `to` itself belongs to what follows. */
  readonly from: number;
  readonly to: number;
}

/** Settlements that were due and are not in the data. */
export interface FundingHole {
  readonly symbol: Symbol;
  /** The last settlement before the hole and the first after it; the stretch's own end where there is none. */
  readonly from: number;
  readonly to: number;
  readonly missing: number;
  /** When the first and the last missing one were due; the last is infinite where the data end with the hole. */
  readonly firstDue: number;
  readonly lastDue: number;
}

/** Venues settle seconds late at times. */
const LATE = MINUTE;

/**
 * Holes in funding inside the stretch. A settlement is missed when the next one comes later than the longer of the intervals on its two sides, by half of the
 * shorter: so an interval that changes from 8 h to 4 h to 1 h, or back, is no hole.
 */
export const fundingHoles = ({ symbol, ts, interval, rows, from, to }: HeldFunding): FundingHole[] => {
  const lengthAt = (i: number): number => {
    const length = interval[i] ?? NaN;
    return length > 0 ? length : 8 * HOUR;
  };
  if (rows === 0 || !(to > from)) return [];
  const holes: FundingHole[] = [];
  const isInside = (at: number): boolean => at > from + LATE && at < to - LATE;
  /** Notes a hole when one of what was due at `firstDue`, `firstDue` + `step`, … before `end` concerns the run. */
  const due = (from: number, to: number, firstDue: number, lastDue: number, step: number, end: number): void => {
    let missing = 0;
    for (let at = firstDue; at < end; at += step) if (isInside(at)) missing++;
    if (missing > 0) holes.push({ symbol, from, to, missing, firstDue, lastDue });
  };
  const first = ts[0] as number;
  const before = Math.max(0, Math.floor((first - from) / lengthAt(0))) * lengthAt(0);
  due(from, Math.min(first, to), first - before, first - lengthAt(0), lengthAt(0), first - 0.5 * lengthAt(0));
  for (let i = 1; i < rows; i++) {
    const [one, next] = [ts[i - 1] as number, ts[i] as number];
    const [early, late] = [lengthAt(i - 1), lengthAt(i)];
    const [longer, shorter] = [Math.max(early, late), Math.min(early, late)];
    if (next - one >= longer + 0.5 * shorter) due(one, next, one + early, Math.max(one + early, next - late), longer, next - 0.5 * shorter);
  }
  const last = ts[rows - 1] as number;
  due(Math.max(last, from), to, last + lengthAt(rows - 1), Infinity, lengthAt(rows - 1), to);
  return holes;
};

/** The longest stretch of [from, to] in which nothing is missing. */
const longestWhole = (holes: readonly FundingHole[], from: number, to: number): { readonly from: number; readonly to: number } => {
  let best = { from, to: from };
  let start = from;
  const end = { firstDue: to, lastDue: Infinity };
  for (const { firstDue, lastDue } of [...holes].sort((a, b) => a.firstDue - b.firstDue).concat({ ...(holes[0] as FundingHole), ...end })) {
    if (Math.min(firstDue, to) - start > best.to - best.from) best = { from: start, to: Math.min(firstDue, to) };
    start = Math.max(start, lastDue);
  }
  return best;
};

const isoMinute = (ts: number): string => `${new Date(ts).toISOString().slice(0, 16)}Z`;

/**
 * Throws a bad-data error when funding that a run would have to charge is missing: in the middle, or because it begins after the run or ends before it. Missing funding
 * is not funding of 0.
 */
export const requireWholeFunding = (held: readonly HeldFunding[]): void => {
  const holes = held.flatMap(fundingHoles);
  const [first] = holes;
  if (first === undefined) return;
  const { symbol } = first;
  const own = holes.filter(hole => hole.symbol === symbol);
  const missing = own.reduce((n, hole) => n + hole.missing, 0);
  const places = own.slice(0, 3).map(hole => `between ${formatTime(hole.from)} and ${formatTime(hole.to)}`);
  const others = new Set(holes.map(hole => hole.symbol)).size - 1;
  // Up to the minute, inward: a time that is not whole must not take a settlement in again.
  const whole = longestWhole(holes, Math.min(...held.map(({ from }) => from)), Math.max(...held.map(({ to }) => to)));
  const [from, to] = [Math.ceil(whole.from / LATE) * LATE, Math.floor(whole.to / LATE) * LATE];
  const window = to > from ? ` run where none is missing (--from ${isoMinute(from)} --to ${isoMinute(to)}),` : '';
  throw badData(
    'missing-funding',
    `${symbol} lacks ${missing} funding ${missing === 1 ? 'settlement' : 'settlements'} inside the run, ${places.join(', ')}${own.length > 3 ? ', …' : ''} UTC${others > 0 ? `; so ${others === 1 ? 'does' : 'do'} ${others} other ${others === 1 ? 'symbol' : 'symbols'}` : ''}.`,
    `Import what is missing (--kind funding),${window} or leave funding out knowingly with --funding none.`,
  );
};
