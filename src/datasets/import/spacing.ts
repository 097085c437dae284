import { badData, usageError } from '../../errors.js';
import { timeframeMs } from '../../market/timeframe.js';
import { DAY, MINUTE, SECOND, formatDuration } from '../../time.js';

/** Distances between successive times (ascending), most frequent first; ties go to the shorter. At most the first 50,000 rows are looked at. */
const distances = (ts: Float64Array): readonly (readonly [number, number])[] => {
  const counts = new Map<number, number>();
  const end = Math.min(ts.length, 50_000);
  for (let i = 1; i < end; i++) {
    const step = (ts[i] ?? NaN) - (ts[i - 1] ?? NaN);
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
};

/** The usual distance between rows that come at regular times, milliseconds; NaN for fewer than two. */
export const usualStep = (sorted: Float64Array): number => {
  const found = distances(sorted);
  const [usual] = found;
  if (!usual) return NaN;
  // A sparse series: most rows are two or three intervals apart, but the interval itself is there too.
  const total = found.reduce((sum, [, n]) => sum + n, 0);
  const shorter = found
    .filter(([step, n]) => step < usual[0] && usual[0] % step === 0 && n > 0.1 * total && step >= SECOND)
    .map(([step]) => step);
  return Math.min(usual[0], ...shorter);
};

/**
 * Length of the bars in a file from the distance between them, or the user's `--timeframe` if the rows bear it out. Throws when they do not,
 * when there are too few rows to tell, and for calendar months, which have no fixed length.
 */
export const barLength = (sorted: Float64Array, wanted: string | undefined, file: string): number => {
  const found = usualStep(sorted);
  if (wanted !== undefined) {
    const ms = timeframeMs(wanted);
    const all = distances(sorted);
    const total = all.reduce((sum, [, n]) => sum + n, 0);
    const fitting = all.filter(([step]) => step % ms === 0).reduce((sum, [, n]) => sum + n, 0);
    const exact = all.find(([step]) => step === ms)?.[1] ?? 0;
    if (Number.isNaN(found) || (fitting >= 0.5 * total && exact >= 0.01 * total)) return ms;
    throw usageError(
      'timeframe-mismatch',
      `The bars of ${file} are ${formatDuration(found)} apart, not ${wanted}.`,
      'Leave --timeframe out, or name the length they have.',
    );
  }
  if (Number.isNaN(found))
    throw usageError(
      'unknown-timeframe',
      `${file} has too few bars to tell their length.`,
      'Say it with --timeframe, e.g. --timeframe 1h.',
    );
  if (found >= 28 * DAY && found <= 31 * DAY && distances(sorted).length > 1)
    throw badData(
      'calendar-months',
      `The bars of ${file} are calendar months, which have no fixed length.`,
      'Import days and resample them.',
    );
  const rounded = Math.round(found / SECOND) * SECOND;
  if (rounded < SECOND || (found > MINUTE && Math.abs(found - rounded) > 1))
    throw badData(
      'irregular-bars',
      `The rows of ${file} are ${formatDuration(found)} apart, which no bar is.`,
      'Say what it holds with --kind, or the length with --timeframe.',
    );
  return rounded;
};
