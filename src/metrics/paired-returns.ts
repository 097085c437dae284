import { DAY, YEAR } from '../time.js';
import type { Track } from './metric.js';

/** Returns of several runs over the very same stretches of time. */
export interface PairedReturns {
  /** Start of the first stretch, epoch ms; NaN without any. */
  readonly from: number;
  /** End of each stretch. */
  readonly ts: Float64Array;
  /** One column of simple returns a run, in the order given. */
  readonly columns: readonly Float64Array[];
  /** As `trackOf` annualises: 365 when nearly every calendar day has one. */
  readonly periodsPerYear: number;
}

/** Share of calendar days with a return from which a market is taken to trade every day. */
const EVERY_DAY = 0.95;

/**
 * Moments between a track's returns, in days: the end of the UTC day for those inside. The first and the last may lie within a day and are kept as
 * they are, so that half a day is never paired with a whole one.
 */
const edgesOf = ({ curve, years, returnTs }: Track): Float64Array => {
  const last = curve.ts[curve.length - 1]!;
  const edges = new Float64Array(returnTs.length + 1);
  edges[0] = Math.round(last - years * YEAR) / DAY;
  returnTs.forEach((ts, i) => (edges[i + 1] = i === returnTs.length - 1 ? ts / DAY : Math.ceil(ts / DAY)));
  return edges;
};

/** Returns of a track from each of `common` (moments it has) to the next, compounded over what lies between. */
const between = ({ returns }: Track, edges: Float64Array, common: readonly number[]): Float64Array => {
  const out = new Float64Array(Math.max(0, common.length - 1));
  let k = 0;
  while (k < edges.length && edges[k] !== common[0]) k++;
  for (let i = 0; i < out.length; i++) {
    out[i] = returns[k++]!;
    for (; edges[k]! < common[i + 1]!; k++) out[i] = (1 + out[i]!) * (1 + returns[k]!) - 1;
    // Two returns that end on one day end at one moment.
    while (k + 1 < edges.length && edges[k + 1] === common[i + 1]) k++;
  }
  return out;
};

/**
 * Returns of all tracks from one moment that all of them have to the next: days for runs on bars of a day or less, and weeks where one of them has a
 * return a week. What a run earned before, after or beside the common time is left out. None when fewer than two moments are common.
 */
export const pairedReturns = (tracks: readonly Track[]): PairedReturns => {
  const edges = tracks.map(track => (track.curve.length === 0 ? new Float64Array(0) : edgesOf(track)));
  const [first = new Float64Array(0), ...others] = edges;
  const sets = others.map(other => new Set(other));
  const common = [...new Set(first)].filter(edge => sets.every(set => set.has(edge)));
  const days = (common.at(-1) ?? 0) - (common[0] ?? 0);
  const count = Math.max(0, common.length - 1);
  return {
    from: count > 0 ? common[0]! * DAY : NaN,
    ts: Float64Array.from(common.slice(1), edge => edge * DAY),
    columns: tracks.map((track, i) => between(track, edges[i]!, common)),
    periodsPerYear: count >= EVERY_DAY * days ? YEAR / DAY : (count * (YEAR / DAY)) / days,
  };
};
