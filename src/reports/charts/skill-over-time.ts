import { emptyChart, FILL, head } from './chart.js';
import { clipped, SPAN, timeX } from './time.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** Labels of an axis of signed percentages: zero has no sign. */
export const ZERO_PLAIN = "datum.value === 0 ? '0%' : datum.label";

/** Skill of the ensemble over one stretch of time. */
export interface SkillRow {
  readonly from: number;
  readonly to: number;
  /** E.g. `Mar 2023` or `Fold 4`. */
  readonly label: string;
  /** Null when there are not enough samples. */
  readonly skill: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly count: number;
}

/** Whether skill lasts: full strength where the whole interval is on one side of zero, pale where chance explains it. */
export const skillOverTime = (rows: readonly SkillRow[], heading: Heading): ChartSpec => {
  const known = rows.filter(row => row.skill !== null);
  if (known.length === 0) return emptyChart(heading, 'Not enough samples in any stretch of time.');
  const silent = rows
    .filter(row => row.skill === null)
    .map(({ from, to, label, count }) => ({ from, to, label, count, said: 'not enough samples' }));
  const y = {
    type: 'quantitative',
    axis: { title: 'Skill against climatology', format: '+.1~%', labelExpr: ZERO_PLAIN, tickCount: 5 },
  } as const;
  const transform = [
    ...clipped('span'),
    { calculate: '(datum.clipFrom + datum.clipTo) / 2', as: 'middle' },
    { calculate: 'isValid(datum.low) && (datum.low > 0 || datum.high < 0)', as: 'sure' },
  ];
  const x = { ...timeX, field: 'middle' } as const;
  const color = { condition: { test: 'datum.skill < 0', value: { expr: 'loss' } }, value: { expr: 'gain' } };
  const opacity = { condition: { test: 'datum.sure', value: 1 }, value: 0.45 };
  const tooltip = [
    { field: 'label', type: 'nominal', title: 'Period' } as const,
    { field: 'skill', type: 'quantitative', title: 'Skill', format: '+.2%' } as const,
    { field: 'low', type: 'quantitative', title: '95% from', format: '+.2%' } as const,
    { field: 'high', type: 'quantitative', title: '95% to', format: '+.2%' } as const,
    { field: 'count', type: 'quantitative', title: 'Forecasts', format: ',d' } as const,
  ];
  const silentLayer: Layer = {
    data: { name: 'silent' },
    transform: [...clipped('span'), { calculate: '(datum.clipFrom + datum.clipTo) / 2', as: 'middle' }],
    mark: { type: 'point', shape: 'cross', size: 30, opacity: 1, color: { expr: 'benchmark' } },
    encoding: {
      x,
      y: { datum: 0 },
      tooltip: [
        { field: 'label', type: 'nominal', title: 'Period' },
        { field: 'said', type: 'nominal', title: 'Skill' },
        { field: 'count', type: 'quantitative', title: 'Forecasts', format: ',d' },
      ],
    },
  };
  return {
    ...head(heading, { rows: known, ...(silent.length > 0 && { silent }) }),
    ...FILL,
    data: { name: 'rows' },
    params: [SPAN],
    height: 200,
    layer: [
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0 } } },
      // Each stretch is as wide as its time.
      {
        transform,
        mark: { type: 'rule', strokeWidth: 2, tooltip: null },
        encoding: { x: { ...timeX, field: 'clipFrom' }, x2: { field: 'clipTo' }, y: { ...y, field: 'skill' }, color, opacity },
      },
      {
        transform: [...transform, { filter: 'isValid(datum.low)' }],
        mark: { type: 'rule', strokeWidth: 1.5, tooltip: null },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color, opacity },
      },
      {
        transform,
        mark: { type: 'point', size: 64 },
        encoding: { x, y: { ...y, field: 'skill' }, color, opacity, tooltip },
      },
      ...(silent.length > 0 ? [silentLayer] : []),
    ],
  };
};
