import { emptyChart, head, WIDTH } from './chart.js';
import { modelColour } from './model-colour.js';
import { bands, inWindow, pointedAt, SPAN, timeX, timeXBare } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** Weights of a stretch of time, in the order of the models; null throughout where nothing was combined. */
export interface WeightRow {
  readonly ts: number;
  readonly weights: readonly (number | null)[];
}

/** Models that came into force together. */
export interface RetrainingRow {
  readonly ts: number;
  readonly models: string;
  readonly trigger: string;
  readonly rows: number;
  readonly late: boolean;
}

/** Whom the ensemble listened to, and when models were trained anew: late ones are hollow. */
export const ensembleWeights = (
  rows: readonly WeightRow[],
  trainings: readonly RetrainingRow[],
  { title, subtitle, models }: Heading & { models: readonly string[] },
): ChartSpec => {
  const heading = { title, subtitle };
  if (rows.length < 2) return emptyChart(heading, 'Not enough samples: no weights over time.');
  const long = rows.flatMap(({ ts, weights }) => weights.map((weight, place) => ({ ts, model: models[place]!, place, weight })));
  const wide = rows.map(({ ts, weights }) => ({ ts, ...Object.fromEntries(weights.map((weight, i) => [`weight${i}`, weight])) }));
  const told = models.map((name, i) => ({ field: `weight${i}`, title: name, format: '.1%' }));
  const lane = { field: 'lane', type: 'ordinal', axis: { title: null, labelPadding: 12 } } as const;
  return {
    ...head(heading, {
      rows: long,
      bands: bands(wide),
      ...(trainings.length > 0 && { trainings: trainings.map(row => ({ ...row, late: row.late ? 'yes' : 'no', lane: 'Retrained' })) }),
    }),
    data: { name: 'rows' },
    params: [SPAN],
    spacing: 12,
    vconcat: [
      {
        width: WIDTH,
        height: 170,
        layer: [
          {
            transform: [inWindow('span')],
            mark: { type: 'area', opacity: 0.85, tooltip: null },
            encoding: {
              x: trainings.length > 0 ? timeXBare : timeX,
              y: {
                field: 'weight',
                type: 'quantitative',
                stack: 'zero',
                scale: { domain: [0, 1], nice: false },
                axis: { title: 'Weight', format: '.0%', tickCount: 4 },
              },
              color: modelColour(models, models, 'square'),
              order: { field: 'place', type: 'quantitative' },
            },
          },
          pointedAt('onWeights', 'span', told, trainings.length > 0 ? timeXBare : timeX),
        ],
      },
      ...(trainings.length === 0
        ? []
        : [
            {
              width: WIDTH,
              height: 18,
              layer: [
                // Holds the axis to the time of the weights.
                {
                  data: { name: 'bands' },
                  transform: [inWindow('span', 'to')],
                  mark: { type: 'rule', opacity: 0, tooltip: null } as const,
                  encoding: { x: { ...timeX, field: 'to' } },
                },
                {
                  data: { name: 'trainings' },
                  transform: [inWindow('span'), { calculate: "utcFormat(datum.ts, '%d %b %Y %H:%M')", as: 'when' }],
                  mark: { type: 'point', shape: 'triangle-up', size: 42, opacity: 1, strokeWidth: 1.25 } as const,
                  encoding: {
                    x: timeX,
                    y: lane,
                    stroke: { value: { expr: 'ink' } },
                    fill: { condition: { test: "datum.late === 'yes'", value: { expr: 'paper' } }, value: { expr: 'ink' } },
                    tooltip: [
                      { field: 'when', type: 'nominal', title: 'In force (UTC)' } as const,
                      { field: 'models', type: 'nominal', title: 'Models' } as const,
                      { field: 'trigger', type: 'nominal', title: 'Because of' } as const,
                      { field: 'rows', type: 'quantitative', title: 'Training rows', format: ',d' } as const,
                      { field: 'late', type: 'nominal', title: 'Late' } as const,
                    ],
                  },
                },
              ],
            },
          ]),
    ],
  };
};
