import { createHash } from 'node:crypto';
import { canonicalJson } from '../datasets/canonical-json.js';
import { usageError } from '../errors.js';
import { featureNames, featureSetId, type FeatureSet } from '../features/feature-set.js';
import type { ScalerRule } from '../features/scalers/scaler.js';
import type { Calibrator } from './calibration/calibrator.js';
import type { DriftRules } from './drift/drift-monitor.js';
import type { EnsembleRule } from './ensemble/ensemble-rule.js';
import type { Forecaster } from './forecaster.js';
import type { Label } from './labels/label.js';

/** When models are trained, on what, and when they come into force. Steps are bars of the run's timeframe. */
export interface TrainingSchedule {
  /** Off: models are the ones that the run was given, and stay. */
  readonly enableTraining: boolean;
  /** A training is requested at the first bar of every stretch of so many bars, counted from the epoch, so that windows of one history train alike. */
  readonly modelRetrainEveryNSteps: number;
  /** On the last `historyLimit` bars, or on everything since the first bar. */
  readonly window: 'rolling' | 'expanding';
  /** Bars back that rows may be from. */
  readonly historyLimit: number;
  /** Matured rows over all symbols without which nothing is trained. */
  readonly minimumRows: number;
  /** Bars between the request and the moment its models come into force, in every mode alike. */
  readonly trainingDelay: number;
  /** Begin from the last model's weights, where the algorithm can. */
  readonly warmStart: boolean;
  /** Request a training when drift is found, at most once in a quarter of the schedule. */
  readonly retrainOnDrift: boolean;
  /** Bars after its activation at which a model expires; null never. */
  readonly maximumAge: number | null;
  /** Half-life in bars of a row's weight; null weighs old rows like new ones. */
  readonly halfLife: number | null;
}

/** How probabilities are repaired and intervals kept honest. */
export interface CalibrationPlan {
  /** Of each member model, and of the ensemble. */
  readonly members: Calibrator;
  readonly ensemble: Calibrator;
  /** Bars between fits. */
  readonly everyNSteps: number;
  /** Matured forecasts that a fit looks back on. */
  readonly limit: number;
  /** Level of the conformal interval, such as 0.9. */
  readonly coverage: number;
}

/**
 * Everything that forecasts are made from: the recipe of a model set. The same recipe, data and seed give the same forecasts in backtest, paper and live.
 */
export interface ForecastRecipe {
  /** Names the code that models are made by; the run fills it in. */
  readonly code: string;
  readonly features: FeatureSet;
  readonly scaler: ScalerRule;
  readonly label: Label;
  /** Member models by name, climatology among them. */
  readonly models: Readonly<Record<string, Forecaster>>;
  readonly calibration: CalibrationPlan;
  readonly ensemble: EnsembleRule;
  readonly training: TrainingSchedule;
  readonly drift: DriftRules | null;
  /** How far confidence is taken back where the row is unlike the training data: 0 not at all, 1 all the way to climatology. */
  readonly noveltyShrinkage: number;
}

/** Name of the member that every other is measured against. */
export const BASELINE = 'climatology';

/** Throws a usage error for a recipe that cannot be run, or, once the number of symbols is known, could never be trained. */
export const checkRecipe = (recipe: ForecastRecipe, symbols = Infinity): void => {
  const names = Object.keys(recipe.models);
  const wrong = (text: string, fix: string) => usageError('bad-recipe', text, fix);
  if (!names.includes(BASELINE))
    throw wrong(`The recipe has no model named ${BASELINE}.`, 'Add climatology(): it is the baseline that the others must beat.');
  for (const name of names)
    if (!/^[a-z][a-z0-9-]*$/.test(name)) throw wrong(`"${name}" is no name for a model.`, 'Use lower-case letters, digits and dashes.');
  const { modelRetrainEveryNSteps, historyLimit, minimumRows, trainingDelay, maximumAge } = recipe.training;
  const whole = { modelRetrainEveryNSteps, historyLimit, minimumRows };
  for (const [key, value] of Object.entries(whole))
    if (!(Number.isInteger(value) && value > 0)) throw wrong(`${key} is ${value}.`, 'It is a whole number above 0.');
  if (recipe.training.window === 'rolling' && minimumRows > historyLimit * symbols)
    throw wrong(
      `A training needs ${minimumRows} rows, and ${historyLimit} bars of ${symbols} symbols never hold them.`,
      'Raise historyLimit or lower minimumRows.',
    );
  if (!(Number.isInteger(trainingDelay) && trainingDelay >= 0)) throw wrong(`trainingDelay is ${trainingDelay}.`, 'It is 0 or more bars.');
  if (maximumAge !== null && maximumAge <= modelRetrainEveryNSteps + trainingDelay)
    throw wrong(
      `A model would expire after ${maximumAge} bars, before the next one can come (${modelRetrainEveryNSteps} + ${trainingDelay}).`,
      'Raise maximumAge or retrain more often.',
    );
};

/** One member's part of the recipe as data: what its checkpoint depends on besides rows and seed. */
export const memberIdentity = (recipe: ForecastRecipe, model: string): object => {
  const forecaster = recipe.models[model]!;
  return { kind: forecaster.kind, options: forecaster.options, lookback: forecaster.lookback };
};

/** The recipe as data. */
export const recipeIdentity = (recipe: ForecastRecipe): object => ({
  code: recipe.code,
  features: { id: featureSetId(recipe.features), names: featureNames(recipe.features) },
  scaler: recipe.scaler.kind,
  label: recipe.label.key,
  models: Object.fromEntries(Object.keys(recipe.models).map(name => [name, memberIdentity(recipe, name)])),
  calibration: {
    members: [recipe.calibration.members.kind, recipe.calibration.members.options],
    ensemble: [recipe.calibration.ensemble.kind, recipe.calibration.ensemble.options],
    everyNSteps: recipe.calibration.everyNSteps,
    limit: recipe.calibration.limit,
    coverage: recipe.calibration.coverage,
  },
  ensemble: [recipe.ensemble.kind, recipe.ensemble.options],
  training: recipe.training,
  drift: recipe.drift === null ? null : recipe.drift.options,
  noveltyShrinkage: recipe.noveltyShrinkage,
});

/** SHA-256 of the recipe as canonical JSON. */
export const recipeHash = (recipe: ForecastRecipe): string =>
  createHash('sha256')
    .update(canonicalJson(recipeIdentity(recipe)))
    .digest('hex');
