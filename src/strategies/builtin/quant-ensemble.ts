import { core } from '../../features/sets/core.js';
import { climatology } from '../../models/climatology.js';
import { defineForecasts } from '../../models/define-forecasts.js';
import { bayesianAveraging } from '../../models/ensemble/bayesian-averaging.js';
import { gradientBoosting } from '../../models/gradient-boosting.js';
import { fixedHorizon } from '../../models/labels/fixed-horizon.js';
import { logisticRegression } from '../../models/logistic.js';
import { randomForest } from '../../models/random-forest.js';
import { signal } from '../intent.js';
import { float, int } from '../params.js';
import { bars, defineStrategy } from '../strategy.js';

/**
 * Forecasts every symbol by an ensemble that is retrained as it walks, and trades where the odds of up against down lean from what is usual by more than `edge`. It reads in the
 * order in which it works. Whether there is anything to forecast is for the report to say: each model is scored against climatology, and the plan of a trade that is
 * not worth its costs is refused.
 */
export default defineStrategy({
  name: 'quant-ensemble',
  description:
    'Trades the calibrated forecasts of an ensemble of models that is retrained each month, where they promise more than a trade costs.',
  params: {
    horizon: int(2, 240, { default: 24, search: false }),
    edge: float(0, 0.3, { default: 0.05, step: 0.01, search: false }),
    trees: int(10, 1000, { default: 100, search: false }),
    retrain: int(24, 10_000, { default: 720, search: false }),
    history: int(500, 100_000, { default: 4320, search: false }),
  },

  // 1. History: bars of every symbol, with funding, mark, index and open interest where the data has them.
  needs: ({ universe, timeframe }) => bars(universe, timeframe),

  forecasts: ({ params: { horizon, trees, retrain, history }, roundTripCost }) =>
    defineForecasts({
      // 2. Features: technical, volatility, regime, seasonality, cross-asset and futures.
      features: core,
      // What is forecast: where the price is a day later. A move that would not pay for its costs, or is small for the time, counts as none.
      label: fixedHorizon({ horizon, band: { kind: 'larger', value: roundTripCost, multiple: 0.3 } }),
      // 3. Models, one set for all symbols, trained on the last half year each month.
      models: {
        climatology: climatology(),
        logistic: logisticRegression({ l1: 0.002, l2: 0.05, tolerance: 1e-4 }),
        boosting: gradientBoosting({
          trees,
          depth: 4,
          learningRate: 0.05,
          minLeaf: 100,
          l2: 10,
          subsample: 0.5,
          featureFraction: 0.5,
          bins: 63,
        }),
        forest: randomForest({ trees, depth: 8, minLeaf: 50, bins: 63 }),
      },
      training: { modelRetrainEveryNSteps: retrain, historyLimit: history },
      // 4. Their probabilities weighed by what they were worth lately.
      ensemble: bayesianAveraging(),
    }),

  decide: (bar, _, { forecast, params }) => {
    const expected = forecast(bar.symbol);
    if (expected === undefined) return undefined;
    const { down, up, usualDown, usualUp, mean, sd, novelty, regime, horizon } = expected;
    // 5. Signal: the side that the odds of up against down lean to, more than they usually do. What makes both likelier is no direction.
    const lean = up - down - (usualUp - usualDown);
    const direction = Math.abs(lean) < params.edge ? 'flat' : lean > 0 ? 'long' : 'short';
    return signal({
      symbol: bar.symbol,
      direction,
      confidence: direction === 'short' ? down / (down + up) : up / (down + up),
      // Unlike the training data, or in wild times, a forecast is worth less.
      riskScore: 1 - (1 - novelty) * (1 - 0.2 * (Number.isFinite(regime) ? regime : 2)),
      horizon,
      mean,
      sd,
      reason: `leans ${lean.toFixed(3)}: up ${up.toFixed(3)}, down ${down.toFixed(3)}`,
    });
    // 6. Risk gates, 7. the trade plan (entry, stop-loss, take-profit, size, reward to risk), 8. its orders and their life, and 9. the record of it all are the platform's: the
    // same in backtest, paper and live.
  },
});
