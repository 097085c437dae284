import type { ScoresView } from '../../api/models-api.js';
import { reliabilityRows } from './reliability.js';

type Spec = Readonly<Record<string, unknown>>;

const TIME = {
  field: 'ts',
  type: 'temporal',
  scale: { type: 'utc' },
  axis: { title: null, labelOverlap: true, labelBound: true },
} as const;
const UTC_TIP = {
  field: 'ts',
  type: 'temporal',
  title: 'UTC',
  format: '%Y-%m-%d %H:%M',
  timeUnit: 'utcyearmonthdatehoursminutes',
} as const;

/** Forecast probability against how often it came true: on the line is honest. The bar is the 95 % interval of what was observed, the size of a point how often it was said. */
export const reliabilitySpec = (calibration: ScoresView['calibration'], model: string): Spec => ({
  data: { values: reliabilityRows(calibration, model) },
  encoding: {
    x: { field: 'forecast', type: 'quantitative', scale: { domain: [0, 1] }, axis: { title: 'Forecast P(up)', format: '.0%' } },
  },
  layer: [
    {
      data: {
        values: [
          { forecast: 0, observed: 0 },
          { forecast: 1, observed: 1 },
        ],
      },
      mark: { type: 'line', strokeDash: [4, 4], color: { expr: 'benchmark' }, strokeWidth: 1 },
      encoding: { y: { field: 'observed', type: 'quantitative' } },
    },
    {
      mark: { type: 'rule', color: { expr: 'accent' }, opacity: 0.5, strokeWidth: 2 },
      encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
    },
    {
      mark: { type: 'point', filled: true, color: { expr: 'accent' }, opacity: 1 },
      encoding: {
        y: {
          field: 'observed',
          type: 'quantitative',
          scale: { domain: [0, 1] },
          axis: { title: 'Came true', format: '.0%' },
        },
        size: { field: 'n', type: 'quantitative', legend: null, scale: { range: [30, 260] } },
        tooltip: [
          { field: 'forecast', title: 'Forecast', format: '.1%' },
          { field: 'observed', title: 'Came true', format: '.1%' },
          { field: 'n', title: 'Times', format: ',' },
        ],
      },
    },
  ],
});

/** How much of the ensemble each member was, over time. */
export const weightsSpec = (weights: ScoresView['weights']): Spec => ({
  data: { values: weights },
  mark: { type: 'area', interpolate: 'step-after', line: false },
  encoding: {
    x: TIME,
    y: { field: 'weight', type: 'quantitative', stack: 'normalize', axis: { title: 'Share of the ensemble', format: '.0%' } },
    color: { field: 'model', type: 'nominal', legend: { title: null, orient: 'top' } },
    tooltip: [UTC_TIP, { field: 'model', title: 'Model' }, { field: 'weight', title: 'Weight', format: '.1%' }],
  },
});

/** Log loss that was lost by not having followed the best member from the start. */
export const regretSpec = (regret: ScoresView['regret']): Spec => ({
  data: { values: regret },
  layer: [
    { mark: { type: 'rule', color: { expr: 'hairline' } }, encoding: { y: { datum: 0 } } },
    {
      mark: { type: 'line', strokeWidth: 1.5 },
      encoding: {
        x: TIME,
        y: { field: 'regret', type: 'quantitative', axis: { title: 'Nats behind the best member' } },
        color: { field: 'model', type: 'nominal', legend: { title: null, orient: 'top' } },
        tooltip: [UTC_TIP, { field: 'model', title: 'Model' }, { field: 'regret', title: 'Regret', format: '.2f' }],
      },
    },
  ],
});

/** Alarms of the drift detectors: a row for each subject, a mark for each warning, filled where it was a drift. */
export const driftSpec = (drift: ScoresView['drift']): Spec => ({
  data: { values: drift.filter(({ level }) => level !== 'none') },
  mark: { type: 'point', size: 80, filled: true, opacity: 1 },
  encoding: {
    x: { ...TIME, scale: { type: 'utc', padding: 16 } },
    y: { field: 'subject', type: 'nominal', axis: { title: null } },
    color: {
      field: 'level',
      type: 'nominal',
      scale: { domain: ['warning', 'drift'], range: [{ expr: 'loss' }, { expr: 'alarm' }] },
      legend: { title: null, orient: 'top' },
    },
    shape: { field: 'level', type: 'nominal', scale: { domain: ['warning', 'drift'], range: ['circle', 'diamond'] }, legend: null },
    tooltip: [
      UTC_TIP,
      { field: 'subject', title: 'Of' },
      { field: 'detector', title: 'Detector' },
      { field: 'level', title: 'Level' },
      { field: 'statistic', title: 'Statistic', format: '.3f' },
      { field: 'threshold', title: 'Threshold', format: '.3f' },
    ],
  },
});
