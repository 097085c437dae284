import type { ForecastScores, ModelScores } from '../scores/verification.js';

/** What one model's forecasts were worth, as a version keeps it: the figures that versions are compared by. Null where the evidence does not carry one. */
export interface VersionScore {
  readonly model: string;
  /** Matured forecasts, and spans among them that do not overlap. */
  readonly rows: number;
  readonly spans: number;
  /** Nats. */
  readonly logLoss: number | null;
  readonly brier: number | null;
  readonly crps: number | null;
  readonly auc: number | null;
  readonly ece: number | null;
  /** Of the conformal interval, which only the ensemble has. */
  readonly coverage: { readonly nominal: number; readonly share: number; readonly low: number; readonly high: number } | null;
  /** Of the log loss over climatology, with its 95 % interval. */
  readonly skill: { readonly estimate: number; readonly low: number; readonly high: number } | null;
  /** Why a figure is null, by its name. */
  readonly missing: Readonly<Record<string, string>>;
}

/** Scores of a walk over a history, out of sample: of the recipe, not of the checkpoints saved with it, which have seen all of that history. */
export interface VersionScores {
  readonly horizon: number;
  readonly label: string;
  /** First and last forecast that was scored, epoch ms; null for none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly ensemble: VersionScore;
  readonly models: readonly VersionScore[];
}

const scoreOf = ({ model, rows, spans, logLoss, brier, crps, auc, ece, coverage, skill, missing }: ModelScores): VersionScore => ({
  model,
  rows,
  spans,
  logLoss,
  brier: brier?.score ?? null,
  crps,
  auc,
  ece,
  coverage: coverage && { nominal: coverage.nominal, share: coverage.share, low: coverage.low, high: coverage.high },
  skill: skill.logLoss && { estimate: skill.logLoss.estimate, low: skill.logLoss.low, high: skill.logLoss.high },
  missing,
});

/** The part of a verification that is kept. */
export const versionScores = ({ horizon, label, from, to, ensemble, models }: ForecastScores): VersionScores => ({
  horizon,
  label,
  from,
  to,
  ensemble: scoreOf(ensemble),
  models: models.map(scoreOf),
});
