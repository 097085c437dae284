import { DAY, HOUR } from '../../time.js';
import { record, type Feature } from '../feature.js';

/** Place on the circle of the day; midnight is (sin 0, cos 1), six in the morning (1, 0). */
export type HourOfDay = Feature<{ readonly sin: number; readonly cos: number }>;

/** Sines of 0°, 15°, … 90°: in square roots, which every machine rounds alike. */
const QUARTER = [0, (Math.sqrt(6) - Math.sqrt(2)) / 4, 0.5, Math.SQRT1_2, Math.sqrt(3) / 2, (Math.sqrt(6) + Math.sqrt(2)) / 4, 1] as const;

const sine = (hour: number): number => {
  const h = hour % 24;
  const half = h % 12;
  const value = QUARTER[half <= 6 ? half : 12 - half]!;
  return h < 12 ? value : 0 - value;
};

const SIN = Float64Array.from({ length: 24 }, (_, hour) => sine(hour));
const COS = Float64Array.from({ length: 24 }, (_, hour) => sine(hour + 6));

/** UTC hour that begins at the bar's close, as sine and cosine of its angle, so that 23 and 0 are neighbours. */
export const hourOfDay = (): HourOfDay =>
  record('hour-of-day()', 1, ['sin', 'cos'], () => (bar, out, offset) => {
    const hour = Math.floor((bar.ts - DAY * Math.floor(bar.ts / DAY)) / HOUR);
    const ready = Number.isFinite(bar.close);
    out[offset] = ready ? SIN[hour]! : NaN;
    out[offset + 1] = ready ? COS[hour]! : NaN;
  });
