import type { FeatureSet } from '../features/feature-set.js';
import { scalerRule, type ScalerRule } from '../features/scalers/scaler.js';
import { temperature } from './calibration/temperature.js';
import { defaultDriftRules } from './drift/default-drift-rules.js';
import type { EnsembleRule } from './ensemble/ensemble-rule.js';
import { bayesianAveraging } from './ensemble/bayesian-averaging.js';
import type { Forecaster } from './forecaster.js';
import type { Label } from './labels/label.js';
import type { DriftRules } from './drift/drift-monitor.js';
import { checkRecipe, type CalibrationPlan, type ForecastRecipe, type TrainingSchedule } from './recipe.js';

/** What a strategy states of its forecasts; the rest has defaults, argued where they are set. */
export interface ForecastOptions {
  readonly features: FeatureSet;
  /** Instead of the set's own scaler. */
  readonly scaler?: ScalerRule;
  readonly label: Label;
  readonly models: Readonly<Record<string, Forecaster>>;
  readonly ensemble?: EnsembleRule;
  readonly calibration?: Partial<CalibrationPlan>;
  readonly training?: Partial<TrainingSchedule>;
  /** Null watches nothing. */
  readonly drift?: DriftRules | null;
  readonly noveltyShrinkage?: number;
}

/**
 * A recipe of forecasts with its defaults: one-parameter calibration (temperature: with a few hundred independent outcomes a freer map learns noise), Bayesian model averaging
 * with forgetting, 90 % conformal intervals, training each 720 bars on the last 4,320 (a month and half a year of hours), in force one bar later, expired after three
 * schedules. Throws a usage error for what cannot be run.
 */
export const defineForecasts = (options: ForecastOptions): ForecastRecipe => {
  const { features, label, models } = options;
  const schedule: TrainingSchedule = {
    enableTraining: true,
    modelRetrainEveryNSteps: 720,
    window: 'rolling',
    historyLimit: 4320,
    minimumRows: 1000,
    trainingDelay: 1,
    warmStart: false,
    retrainOnDrift: false,
    maximumAge: null,
    halfLife: null,
    ...options.training,
  };
  const recipe: ForecastRecipe = {
    code: '',
    features,
    scaler: options.scaler ?? scalerRule(features.scaler),
    label,
    models,
    ensemble: options.ensemble ?? bayesianAveraging(),
    calibration: { members: temperature(), ensemble: temperature(), everyNSteps: 168, limit: 3000, coverage: 0.9, ...options.calibration },
    training: { ...schedule, maximumAge: options.training?.maximumAge ?? 3 * schedule.modelRetrainEveryNSteps + schedule.trainingDelay },
    drift: options.drift === undefined ? defaultDriftRules() : options.drift,
    noveltyShrinkage: options.noveltyShrinkage ?? 0.5,
  };
  checkRecipe(recipe);
  return recipe;
};
