import type { CheckPoint, CheckResult, CheckVerdict } from '../../experiments/checks/check.js';
import { checkDistribution } from '../charts/check-distribution.js';
import { checkPoints, type CheckPointRow } from '../charts/check-points.js';
import type { ChartSpec } from '../charts/chart.js';
import type { Block, Section } from '../document.js';

/** A verdict by a sign and a word: colour alone does not reach everybody. */
export const VERDICT: Readonly<Record<CheckVerdict, string>> = {
  pass: '✓ Passed',
  warn: '▲ Look',
  fail: '✕ Failed',
  untested: '– Not tested',
};

const FAMILY: Readonly<Record<CheckResult['family'], string>> = { leak: 'Leak', fragility: 'Fragility', chance: 'Chance' };

/** Figures that a check may be drawn by, the first that differs between its points. */
const FIGURES = [
  { name: 'totalReturn', title: 'Net return' },
  { name: 'maxDrawdown', title: 'Deepest fall' },
] as const;

const figureOf = (points: readonly CheckPoint[]): (typeof FIGURES)[number] | undefined =>
  FIGURES.find(({ name }) => new Set(points.flatMap(point => point[name] ?? [])).size > 1);

const chartOf = ({ id, title, verdict, points, base, axis }: CheckResult): ChartSpec | null => {
  const figure = figureOf([...points, ...(base === null ? [] : [base])]);
  if (figure === undefined || points.length === 0) return null;
  const { name } = figure;
  // Random entries are measured before costs, on both sides.
  const value = id === 'random-entries' ? 'Return before costs' : figure.title;
  const heading = { title, subtitle: VERDICT[verdict] };
  if (axis === null)
    return checkDistribution(
      points.flatMap(point => (point[name] === null ? [] : [{ value: point[name] }])),
      { ...heading, value, observed: base?.[name] ?? null, signed: name === 'totalReturn' },
    );
  const placed = [...(base === null ? [] : [{ ...base, base: true }]), ...points.map(point => ({ ...point, base: false }))];
  const rows = placed.flatMap(({ label, x, sharpe, trades, base: own, ...rest }): CheckPointRow[] => {
    const made = rest[name];
    return x === null || made === null ? [] : [{ label, x, value: made, sharpe, trades, base: own }];
  });
  const beside = points.flatMap(point => (point.x === null && point[name] !== null ? [{ label: point.label, value: point[name] }] : []));
  // Neighbours differ in one parameter or another: no line leads from one to the next.
  const curve = id !== 'parameter-jitter' && new Set(rows.map(({ x }) => x)).size === rows.length;
  return checkPoints(rows, { ...heading, x: `${axis[0]?.toUpperCase() ?? ''}${axis.slice(1)}`, value, beside, curve });
};

/** What checks found: a table of all, and a plot of each that measured something. `prefix` tells several on one page apart. */
export const checksSection = (results: readonly CheckResult[], prefix = ''): Section => ({
  id: `${prefix}checks`,
  title: 'What it survives',
  lead: 'The same strategy with one thing changed at a time. Ringed, or a line across: the run as it is. Triangles point down where nothing is earned.',
  blocks: [
    {
      kind: 'table',
      id: `${prefix}check-table`,
      caption: 'Checks',
      quiet: true,
      columns: [
        { title: 'Check', kind: 'text' },
        { title: 'Verdict', kind: 'text' },
        { title: 'What was seen', kind: 'text', wide: true },
        { title: 'Kind', kind: 'text' },
      ],
      rows: results.map(({ title, verdict, family, sentence }) => [title, VERDICT[verdict], sentence, FAMILY[family]]),
      empty: 'No check was made.',
    },
    ...results.flatMap((result): Block[] => {
      const spec = chartOf(result);
      return spec === null ? [] : [{ kind: 'chart', id: `${prefix}check-${result.id}`, spec, half: true }];
    }),
  ],
});
