import { isMet, type Measurement } from './benchmark.js';
import type { Machine } from './machine.js';

/** Four digits, thousands grouped: 3213456.7 → 3,213,000; 0.01234 stays 0.01234. */
const figure = (x: number): string =>
  Number.isFinite(x) ? Number(x.toPrecision(4)).toLocaleString('en-GB', { maximumSignificantDigits: 4 }) : '–';

const cells = (m: Measurement): readonly string[] => [
  m.name,
  figure(m.value),
  m.unit,
  m.ratio === null ? '' : `${figure(m.ratio)} ×`,
  m.of ?? '',
  m.targets.map(target => target.text).join('; '),
  m.targets.map(target => (isMet(m, target) ? 'met' : 'missed')).join('; '),
];

const HEADINGS = ['benchmark', 'value', 'unit', 'cost', 'of', 'target', ''];
const RIGHT = new Set([1, 3]);

/** Figures as a table for people: value, cost against what it is compared with, target, and whether it is met. */
export const tableText = ({ cpu, cores, memory, node }: Machine, measurements: readonly Measurement[]): string => {
  const rows = [HEADINGS, ...measurements.map(cells)];
  const widths = HEADINGS.map((_, i) => Math.max(...rows.map(row => (row[i] ?? '').length)));
  const lines = rows.map(row =>
    row
      .map((cell, i) => (RIGHT.has(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [`${cpu}, ${cores} cores, ${memory} GB, Node ${node}; medians`, '', ...lines].join('\n');
};

/** Figures as data: `{ machine, results: [{ name, value, unit, ratio, of }] }`. */
export const jsonText = (on: Machine, measurements: readonly Measurement[]): string =>
  JSON.stringify(
    { machine: on, results: measurements.map(({ name, value, unit, ratio, of }) => ({ name, value, unit, ratio, of })) },
    null,
    2,
  );
