import type { FeatureSet } from '../../src/features/feature-set.js';
import { rsi } from '../../src/features/momentum/rsi.js';
import { logReturn } from '../../src/features/momentum/log-return.js';
import { zScore } from '../../src/features/volatility/z-score.js';
import { climatology } from '../../src/models/climatology.js';
import { defineForecasts, type ForecastOptions } from '../../src/models/define-forecasts.js';
import type { Forecaster } from '../../src/models/forecaster.js';
import { fixedHorizon } from '../../src/models/labels/fixed-horizon.js';
import { logisticRegression } from '../../src/models/logistic.js';
import type { ForecastRecipe } from '../../src/models/recipe.js';
import { target } from '../../src/strategies/intent.js';
import { defineStrategy, type Strategy } from '../../src/strategies/strategy.js';

/** Three columns, warm after twenty bars. */
export const TINY_FEATURES: FeatureSet = {
  name: 'tiny',
  version: 1,
  description: 'for tests',
  features: [logReturn(1), rsi(6), zScore(12)],
  panel: [],
  scaler: 'z',
};

/** A recipe small enough to be trained hundreds of times in a test. */
export const tinyRecipe = (options: Partial<ForecastOptions> = {}, member: Forecaster = logisticRegression()): ForecastRecipe =>
  defineForecasts({
    features: TINY_FEATURES,
    label: fixedHorizon({ horizon: 4, band: { kind: 'volatility', multiple: 0.3 } }),
    models: { climatology: climatology(), member },
    drift: null,
    ...options,
    calibration: { everyNSteps: 48, limit: 400, ...options.calibration },
    training: { modelRetrainEveryNSteps: 72, historyLimit: 240, minimumRows: 100, trainingDelay: 2, ...options.training },
  });

/** Takes the likelier side of the forecast, a little of it. */
export const forecastingStrategy = (recipe: ForecastRecipe): Strategy =>
  defineStrategy({
    name: 'forecasting',
    params: {},
    forecasts: () => recipe,
    decide: (bar, _, { forecast }) => {
      const expected = forecast(bar.symbol);
      if (expected === undefined) return undefined;
      const lean = Math.round(10 * (expected.up - expected.down)) / 10;
      return target(bar.symbol, Math.max(-0.3, Math.min(0.3, lean)), { reason: `up ${expected.up}` });
    },
  });
