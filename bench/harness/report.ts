import { isMet, type Measurement } from './benchmark.js';
import { changeSince, type EarlierRun } from './history.js';
import type { Machine } from './machine.js';

/** Four digits, thousands grouped: 3213456.7 → 3,213,000; 0.01234 stays 0.01234. */
const figure = (x: number | null): string =>
  x !== null && Number.isFinite(x) ? Number(x.toPrecision(4)).toLocaleString('en-GB', { maximumSignificantDigits: 4 }) : '–';

/** 0.0312 → ±3.1 %. */
const plusMinus = (spread: number | null): string => (spread !== null && Number.isFinite(spread) ? `±${(100 * spread).toFixed(1)} %` : '');

const moved = (m: Measurement, earlier: EarlierRun): string => {
  const since = changeSince(earlier, m);
  if (since === null) return 'new';
  const text = `${since.change < 0 ? '−' : '+'}${(100 * Math.abs(since.change)).toFixed(1)} %`;
  return since.isNoise ? `(${text})` : text;
};

const HEADINGS = ['benchmark', 'value', '', 'unit', 'cost', 'of', 'target', ''];
const RIGHT = new Set([1, 2, 4, 8]);

/** What was measured, on what, against which earlier run. */
export interface Report {
  readonly machine: Machine;
  readonly commit: string | null;
  readonly measurements: readonly Measurement[];
  readonly earlier?: EarlierRun;
}

/** Figures as a table for people: the median and its spread, cost against what it is compared with, target and whether it is met, change since an earlier run; below it what must be known to read them. */
export const tableText = ({ machine: { cpu, cores, memory, node, os, load }, commit, measurements, earlier }: Report): string => {
  const noted = measurements.filter(({ note }) => note !== null);
  const mark = (m: Measurement): string => (m.note === null ? '' : ` [${noted.indexOf(m) + 1}]`);
  const cells = (m: Measurement): readonly string[] => [
    m.name + mark(m),
    figure(m.value),
    plusMinus(m.spread),
    m.unit,
    m.ratio === null ? '' : `${figure(m.ratio)} ×`,
    m.of ?? '',
    m.targets.map(target => target.text).join('; '),
    m.targets.map(target => (isMet(m, target) ? 'met' : 'missed')).join('; '),
    ...(earlier ? [moved(m, earlier)] : []),
  ];
  const rows = [[...HEADINGS, ...(earlier ? [`since ${earlier.commit ?? earlier.date}`] : [])], ...measurements.map(cells)];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map(row => (row[i] ?? '').length)));
  const lines = rows.map(row =>
    row
      .map((cell, i) => (RIGHT.has(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [
    `${cpu}, ${cores} cores, ${memory} GB, ${os}, Node ${node}; load ${load} at the start${commit === null ? '' : `; commit ${commit}`}`,
    'medians, ± half of what the middle half of the rounds spans',
    '',
    ...lines,
    ...(noted.length > 0 ? ['', ...noted.map(({ note }, i) => `[${i + 1}] ${note}`)] : []),
  ].join('\n');
};
