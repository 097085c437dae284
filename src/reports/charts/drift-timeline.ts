import { emptyChart, FILL, head } from './chart.js';
import { clipped, SPAN, timeX } from './time.js';
import type { ChartSpec, Heading } from './chart.js';

/** A stretch on which one detector kept its mind about one subject. */
export interface DriftStretch {
  readonly subject: string;
  readonly detector: string;
  readonly from: number;
  readonly to: number;
  readonly level: 'none' | 'warning' | 'drift';
  /** At the start of the stretch; null before the first word of the detector. */
  readonly statistic: number | null;
  readonly threshold: number | null;
}

const LEVELS = ['none', 'warning', 'drift'] as const;

/** When the world stopped looking like the training data: thin is quiet, thicker a warning, thickest drift. */
export const driftTimeline = (rows: readonly DriftStretch[], heading: Heading): ChartSpec => {
  if (rows.length === 0) return emptyChart(heading, 'No drift: no detector raised its level.');
  const subjects = [...new Set(rows.map(row => row.subject))];
  const y = {
    field: 'subject',
    type: 'nominal',
    scale: { domain: subjects, paddingInner: 0.2 },
    axis: { title: null, labelLimit: 150 },
  } as const;
  return {
    ...head(heading, { rows }),
    ...FILL,
    data: { name: 'rows' },
    params: [SPAN],
    height: 20 * subjects.length + 8,
    layer: [
      {
        transform: [
          ...clipped('span'),
          { calculate: "utcFormat(datum.from, '%d %b %Y %H:%M')", as: 'starts' },
          { calculate: "utcFormat(datum.to, '%d %b %Y %H:%M')", as: 'ends' },
        ],
        mark: { type: 'bar' },
        encoding: {
          x: { ...timeX, field: 'clipFrom' },
          x2: { field: 'clipTo' },
          y,
          size: {
            condition: [
              { test: "datum.level === 'drift'", value: 15 },
              { test: "datum.level === 'warning'", value: 9 },
            ],
            value: 3,
          },
          color: {
            field: 'level',
            type: 'nominal',
            scale: { domain: [...LEVELS], range: [{ expr: 'trainBar' }, { expr: 'loss' }, { expr: 'alarm' }] },
            legend: { symbolType: 'square' },
          },
          tooltip: [
            { field: 'subject', type: 'nominal', title: 'Watched' },
            { field: 'level', type: 'nominal', title: 'Level' },
            { field: 'detector', type: 'nominal', title: 'Detector' },
            { field: 'starts', type: 'nominal', title: 'From (UTC)' },
            { field: 'ends', type: 'nominal', title: 'To (UTC)' },
            { field: 'statistic', type: 'quantitative', title: 'Statistic', format: '.4~g' },
            { field: 'threshold', type: 'quantitative', title: 'Threshold', format: '.4~g' },
          ],
        },
      },
    ],
  };
};
