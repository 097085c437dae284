import type { JobHandler } from '../../cluster/job-engine.js';
import type { Feed } from '../../events/feed.js';
import { costSplit } from '../../metrics/costs.js';
import { sharpeRatio } from '../../metrics/sharpe.js';
import { summarise } from '../../metrics/summary.js';
import { trackOf } from '../../metrics/track.js';
import { tapeSource, type ForecastTape } from '../../models/forecast-tape.js';
import { sum } from '../../numeric/sum.js';
import { backtest } from '../../sim/backtest.js';
import { mean } from '../../statistics/moments.js';
import { loadStrategy } from '../../strategies/load.js';
import { tapeFor } from '../forecasting.js';
import { IndicatorCache } from '../indicator-cache.js';
import { frictionConfig } from './friction-point.js';
import type { FrictionJob, FrictionOutcome, FrictionShared } from './friction-outcome.js';
import { scaledFunding } from './scaled-funding.js';

/** What a worker makes once for all points. */
interface Made {
  readonly indicators: IndicatorCache;
  readonly tapes: Map<string, ForecastTape>;
  readonly feeds: Map<number, Feed>;
}

const madeFor = new WeakMap<FrictionShared, Made>();

const made = (shared: FrictionShared): Made => {
  let found = madeFor.get(shared);
  if (found === undefined)
    madeFor.set(
      shared,
      (found = { indicators: new IndicatorCache(shared.chunks), tapes: new Map(Object.entries(shared.tapes ?? {})), feeds: new Map() }),
    );
  return found;
};

/** Runs the strategy once at one point of the sweep, from a fresh account over the run's whole window. */
export const handle: JobHandler<FrictionJob, FrictionOutcome, FrictionShared> = async ({ point, whole }, shared, signal) => {
  const { indicators, tapes, feeds } = made(shared);
  const { params, bundle, instruments, chunks } = shared;
  const strategy = await loadStrategy(shared.strategy);
  let feed = feeds.get(point.funding);
  if (feed === undefined) feeds.set(point.funding, (feed = scaledFunding(shared, point.funding)));
  const tape = await tapeFor(strategy, bundle, params, shared.config, chunks, tapes);
  const result = await backtest({
    strategy,
    params,
    bundle,
    config: frictionConfig(shared.config, point),
    instruments,
    feed,
    indicators,
    ...(tape && { forecasts: tapeSource(tape) }),
    ...(signal && { signal }),
    keepFacts: false,
  });
  const track = trackOf(result);
  const { values } = summarise(track);
  const { fees, slippage, funding } = costSplit(track);
  return {
    point,
    fingerprint: result.fingerprint,
    returns: track.returns,
    periodsPerYear: track.periodsPerYear,
    meanReturn: track.returns.length === 0 ? NaN : mean(track.returns),
    sharpe: sharpeRatio(track.returns, track.periodsPerYear),
    totalReturn: values.totalReturn ?? NaN,
    maxDrawdown: values.maxDrawdown ?? NaN,
    trades: result.roundTrips.length,
    initialCapital: result.initialCapital,
    finalEquity: result.finalEquity,
    tradedNotional: sum(result.fills.map(({ price, quantity }) => price * quantity)),
    fees,
    slippage,
    funding,
    refusals: result.refusals,
    halted: result.halted?.code ?? null,
    whole: whole ? { fills: result.fills, assumptions: result.assumptions, metrics: values } : null,
  };
};
