import { emptyChart, FILL, head, WIDTH } from './chart.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

/** One bin of one model's probabilities of a rise or of a fall. */
export interface ReliabilityPoint {
  readonly model: string;
  readonly side: 'Up' | 'Down';
  /** Mean probability said. */
  readonly predicted: number;
  /** How often it came. */
  readonly observed: number;
  /** Wilson interval of `observed`, 95 %. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Height of the bars of counts, as a share of the diagram. */
const FOOT = 0.16;

/** Multiples of a tenth, or of a twentieth on a short scale. */
const ticksOf = (low: number, high: number): number[] => {
  const step = high - low > 0.45 ? 0.2 : high - low > 0.25 ? 0.1 : 0.05;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor((high - low) / step + 1e-9) + 1 }, (_, i) => (first + i) * step).filter(v => v <= high + 1e-9);
};

/**
 * What was said against what came, a panel a model: on the dashed diagonal a probability means what it says; flatter is overconfident, steeper is timid. Upright lines are
 * intervals, bars at the foot count the forecasts of each panel.
 */
export const reliabilityDiagram = (rows: readonly ReliabilityPoint[], heading: Heading): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, 'Not enough samples: too few known outcomes.');
  const models = [...new Set(rows.map(row => row.model))];
  const several = models.length > 1;
  const low = Math.max(0, Math.floor(Math.min(...rows.map(row => Math.min(row.predicted, row.low))) * 20 - 0.2) / 20);
  const high = Math.min(1, Math.ceil(Math.max(...rows.map(row => Math.max(row.predicted, row.high))) * 20 + 0.2) / 20);
  const foot = low - FOOT * (high - low);
  const most = new Map<string, number>();
  for (const { model, count } of rows) most.set(model, Math.max(most.get(model) ?? 1, count));
  const standing = rows.map(row => ({ ...row, top: foot + ((low - foot) * 0.92 * row.count) / most.get(row.model)! }));
  const ticks = ticksOf(low, high);
  const across = [low, high];
  const up = [foot, high];
  const x = {
    type: 'quantitative',
    scale: { domain: across, nice: false, zero: false },
    axis: { title: 'Probability said', format: '.0%', values: ticks, labelFlush: false },
  } as const;
  const y = {
    type: 'quantitative',
    scale: { domain: up, nice: false, zero: false },
    axis: { title: several ? null : 'How often it came', titleY: -10, format: '.0%', values: ticks },
  } as const;
  const colour = {
    field: 'side',
    type: 'nominal',
    scale: { domain: ['Up', 'Down'], range: [{ expr: 'gain' }, { expr: 'loss' }] },
    legend: { symbolType: 'circle', symbolOpacity: 1, ...(!several && { offset: 28 }) },
  } as const;
  const tooltip = [
    { field: 'model', type: 'nominal', title: 'Model' } as const,
    { field: 'side', type: 'nominal', title: 'Outcome' } as const,
    { field: 'predicted', type: 'quantitative', title: 'Said', format: '.1%' } as const,
    { field: 'observed', type: 'quantitative', title: 'Came', format: '.1%' } as const,
    { field: 'low', type: 'quantitative', title: '95% from', format: '.1%' } as const,
    { field: 'high', type: 'quantitative', title: '95% to', format: '.1%' } as const,
    { field: 'count', type: 'quantitative', title: 'Forecasts', format: ',d' } as const,
  ];
  const layer: Layer[] = [
    {
      data: {
        values: [
          { said: low, came: low },
          { said: high, came: high },
        ],
      },
      mark: { type: 'line', color: { expr: 'muted' }, strokeDash: [4, 3], strokeWidth: 1, tooltip: null } as const,
      encoding: { x: { ...x, field: 'said' }, y: { ...y, field: 'came' } },
    },
    {
      data: { values: [{ came: low }] },
      mark: { type: 'rule', color: { expr: 'hairline' }, tooltip: null } as const,
      encoding: { y: { ...y, field: 'came' } },
    },
    {
      mark: { type: 'bar', width: 4, opacity: 0.55, clip: true } as const,
      encoding: { x: { ...x, field: 'predicted' }, y: { ...y, field: 'top' }, y2: { datum: foot }, color: colour, tooltip },
    },
    {
      mark: { type: 'rule', strokeWidth: 1.25, opacity: 0.45, clip: true, tooltip: null } as const,
      encoding: { x: { ...x, field: 'predicted' }, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: colour },
    },
    {
      mark: { type: 'line', strokeWidth: 1.25, clip: true, tooltip: null } as const,
      encoding: { x: { ...x, field: 'predicted' }, y: { ...y, field: 'observed' }, color: colour },
    },
    {
      mark: { type: 'point', size: 34, opacity: 1 } as const,
      encoding: { x: { ...x, field: 'predicted' }, y: { ...y, field: 'observed' }, color: colour, tooltip },
    },
  ];
  if (!several) return { ...head(heading, { rows: standing }), ...FILL, data: { name: 'rows' }, height: 300, layer };
  // Rows of about the same length: five panels in one, eight in two of four.
  const columns = Math.ceil(models.length / Math.ceil(models.length / 5));
  return {
    ...head(heading, { rows: standing }),
    data: { name: 'rows' },
    usermeta: { columns, gutter: 44 },
    columns,
    resolve: { axis: { x: 'independent' } },
    facet: { field: 'model', type: 'nominal', sort: models },
    spec: { width: Math.floor(WIDTH / columns) - 44, height: 190, layer },
  };
};
