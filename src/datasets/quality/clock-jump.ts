import { HOUR, MINUTE, formatDuration, formatTime } from '../../time.js';
import type { Finding, Severity } from '../series.js';
import { finding, plural, type Check } from './check.js';
import { commonZones, type Zone } from './zone.js';

interface Jump {
  readonly index: number;
  readonly before: number;
  readonly size: number;
}

/** The jumps that the zone's clock changes explain; empty unless every change in the period shows. */
const explained = (zone: Zone, jumps: readonly Jump[], from: number, to: number, step: number): readonly Jump[] => {
  const found = zone.transitions(from, to).map(({ at, before, after }) => {
    const wall = at + before;
    return jumps.find(jump => jump.size === after - before && jump.before < wall && jump.before + step >= wall);
  });
  const all = found.filter(jump => jump !== undefined);
  return all.length === found.length ? all : [];
};

/** Share of rows that fall on the UTC grid of `step` once read in this zone. */
const onGrid = (zone: Zone, ts: Float64Array, rows: number, step: number): number => {
  const stride = Math.max(1, Math.floor(rows / 200));
  let good = 0;
  let seen = 0;
  for (let i = 0; i < rows; i += stride) {
    const wall = ts[i] ?? NaN;
    const utc = wall - zone.offsetAt(wall - zone.offsetAt(wall));
    seen++;
    if ((Math.round(utc / MINUTE) * MINUTE) % step === 0) good++;
  }
  return good / seen;
};

/**
 * Times in a clock that is put forward and back: regular rows with steps one hour too long or too short, on the dates on which some zone
 * changes to and from daylight saving. Expects file order (oldest first), before duplicates are dropped. Names the zone whose every change in the
 * period is matched and which puts the rows on the UTC grid.
 */
export const clockJump: Check = (series, context) => {
  const { ts, rows } = series;
  const { step } = context;
  if (!(step >= MINUTE) || rows < 3) return [];
  const jumps: Jump[] = [];
  for (let i = 1; i < rows; i++) {
    const before = ts[i - 1] ?? NaN;
    const size = Math.round(((ts[i] ?? NaN) - before - step) / MINUTE) * MINUTE;
    if (Math.abs(size) === HOUR || Math.abs(size) === HOUR / 2) jumps.push({ index: i, before, size });
  }
  if (jumps.length === 0) return [];
  const from = ts[0] ?? NaN;
  const to = ts[rows - 1] ?? NaN;
  const best = commonZones()
    .map(zone => ({ zone, chosen: explained(zone, jumps, from, to, step) }))
    .filter(({ chosen }) => chosen.length > 0)
    .map(candidate => ({ ...candidate, share: onGrid(candidate.zone, ts, rows, step) }))
    .sort((a, b) => b.share - a.share)[0];
  const listed = (chosen: readonly Jump[]): string =>
    chosen
      .slice(0, 4)
      .map(
        j =>
          `${formatDuration(step + j.size)} at line ${context.locate(j.index).row} (${formatTime(j.before)} → ${formatTime(ts[j.index] ?? NaN)})`,
      )
      .join(', ');
  const say = (chosen: readonly Jump[], severity: Severity, why: string): Finding[] => [
    finding(
      series,
      context,
      'clock-jump',
      severity,
      chosen[0]?.index,
      chosen.length,
      `The clock of this file jumps ${plural(chosen.length, 'time')}: steps of ${listed(chosen)}, where rows are ${formatDuration(step)} apart. ${why}`,
    ),
  ];
  const breaksPhase = (jump: Jump): boolean => jump.size % step !== 0;
  if (best) {
    // In hourly rows a single jump is also how one missing or repeated bar looks.
    const severity = best.chosen.length > 1 || best.chosen.some(breaksPhase) ? 'error' : 'warning';
    return say(best.chosen, severity, `The dates are those of ${best.zone.name}: read it with --zone ${best.zone.name}.`);
  }
  const unexplained = jumps.filter(breaksPhase);
  // Many of them are a changed interval or a sparse series, not a clock.
  if (unexplained.length === 0 || unexplained.length > Math.max(2, 0.01 * rows)) return [];
  return say(unexplained, 'error', 'No known zone changes its clock on these dates.');
};
