import type { AccountRecord } from '../../live/record/account-record.js';
import type { ForecastView } from '../api/accounts-api.js';

/** What the models of an account's strategies say, with the plans that are not over. */
export const forecastViews = ({ forecasts, plans }: Pick<AccountRecord, 'forecasts' | 'plans'>): ForecastView[] =>
  forecasts.strategies().map(({ strategy, signals, weights, models, drift, size }) => ({
    strategy,
    signals: [...signals],
    weights: weights.map(({ ts, weights: of }) => ({ ts, weights: { ...of } })),
    models: [...models],
    drift: [...drift],
    plans: [...plans.values()]
      .filter(plan => plan.strategy === strategy)
      .map(({ seq, ts, plan, symbol, side, entry, stopLoss, takeProfit, quantity, rewardToRisk, expectedValue, expiresAt }) => ({
        seq,
        ts,
        plan,
        symbol,
        side,
        entry,
        stopLoss,
        takeProfit,
        quantity,
        rewardToRisk,
        expectedValue,
        expiresAt,
      })),
    size,
  }));
