import { FRICTION_AXES, type FrictionAxis } from '../../experiments/friction/friction-point.js';
import type { FrictionResult } from '../../experiments/friction/friction.js';
import { frictionCurve } from '../charts/friction-curve.js';
import { crossingOf, frictionCurveRows } from '../friction-rows.js';
import { AXIS_NAME, bpsText, breakEvenText, frictionValue, intervalText } from '../friction-text.js';
import { NONE, percent } from '../number-text.js';
import type { Block, Section } from '../document.js';

const AXIS_TITLE: Readonly<Record<FrictionAxis, string>> = {
  fee: 'Fees, times the venue’s own',
  slippage: 'Added slippage, bp of price a side',
  latency: 'Decision to venue',
  funding: 'Funding rates, times the settled ones',
};

/** Where the edge ends along each friction alone: a table and a curve each. */
export const breakEvenSection = (result: FrictionResult, seed: number, period: string): Section => {
  const { breakEvens, base, values } = result;
  const place = (axis: FrictionAxis, at: number | null): string => (at === null ? NONE : frictionValue(axis, at));
  const swept = FRICTION_AXES.filter(axis => values[axis].length > 1);
  return {
    id: 'break-even',
    title: 'Where the edge ends',
    lead: 'One friction at a time, the others as configured. The interval is of the sampling error of the returns: an edge that is itself uncertain ends at an uncertain place.',
    blocks: [
      {
        kind: 'table',
        id: 'break-even-table',
        caption: 'Break-even by friction',
        quiet: true,
        columns: [
          { title: 'Friction', kind: 'text' },
          { title: 'As configured', kind: 'text' },
          { title: 'Mean return is zero at', kind: 'text' },
          { title: '95% interval', kind: 'text' },
          { title: 'Sharpe is zero at', kind: 'text' },
          { title: 'Fees and slippage there, a side', kind: 'text' },
          { title: 'Resamples with an edge as configured', kind: 'number' },
          { title: 'In words', kind: 'text', wide: true },
        ],
        rows: swept.flatMap(axis => {
          const [byMean, bySharpe] = (['meanReturn', 'sharpe'] as const).map(m => breakEvens.find(b => b.axis === axis && b.measure === m));
          if (byMean === undefined) return [];
          return [
            [
              AXIS_NAME[axis],
              frictionValue(axis, base[axis]),
              place(axis, byMean.at),
              intervalText(byMean),
              place(axis, bySharpe?.at ?? null),
              bpsText(byMean.costBps),
              percent(byMean.aliveAtBase, 0),
              `The edge ${breakEvenText(byMean, base[axis])}.`,
            ],
          ];
        }),
        empty: 'No friction was swept.',
      },
      ...swept.map((axis): Block => {
        const byMean = breakEvens.find(b => b.axis === axis && b.measure === 'meanReturn');
        const crossing = byMean ? crossingOf(byMean) : null;
        return {
          kind: 'chart',
          id: `friction-${axis}`,
          half: true,
          spec: frictionCurve(frictionCurveRows(result, axis, seed), {
            title: `${AXIS_NAME[axis]} against mean return`,
            subtitle: `95% band; ringed: as configured · ${period}`,
            x: AXIS_TITLE[axis],
            ticks: values[axis].map(value => ({ value, label: frictionValue(axis, value) })),
            logarithmic: axis === 'latency',
            crossing,
          }),
        };
      }),
    ],
  };
};
