import { formatDate } from '../../time.js';
import { foldTimeline } from '../charts/fold-timeline.js';
import { inSampleVsOutOfSample } from '../charts/in-sample-vs-out-of-sample.js';
import { objectiveDistribution } from '../charts/objective-distribution.js';
import { parameterDrift } from '../charts/parameter-drift.js';
import { parameterHeatmap } from '../charts/parameter-heatmap.js';
import { metricLabel, metricText } from '../metric-text.js';
import { count, NONE } from '../number-text.js';
import { decayRows, driftRows, foldWindowRows, objectiveRows, searchedParams, surfaceRows } from '../rows/fold-rows.js';
import type { Block, Section } from '../document.js';
import type { ReportFold } from '../rows/fold-rows.js';

const MOST_PANELS = 12;
const MOST_DRIFT = 8;

const tableOf = (folds: readonly ReportFold[], objective: string): Block => {
  const shown = [...new Set([objective, 'totalReturn', 'maxDrawdown', 'trades'])];
  const param = [...new Set(folds.flatMap(({ params }) => Object.keys(params ?? {})))];
  const signed = (name: string): boolean => name === 'totalReturn' || name === objective;
  return {
    kind: 'table',
    id: 'fold-table',
    caption: 'Folds',
    columns: [
      { title: 'Fold', kind: 'number' },
      { title: 'Train from', kind: 'text' },
      { title: 'Test from', kind: 'text' },
      { title: 'Test to', kind: 'text' },
      ...param.map(title => ({ title, kind: 'number' as const })),
      { title: 'Tried', kind: 'number' },
      ...shown.flatMap(name => [
        ...(name === 'maxDrawdown' || name === 'trades' ? [] : [{ title: `${metricLabel(name)}, in sample`, kind: 'number' as const }]),
        { title: `${metricLabel(name)}, out of sample`, kind: 'number' as const, signed: signed(name) },
      ]),
    ],
    rows: folds.map(({ index, train, test, params, inSample, outOfSample, candidates }) => [
      String(index + 1),
      formatDate(train.from),
      formatDate(test.from),
      formatDate(test.to),
      ...param.map(name => (params?.[name] === undefined ? NONE : String(params[name]))),
      count(candidates.length),
      ...shown.flatMap(name => [
        ...(name === 'maxDrawdown' || name === 'trades' ? [] : [metricText(name, inSample[name])]),
        metricText(name, outOfSample[name]),
      ]),
    ]),
    empty: 'The experiment has no folds.',
  };
};

/** How the parameters were chosen and what became of each choice. */
export const foldSections = (folds: readonly ReportFold[], objective: string): Section[] => {
  const label = metricLabel(objective);
  const searched = searchedParams(folds);
  const [x, y] = searched;
  const drawn = folds.slice(-MOST_PANELS);
  const decay = decayRows(folds, objective);
  const held = decay.filter(row => row.outOfSample >= row.inSample).length;
  return [
    {
      id: 'folds',
      title: 'Folds',
      lead: 'Parameters are chosen on each training window and judged on the test window after it, which the choice has not seen.',
      blocks: [
        {
          kind: 'chart',
          id: 'fold-timeline',
          spec: foldTimeline(foldWindowRows(folds), {
            title: 'What each fold learnt from and was judged on',
            subtitle: 'Net return of the test window beside it, after costs',
          }),
        },
        {
          kind: 'chart',
          id: 'decay',
          half: true,
          spec: inSampleVsOutOfSample(decay, {
            title: `${label} where it was chosen and where it was judged`,
            subtitle:
              decay.length === 0 ? 'One point a fold' : `One point a fold; ${held} of ${decay.length} held up, on or above the dashed line`,
            objective: label,
          }),
        },
        {
          kind: 'chart',
          id: 'objectives',
          half: true,
          spec: objectiveDistribution(objectiveRows(folds), {
            title: 'How far the chosen stood from the crowd',
            subtitle: `${label} in-sample of every configuration; long tick: median, dot: chosen`,
            objective: label,
          }),
        },
        tableOf(folds, objective),
      ],
    },
    {
      id: 'parameters',
      title: 'Parameters',
      lead: 'Choices that stay put and sit on a plateau are worth more than peaks that wander.',
      blocks: [
        {
          kind: 'chart',
          id: 'drift',
          spec: parameterDrift(driftRows(folds, searched.slice(0, MOST_DRIFT)), {
            title: 'Parameters that each fold chose',
            subtitle: `Parameter's own unit, by fold${searched.length > MOST_DRIFT ? ` · ${MOST_DRIFT} of ${searched.length} parameters` : ''}`,
          }),
        },
        {
          kind: 'chart',
          id: 'surface',
          spec: parameterHeatmap(x === undefined ? [] : surfaceRows(drawn, x, y ?? null), {
            title: x === undefined ? 'Objective over the parameters' : `${label} in-sample over ${y === undefined ? x : `${x} and ${y}`}`,
            subtitle: `Best over all other parameters; ringed: chosen${folds.length > drawn.length ? ` · the last ${drawn.length} of ${folds.length} folds` : ''}`,
            x: x ?? 'parameter',
            y: y ?? null,
            objective: label,
          }),
        },
      ],
    },
  ];
};
