/** A model came into force. Times are epoch ms. */
export interface TrainingRecord {
  readonly ts: number;
  readonly requestedAt: number;
  readonly model: string;
  readonly checkpoint: string;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
  readonly trigger: 'start' | 'schedule' | 'drift';
  /** Whether it came after the moment it was due. */
  readonly late: boolean;
}

/** A drift detector changed its mind. */
export interface DriftRecord {
  readonly ts: number;
  /** What is watched: `feature rsi(14)`, `calibration`, `residual`. */
  readonly subject: string;
  readonly detector: string;
  readonly level: 'none' | 'warning' | 'drift';
  readonly statistic: number;
  readonly threshold: number;
}

/** Mean |SHAP| by feature of one trained model. */
export interface ImportanceRecord {
  readonly ts: number;
  readonly model: string;
  readonly names: readonly string[];
  readonly value: Float64Array;
}

/**
 * Every forecast of a run by column, with what came of it. One row a symbol and bar, ascending in time. All of them are out of sample: a model forecasts only bars after
 * those whose labels it learned from. Columns are Float64Arrays of `length` (probabilities 3 × `length`, row-major: down, flat, up); NaN where there is nothing.
 */
export interface ForecastRecord {
  /** Bars ahead. */
  readonly horizon: number;
  readonly label: string;
  readonly symbols: readonly string[];
  /** Member models; `climatology`, the baseline, is one of them. */
  readonly models: readonly string[];
  readonly length: number;
  /** When the forecast was made. */
  readonly ts: Float64Array;
  /** Index into `symbols`. */
  readonly symbol: Float64Array;
  /** When its outcome became known; NaN while it is not. */
  readonly maturedAt: Float64Array;
  /** 0 down, 1 flat, 2 up; NaN while unknown. */
  readonly outcome: Float64Array;
  /** Realised return over the label's span, a fraction. */
  readonly realised: Float64Array;
  /** By member model, as calibrated. */
  readonly probability: readonly Float64Array[];
  readonly mean: readonly Float64Array[];
  readonly sd: readonly Float64Array[];
  /** Weight of each member. */
  readonly weight: readonly Float64Array[];
  /** The ensemble's own. */
  readonly combined: Float64Array;
  readonly combinedMean: Float64Array;
  readonly combinedSd: Float64Array;
  /** The ensemble before its last calibration. */
  readonly uncalibrated: Float64Array;
  /** Conformal interval of the return at the level of `coverage`. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly coverage: number;
  /** 0 like the training data … 1 nothing like it. */
  readonly novelty: Float64Array;
  /** Tercile of volatility among the past: 0 calm, 1 middling, 2 wild. */
  readonly regime: Float64Array;
  readonly trainings: readonly TrainingRecord[];
  readonly drifts: readonly DriftRecord[];
  readonly importances: readonly ImportanceRecord[];
}
