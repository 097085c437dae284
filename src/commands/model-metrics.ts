import type { RunTableRow } from '../journal/tables.js';
import type { ForecastRecord } from '../models/forecast-record.js';
import { verify, type ForecastScores, type ModelScores } from '../models/scores/verification.js';

type Row = RunTableRow<'model_metrics'>;

const rowsOf = (scores: ModelScores, fold: number | null): Row[] => {
  const row = (metric: string, value: number | null | undefined, low: number | null = null, high: number | null = null): Row => ({
    model: scores.model,
    fold,
    metric,
    value: value ?? null,
    low,
    high,
    n: scores.rows,
    reason: value === null || value === undefined ? (scores.missing[metric] ?? scores.missing[metric.split('.')[0] ?? ''] ?? null) : null,
  });
  const { brier, coverage, pit, skill } = scores;
  return [
    row('logLoss', scores.logLoss),
    row('brier', brier?.score),
    row('brier.reliability', brier?.reliability),
    row('brier.resolution', brier?.resolution),
    row('brier.uncertainty', brier?.uncertainty),
    row('rps', scores.rps),
    row('auc', scores.auc),
    row('crps', scores.crps),
    ...(scores.pinball ?? []).map(({ level, loss }) => row(`pinball.${level}`, loss)),
    row('ece', scores.ece),
    row('pit.p', pit?.p),
    row('coverage', coverage?.share, coverage?.low, coverage?.high),
    ...(['logLoss', 'brier', 'crps'] as const).map(name => {
      const one = skill[name];
      return row(`skill.${name}`, one?.estimate, one?.low, one?.high);
    }),
  ];
};

const allOf = ({ ensemble, uncalibrated, models }: ForecastScores, fold: number | null): Row[] =>
  [ensemble, uncalibrated, ...models].flatMap(scores => rowsOf(scores, fold));

/** Scores of every model over all forecasts, and by fold where there are folds: the rows of `model_metrics`. */
export const modelMetrics = (
  record: ForecastRecord | null,
  folds: readonly { readonly index: number; readonly test: { readonly from: number; readonly to: number } }[] = [],
): readonly Row[] =>
  record === null
    ? []
    : [
        ...allOf(verify(record), null),
        // A forecast is of the window whose bar it was made at: closes lie in (from, to].
        ...folds.flatMap(({ index, test }) => allOf(verify(record, { from: test.from + 1, to: test.to + 1 }), index)),
      ];
