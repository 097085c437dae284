import { DAY, WEEK, formatDuration } from '../../time.js';
import { finding, grouped, place, type Check } from './check.js';

/**
 * Rows that do not start where bars of their length start. One row off the others' grid is a wrong time; a whole file off the UTC grid by the same
 * amount is a local clock, a label at another point of the bar, or a venue's own convention, so it is a warning with the figure.
 */
export const offGrid: Check = (series, context) => {
  const { step } = context;
  const { ts, rows } = series;
  if (!(step > 0) || rows === 0) return [];
  const weekly = step % WEEK === 0;
  const origin = weekly ? 4 * DAY : 0;
  const phases = new Map<number, { count: number; first: number }>();
  for (let i = 0; i < rows; i++) {
    const remainder = ((ts[i] ?? NaN) - origin) % step;
    const phase = remainder < 0 ? remainder + step : remainder;
    const seen = phases.get(phase);
    if (seen) seen.count++;
    else phases.set(phase, { count: 1, first: i });
  }
  const [main, ...others] = [...phases].sort((a, b) => b[1].count - a[1].count);
  if (!main) return [];
  const findings = [];
  const strays = others.reduce((sum, [, { count }]) => sum + count, 0);
  if (strays > 0) {
    const first = others.reduce((least, [, phase]) => Math.min(least, phase.first), rows);
    findings.push(
      finding(
        series,
        context,
        'off-grid',
        'error',
        first,
        strays,
        `${grouped(strays)} of ${grouped(rows)} rows are off the ${formatDuration(step)} grid of the others, first at ${place(series, context, first)}.`,
      ),
    );
  }
  if (main[0] !== 0 && !(step % WEEK === 0 && main[0] % DAY === 0))
    findings.push(
      finding(
        series,
        context,
        'grid-offset',
        'warning',
        main[1].first,
        main[1].count,
        `Rows start ${formatDuration(main[0])} after the ${formatDuration(step)} grid of UTC: a local clock, or a label that is not the bar's open. Check it against another source.`,
      ),
    );
  return findings;
};
