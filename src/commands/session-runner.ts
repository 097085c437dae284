import { forecastRecipe } from '../engine/forecast-recipe.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import type { InputRange } from '../events/feed.js';
import { engineRunner, type EngineRunnerOptions } from '../live/runner/engine-runner.js';
import { LiveVenue } from '../live/runner/live-venue.js';
import type { StrategyRunner } from '../live/runner/strategy-runner.js';
import type { Instrument } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import { ForecastDesk } from '../models/forecast-desk.js';
import { inlineTrainer } from '../models/trainer.js';
import { exchangeRules, simulatedExchange } from '../sim/exchange-rules.js';
import { restoreExchange } from '../sim/restore-exchange.js';
import { SimulatedExchange } from '../sim/simulated-exchange.js';
import { loadStrategy, type StrategyRef } from '../strategies/load.js';
import type { Strategy } from '../strategies/strategy.js';

/** Everything that a strategy's engine in a session is made from; plain data, so that a thread can be given it. */
export interface SessionStrategy {
  readonly mode: 'paper' | 'live';
  readonly tag: string;
  readonly account: string;
  readonly ref: StrategyRef;
  /** SHA-256 of its code. */
  readonly hash: string;
  readonly params: Params;
  /** `capital` is its budget. */
  readonly config: RunConfig;
  /** In symbol order. */
  readonly instruments: readonly Instrument[];
  readonly inputs: readonly InputRange[];
  readonly manifestHash: string;
}

const forecastsOf =
  (session: SessionStrategy, strategy: Strategy): EngineRunnerOptions['forecasts'] | undefined =>
  async config => {
    const recipe = forecastRecipe(strategy, session.params, config, session.hash);
    if (recipe === null) return null;
    for (const model of Object.values(recipe.models)) await model.prepare?.();
    return new ForecastDesk({
      recipe,
      symbols: session.instruments.map(({ symbol }) => symbol),
      barMs: timeframeMs(config.timeframe),
      seed: config.seed,
      trainer: inlineTrainer(),
    });
  };

/** A strategy's engine in this thread: on a simulated exchange fed with live data in paper, on the broker in live. */
export const sessionRunner = async (session: SessionStrategy): Promise<StrategyRunner> => {
  const strategy = await loadStrategy(session.ref);
  const { mode, tag, account, params, config, instruments, inputs, manifestHash } = session;
  const forecasts = strategy.forecasts === undefined ? undefined : forecastsOf(session, strategy);
  return engineRunner({
    tag,
    account,
    strategy,
    params,
    config,
    instruments,
    manifestHash,
    inputs,
    ...(forecasts && { forecasts }),
    venueOf: run => {
      if (mode === 'paper') {
        const venue = simulatedExchange(run, instruments, inputs);
        // Data has travelled already when it arrives.
        return { venue, costs: venue.rules, feedLatency: () => 0 };
      }
      const rules = exchangeRules(run, instruments, inputs);
      return { venue: new LiveVenue(), costs: rules, feedLatency: () => 0 };
    },
    resume: (venue, state, working) => {
      if (!(venue instanceof SimulatedExchange)) return;
      restoreExchange(venue, state, working);
    },
  });
};
