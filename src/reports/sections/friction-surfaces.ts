import { FRICTION_AXES } from '../../experiments/friction/friction-point.js';
import type { FrictionResult } from '../../experiments/friction/friction.js';
import { bpsOf } from '../../experiments/friction/break-even.js';
import { frictionSurface } from '../charts/friction-surface.js';
import { frictionSurfaceRows, type SurfaceAxes } from '../friction-rows.js';
import { AXIS_NAME, frictionValue, yearlyMean } from '../friction-text.js';
import { count, decimal, money, signedPercent } from '../number-text.js';
import type { Block, Section } from '../document.js';

const SURFACES: readonly SurfaceAxes[] = [
  { x: 'slippage', y: 'latency', panel: 'funding' },
  { x: 'fee', y: 'latency', panel: 'funding' },
  { x: 'fee', y: 'slippage', panel: 'latency' },
];

/** Two frictions at once: the line on which the edge is gone moves with the third. */
export const surfaceSection = (result: FrictionResult, period: string): Section => {
  const { values } = result;
  const drawn = SURFACES.filter(({ x, y }) => values[x].length > 1 && values[y].length > 1);
  return {
    id: 'surfaces',
    title: 'Frictions together',
    lead: 'Frictions add up: what is left of the edge after one is all that the next can take. The thick line is where nothing is left; the dashed cell is the run as configured.',
    blocks: [
      ...drawn.map((axes): Block => {
        const other = FRICTION_AXES.filter(axis => axis !== axes.x && axis !== axes.y && axis !== axes.panel);
        const labels = (axis: 'x' | 'y'): string[] => values[axes[axis]].map(value => frictionValue(axes[axis], value));
        return {
          kind: 'chart',
          id: `surface-${axes.x}-${axes.y}`,
          spec: frictionSurface(frictionSurfaceRows(result, axes), {
            title: `Mean return over ${AXIS_NAME[axes.x].toLowerCase()} and ${AXIS_NAME[axes.y].toLowerCase()}`,
            subtitle: `Per year, not compounded; ${other.map(axis => `${AXIS_NAME[axis].toLowerCase()} as configured`).join(', ')} · ${period}`,
            x: AXIS_NAME[axes.x],
            y: AXIS_NAME[axes.y],
            xLabels: labels('x'),
            yLabels: labels('y'),
          }),
        };
      }),
      ...(drawn.length === 0 ? [{ kind: 'text' as const, paragraphs: ['A surface needs two frictions that are swept.'] }] : []),
    ],
  };
};

/** Every combination that was run. */
export const pointSection = ({ grid }: FrictionResult): Section => ({
  id: 'points',
  title: 'Every point',
  lead: 'All runs of the sweep: the same code, parameters and data. Nothing was chosen among them, so together they are one trial.',
  blocks: [
    {
      kind: 'table',
      id: 'point-table',
      caption: 'Runs of the sweep',
      quiet: true,
      columns: [
        { title: 'Fees', kind: 'text' },
        { title: 'Added slippage', kind: 'text' },
        { title: 'Latency', kind: 'text' },
        { title: 'Funding', kind: 'text' },
        { title: 'Mean per year', kind: 'number', signed: true },
        { title: 'Sharpe', kind: 'number' },
        { title: 'Net return', kind: 'number', signed: true },
        { title: 'Trades', kind: 'number' },
        { title: 'Fees paid, bp a side', kind: 'number' },
        { title: 'Slippage paid, bp a side', kind: 'number' },
        { title: 'Funding', kind: 'number', signed: true },
        { title: 'Halted', kind: 'text' },
      ],
      rows: grid.map(outcome => {
        const { point, sharpe, totalReturn, trades, fees, slippage, funding, tradedNotional, halted } = outcome;
        return [
          ...FRICTION_AXES.map(axis => frictionValue(axis, point[axis])),
          signedPercent(yearlyMean(outcome)),
          decimal(sharpe),
          signedPercent(totalReturn),
          count(trades),
          decimal(bpsOf(fees, tradedNotional)),
          decimal(bpsOf(slippage, tradedNotional)),
          money(funding),
          halted ?? '',
        ];
      }),
      empty: 'Nothing was run.',
    },
  ],
});
