import { DAY, HOUR, WEEK, formatDuration, formatTime } from '../../time.js';
import type { Finding, Series } from '../series.js';
import { beforeLine, finding, grouped, plural, type Check, type CheckContext } from './check.js';

interface Gap {
  /** Index of the first row after the gap. */
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly missing: number;
}

const gapsOf = ({ ts, rows }: Series, step: number): Gap[] => {
  const gaps: Gap[] = [];
  for (let index = 1; index < rows; index++) {
    const from = ts[index - 1] ?? NaN;
    const to = ts[index] ?? NaN;
    const missing = Math.round((to - from) / step) - 1;
    if (missing > 0) gaps.push({ index, from, to, missing });
  }
  return gaps;
};

/** Some Saturday noon (UTC) lies in the gap and it is shorter than five days: a market that closes at weekends. */
const overWeekend = ({ from, to }: Gap): boolean => {
  const saturdayNoon = Math.ceil((from - 2.5 * DAY) / WEEK) * WEEK + 2.5 * DAY;
  return saturdayNoon < to && to - from < 5 * DAY;
};

const PAGE_SIZES = [200, 500, 1000, 1500];

const describe = (gap: Gap, context: CheckContext): string =>
  `${formatTime(gap.from)} → ${formatTime(gap.to)}${beforeLine(context, gap.index)} (${grouped(gap.missing)})`;

/**
 * Bars that should be there and are not. A hole of exactly a page of a venue's API (200, 500, 1000 or 1500 bars) is a fault of the download
 * (`pagination-hole`); a week or more is a halt or a delisting (`long-halt`); weekends are a property of the market (`market-hours`); the rest is
 * `gap`. Gaps are never filled.
 */
export const gaps: Check = (series, context) => {
  const { step } = context;
  if (!(step > 0)) return [];
  const all = gapsOf(series, step);
  if (all.length === 0) return [];
  const findings: Finding[] = [];
  const first = series.ts[0] ?? NaN;
  const last = series.ts[series.rows - 1] ?? NaN;
  const weekends = all.filter(overWeekend);
  const closes = weekends.length >= 3 && weekends.length >= ((last - first) / WEEK) * 0.8;
  const ordinary: Gap[] = [];
  for (const gap of all) {
    if (closes && overWeekend(gap)) continue;
    if (PAGE_SIZES.includes(gap.missing))
      findings.push(
        finding(
          series,
          context,
          'pagination-hole',
          'error',
          gap.index,
          gap.missing,
          `Exactly ${grouped(gap.missing)} bars are missing${beforeLine(context, gap.index)}, ${formatTime(gap.from)} → ${formatTime(gap.to)}: a page of the venue's API that was never downloaded.`,
        ),
      );
    else if (gap.to - gap.from > WEEK && gap.missing >= 5)
      findings.push(
        finding(
          series,
          context,
          'long-halt',
          'error',
          gap.index,
          gap.missing,
          `Nothing for ${grouped(Math.round((gap.to - gap.from) / HOUR))} hours${beforeLine(context, gap.index)}, ${formatTime(gap.from)} → ${formatTime(gap.to)} (${plural(gap.missing, 'bar')}): a halt or a delisting, and no position could have been closed in it.`,
        ),
      );
    else ordinary.push(gap);
  }
  if (closes)
    findings.push(
      finding(
        series,
        context,
        'market-hours',
        'info',
        weekends[0]?.index,
        weekends.length,
        `The market closes at weekends: ${plural(weekends.length, 'weekend')} without rows are not counted as gaps.`,
      ),
    );
  if (ordinary.length > 0) {
    const missing = ordinary.reduce((sum, gap) => sum + gap.missing, 0);
    const sparse = ordinary.length > 0.02 * series.rows;
    const largest = ordinary.toSorted((a, b) => b.missing - a.missing || a.index - b.index).slice(0, 5);
    findings.push(
      finding(
        series,
        context,
        sparse ? 'sparse' : 'gap',
        'warning',
        ordinary[0]?.index,
        missing,
        `${plural(ordinary.length, 'gap')}, ${plural(missing, `${formatDuration(step)} bar`)} missing of ${grouped(series.rows + missing)}${sparse ? ' (sparse: intervals without a trade may be left out)' : ''}; largest: ${largest.map(gap => describe(gap, context)).join('; ')}.`,
      ),
    );
  }
  return findings;
};
