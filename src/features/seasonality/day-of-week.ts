import { DAY } from '../../time.js';
import { record, type Feature } from '../feature.js';

/** Place on the circle of the week; Monday is (sin 0, cos 1). */
export type DayOfWeek = Feature<{ readonly sin: number; readonly cos: number }>;

/** Sine and cosine of sevenths of a turn, correctly rounded. */
const SIN = [
  0, 0.7818314824680298, 0.9749279121818236, 0.4338837391175581, -0.4338837391175581, -0.9749279121818236, -0.7818314824680298,
] as const;
const COS = [
  1, 0.6234898018587336, -0.2225209339563144, -0.9009688679024191, -0.9009688679024191, -0.2225209339563144, 0.6234898018587336,
] as const;

/** UTC weekday at the bar's close, as sine and cosine of its angle, so that Sunday and Monday are neighbours. */
export const dayOfWeek = (): DayOfWeek =>
  record('day-of-week()', 1, ['sin', 'cos'], () => (bar, out, offset) => {
    // The epoch began on a Thursday.
    const day = (Math.floor(bar.ts / DAY) + 3) % 7;
    const ready = Number.isFinite(bar.close);
    out[offset] = ready ? SIN[day]! : NaN;
    out[offset + 1] = ready ? COS[day]! : NaN;
  });
