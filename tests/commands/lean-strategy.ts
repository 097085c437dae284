/** A strategy file with models, as a user writes one, small enough to be trained in a test. Params are there to make another recipe. */
export const LEAN = `
import { bars, climatology, defineForecasts, defineStrategy, fixedHorizon, float, int, logisticRegression, platt, signal, small } from 'quantai-trad';

export default defineStrategy({
  name: 'lean',
  params: { horizon: int(2, 48, { default: 6 }), shrinkage: float(0, 1, { default: 0.05 }), age: int(300, 9000, { default: 5000 }) },
  needs: ({ universe, timeframe }) => bars(universe, timeframe),
  forecasts: ({ params }) =>
    defineForecasts({
      features: small,
      label: fixedHorizon({ horizon: params.horizon, band: { kind: 'volatility', multiple: 0.3 } }),
      models: { climatology: climatology(), logistic: logisticRegression({ l2: params.shrinkage }) },
      training: { modelRetrainEveryNSteps: 240, historyLimit: 480, minimumRows: 300, maximumAge: params.age },
      calibration: { members: platt(), everyNSteps: 96, limit: 1000 },
      drift: null,
    }),
  decide: (bar, _, { forecast }) => {
    const expected = forecast(bar.symbol);
    if (expected === undefined) return undefined;
    const { up, down, horizon, mean, sd } = expected;
    return signal({ symbol: bar.symbol, direction: up > down ? 'long' : 'short', confidence: Math.max(up, down), horizon, mean, sd, reason: 'leans' });
  },
});
`;
