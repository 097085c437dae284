import { RUN_TABLES, tableColumns, type RunTableRow } from '../journal/tables.js';
import type { ForecastRecord } from '../models/forecast-record.js';
import type { TableColumns } from '../parquet.js';
import type { RunFiles } from './run-tables.js';

const OUTCOMES = ['down', 'flat', 'up'] as const;

/** Forecasts of every member and of the ensemble, one below the other, rows in which a model said nothing left out. */
const forecastColumns = (record: ForecastRecord): TableColumns => {
  const said = (probability: Float64Array): number[] => {
    const rows: number[] = [];
    for (let i = 0; i < record.length; i++) if (probability[3 * i]! >= 0) rows.push(i);
    return rows;
  };
  const nothing = new Float64Array(record.length).fill(NaN);
  const blocks = [
    ...record.models.map((model, m) => ({
      model,
      p: record.probability[m]!,
      mean: record.mean[m]!,
      sd: record.sd[m]!,
      low: nothing,
      high: nothing,
      weight: record.weight[m]!,
    })),
    {
      model: 'ensemble',
      p: record.combined,
      mean: record.combinedMean,
      sd: record.combinedSd,
      low: record.low,
      high: record.high,
      weight: nothing,
    },
  ].map(block => ({ ...block, rows: said(block.p) }));
  const number = (pick: (block: (typeof blocks)[number], row: number) => number): Float64Array =>
    Float64Array.from(blocks.flatMap(block => block.rows.map(row => pick(block, row))));
  const text = (pick: (block: (typeof blocks)[number], row: number) => string | null): (string | null)[] =>
    blocks.flatMap(block => block.rows.map(row => pick(block, row)));
  return {
    model: text(({ model }) => model),
    symbol: text((_, i) => record.symbols[record.symbol[i]!] ?? null),
    ts: number((_, i) => record.ts[i]!),
    horizon: number(() => record.horizon),
    down: number(({ p }, i) => p[3 * i]!),
    flat: number(({ p }, i) => p[3 * i + 1]!),
    up: number(({ p }, i) => p[3 * i + 2]!),
    mean: number(({ mean }, i) => mean[i]!),
    sd: number(({ sd }, i) => sd[i]!),
    low: number(({ low }, i) => low[i]!),
    high: number(({ high }, i) => high[i]!),
    weight: number(({ weight }, i) => weight[i]!),
    novelty: number((_, i) => record.novelty[i]!),
    matured_ts: number((_, i) => record.maturedAt[i]!),
    outcome: text((_, i) => OUTCOMES[record.outcome[i]!] ?? null),
    realised: number((_, i) => record.realised[i]!),
  };
};

const trainingRow = (t: ForecastRecord['trainings'][number]): RunTableRow<'trainings'> => ({
  ts: t.ts,
  requested_ts: t.requestedAt,
  model: t.model,
  checkpoint: t.checkpoint,
  rows: t.rows,
  from_ts: t.from,
  to_ts: t.to,
  trigger: t.trigger,
  late: t.late,
});

/** The tables of what was forecast, with the scores that `metrics` gives; none for a run without forecasts. */
export const forecastFiles = (record: ForecastRecord | null, metrics: readonly RunTableRow<'model_metrics'>[]): RunFiles =>
  record === null
    ? {}
    : {
        [RUN_TABLES.forecasts.file]: forecastColumns(record),
        [RUN_TABLES.model_metrics.file]: tableColumns('model_metrics', metrics),
        [RUN_TABLES.trainings.file]: tableColumns('trainings', record.trainings.map(trainingRow)),
      };
