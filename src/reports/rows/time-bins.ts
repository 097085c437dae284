import { DAY, HOUR, WEEK } from '../../time.js';

/** Equal stretches of time that hold ascending moments; each holds its end and not its start, so that a bar that closes at midnight belongs to the day before. */
export interface TimeBins {
  readonly count: number;
  readonly width: number;
  /** Bin of a moment. */
  readonly at: (ts: number) => number;
  /** End of a bin, never after the last moment of all. */
  readonly end: (bin: number) => number;
}

const WIDTHS = [HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, WEEK, 2 * WEEK, 4 * WEEK, 12 * WEEK, 52 * WEEK];

/** Hours, days or weeks that cut ascending `ts` into `most` bins or fewer, each at least as wide as the shortest step between two moments. */
export const timeBins = (ts: Float64Array, most: number): TimeBins => {
  const first = ts[0] ?? 0;
  const last = ts[ts.length - 1] ?? 0;
  let step = Infinity;
  for (let i = 1; i < ts.length; i++) if (ts[i]! > ts[i - 1]!) step = Math.min(step, ts[i]! - ts[i - 1]!);
  const least = Math.max(Number.isFinite(step) ? step : 0, (last - first) / Math.max(1, most - 1));
  const width = WIDTHS.find(w => w >= least && Math.ceil(last / w) - Math.ceil(first / w) < most) ?? Math.ceil(least / WEEK + 1) * WEEK;
  const offset = Math.ceil(first / width);
  return {
    count: ts.length === 0 ? 0 : Math.ceil(last / width) - offset + 1,
    width,
    at: moment => Math.ceil(moment / width) - offset,
    end: bin => Math.min(last, (offset + bin) * width),
  };
};
