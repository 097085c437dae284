import { emptyChart, FILL, head } from './chart.js';
import { ENSEMBLE, modelColour } from './model-colour.js';
import { ZERO_PLAIN } from './skill-over-time.js';
import type { ChartSpec, Heading } from './chart.js';

/** Skill of one model in one kind of market: 1 − its log loss ÷ that of climatology. */
export interface RegimeSkillRow {
  readonly regime: string;
  readonly model: string;
  /** Null when there are not enough samples. */
  readonly skill: number | null;
  /** 95 % interval; null where it is not known. */
  readonly low: number | null;
  readonly high: number | null;
  readonly count: number;
}

/** Whether skill holds in calm and in wild markets or comes from one of them. */
export const skillByRegime = (
  rows: readonly RegimeSkillRow[],
  { title, subtitle, models }: Heading & { models: readonly string[] },
): ChartSpec => {
  const heading = { title, subtitle };
  const known = rows.filter(row => row.skill !== null);
  if (known.length === 0) return emptyChart(heading, 'Not enough samples in any regime.');
  const regimes = [...new Set(rows.map(row => row.regime))];
  const shown = [...new Set(known.map(row => row.model))];
  const silent = regimes
    .filter(regime => known.every(row => row.regime !== regime))
    .map(regime => ({ regime, said: 'not enough samples' }));
  // A model far worse than nothing must not squeeze the others into a line: it stands at the edge, as an arrow.
  const top = Math.max(0.005, ...known.map(row => row.high ?? row.skill ?? 0));
  const least = Math.min(0, ...known.map(row => row.low ?? row.skill ?? 0));
  const own = Math.min(0, ...known.filter(row => row.model === ENSEMBLE).map(row => row.low ?? row.skill ?? 0));
  const domain = [Math.max(least, Math.min(-3 * top, own)), top].map(v => v * 1.05);
  const y = {
    field: 'regime',
    type: 'nominal',
    scale: { domain: regimes, paddingInner: 0.35, paddingOuter: 0.2 },
    axis: { title: null },
  } as const;
  const yOffset = { field: 'model', type: 'nominal', scale: { domain: shown, paddingOuter: 0.3 } } as const;
  const x = {
    type: 'quantitative',
    scale: { domain, clamp: true, nice: false },
    axis: {
      title: 'Skill against climatology (right is better)',
      format: '+.1~%',
      labelExpr: ZERO_PLAIN,
      grid: true,
      domain: false,
      tickCount: 6,
    },
  } as const;
  const colour = modelColour(models, shown, 'circle');
  const tooltip = [
    { field: 'model', type: 'nominal', title: 'Model' } as const,
    { field: 'regime', type: 'nominal', title: 'Regime' } as const,
    { field: 'skill', type: 'quantitative', title: 'Skill', format: '+.2%' } as const,
    { field: 'low', type: 'quantitative', title: '95% from', format: '+.2%' } as const,
    { field: 'high', type: 'quantitative', title: '95% to', format: '+.2%' } as const,
    { field: 'count', type: 'quantitative', title: 'Forecasts', format: ',d' } as const,
  ];
  const silentLayer = {
    data: { name: 'silent' },
    mark: { type: 'text', align: 'left', dx: 6, color: { expr: 'muted' }, tooltip: null } as const,
    encoding: { x: { datum: 0 }, y, text: { field: 'said', type: 'nominal' } as const },
  };
  return {
    ...head(heading, { rows: known, ...(silent.length > 0 && { silent }) }),
    ...FILL,
    data: { name: 'rows' },
    height: regimes.length * (18 + 13 * shown.length),
    layer: [
      { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { x: { datum: 0, type: 'quantitative' } } },
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule', strokeWidth: 2, opacity: 0.6 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, yOffset, color: colour, tooltip },
      },
      {
        mark: { type: 'point', size: 52, opacity: 1 },
        encoding: {
          x: { ...x, field: 'skill' },
          y,
          yOffset,
          color: colour,
          shape: { condition: { test: `datum.skill < ${domain[0]}`, value: 'triangle-left' }, value: 'circle' },
          tooltip,
        },
      },
      ...(silent.length > 0 ? [silentLayer] : []),
    ],
  };
};
