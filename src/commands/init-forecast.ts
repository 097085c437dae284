/** The strategy of `--template forecast`. */
export const INIT_FORECAST = `import { climatology, defineForecasts, defineStrategy, fixedHorizon, float, logisticRegression, signal, small } from 'quantai-trad';

/** Forecasts the next day by a model that is retrained each month, and trades where the forecast leans to one side. */
export default defineStrategy({
  name: 'my-strategy',
  params: { edge: float(0.02, 0.3, { default: 0.1, step: 0.02 }) },
  forecasts: ({ roundTripCost }) =>
    defineForecasts({
      features: small,
      // A move that would not pay for its costs counts as none.
      label: fixedHorizon({ horizon: 24, band: { kind: 'larger', value: roundTripCost, multiple: 0.3 } }),
      // Climatology says how often each outcome happened lately. A model that does not beat it knows nothing.
      models: { climatology: climatology(), logistic: logisticRegression() },
      training: { modelRetrainEveryNSteps: 720, historyLimit: 4320 },
    }),
  decide: (bar, _, { forecast, params }) => {
    const expected = forecast(bar.symbol);
    if (expected === undefined) return undefined;
    const { up, down, mean, sd, novelty, horizon } = expected;
    const direction = up - down > params.edge ? 'long' : down - up > params.edge ? 'short' : 'flat';
    // Size, stop-loss and take-profit are the planner's, and every order passes the risk gate.
    return signal({ symbol: bar.symbol, direction, confidence: Math.max(up, down) / (up + down), riskScore: novelty, horizon, mean, sd });
  },
});
`;
