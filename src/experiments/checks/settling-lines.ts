import type { LeakPlot } from './leak-check.js';
import type { Settling } from './settling.js';

/** Points a line is drawn with: even in the logarithm of bars. */
const POINTS = 60;
/** Lines that can be told apart. */
const LINES = 6;
/** What is drawn for nothing: the axis is logarithmic. */
const FLOOR = 1e-10;

const lineOf = ({ indicator, curve }: Settling): { name: string; points: { x: number; y: number }[] } => {
  const points: { x: number; y: number }[] = [];
  let from = 0;
  for (let k = 1; k <= POINTS; k++) {
    const to = Math.min(curve.length, Math.max(from + 1, Math.round(Math.exp((Math.log(curve.length) * k) / POINTS))));
    if (to <= from) continue;
    let most = FLOOR;
    for (let i = from; i < to; i++) if (curve[i]! > most) most = curve[i]!;
    points.push({ x: to, y: most });
    from = to;
  }
  return { name: indicator, points };
};

/** How far indicators are from their values on all history, against the bars of history that they had: those that depend on it longest first. */
export const settlingLines = (indicators: readonly Settling[]): LeakPlot | null => {
  const drawn = [...indicators]
    .sort((a, b) => b.settledAfter / b.before - a.settledAfter / a.before || (a.indicator < b.indicator ? -1 : 1))
    .slice(0, LINES);
  const [first] = drawn;
  if (first === undefined) return null;
  return {
    kind: 'lines',
    x: 'Bars of history',
    y: 'Largest difference from all history, standard deviations',
    lines: drawn.map(lineOf),
    mark: { x: first.before, label: 'first order' },
  };
};
