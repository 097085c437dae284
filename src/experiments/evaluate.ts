import type { JobHandler } from '../cluster/job-engine.js';
import type { RunResult } from '../engine/run-result.js';
import { summarise } from '../metrics/summary.js';
import { trackOf } from '../metrics/track.js';
import { tapeSource, type ForecastTape } from '../models/forecast-tape.js';
import { backtest } from '../sim/backtest.js';
import { loadStrategy } from '../strategies/load.js';
import type { Evaluation, EvaluationJob, EvaluationShared } from './evaluation.js';
import { tapeFor } from './forecasting.js';
import { IndicatorCache } from './indicator-cache.js';
import { observedSharpe } from './overfitting/psr.js';
import type { Segment } from './segment.js';
import { windowFeed } from './window-feed.js';

const caches = new WeakMap<EvaluationShared, IndicatorCache>();

const cacheOf = (shared: EvaluationShared): IndicatorCache => {
  let cache = caches.get(shared);
  if (cache === undefined) caches.set(shared, (cache = new IndicatorCache(shared.chunks)));
  return cache;
};

const tapesMade = new WeakMap<EvaluationShared, Map<string, ForecastTape>>();

const tapesOf = (shared: EvaluationShared): Map<string, ForecastTape> => {
  let tapes = tapesMade.get(shared);
  if (tapes === undefined) tapesMade.set(shared, (tapes = new Map(Object.entries(shared.tapes ?? {}))));
  return tapes;
};

const segmentOf = (result: RunResult): Segment => {
  const { initialCapital, finalEquity, bars, curve, fills, roundTrips, funding, refusals, halted, assumptions, plots, notes, forecasts } =
    result;
  const closing = fills.filter(({ orderId }) => orderId.startsWith('end-of-data'));
  const closingCosts = closing.reduce((sum, { fee, slippage }) => sum + fee + slippage, 0);
  return {
    initialCapital,
    finalEquity,
    bars,
    curve,
    fills,
    roundTrips,
    funding,
    refusals,
    halted,
    assumptions,
    plots,
    notes,
    forecasts,
    closingCosts,
  };
};

/** Runs each configuration over the window from a fresh account, and closes what is open at its end. */
export const handle: JobHandler<EvaluationJob, readonly Evaluation[], EvaluationShared> = async (job, shared, signal) => {
  const { window, capital, configurations, keep } = job;
  const { instruments, chunks, bundle } = shared;
  const strategy = await loadStrategy(shared.strategy);
  const config = { ...shared.config, from: window.from, to: window.to, capital, atEnd: 'close' as const };
  const feed = windowFeed(chunks, window);
  const indicators = cacheOf(shared);
  const evaluations: Evaluation[] = [];
  for (const params of configurations) {
    // Of the experiment's own window, so that all windows share one tape.
    const tape = await tapeFor(strategy, bundle, params, shared.config, chunks, tapesOf(shared));
    const forecasts = tape && { forecasts: tapeSource(tape) };
    const spec = { strategy, params, bundle, config, instruments, feed, indicators, ...forecasts, keepFacts: false };
    const result = await backtest(signal ? { ...spec, signal } : spec);
    const track = trackOf(result);
    const { sharpe } = observedSharpe(track.returns);
    evaluations.push({
      fingerprint: result.fingerprint,
      metrics: summarise(track).values,
      sharpePerPeriod: Number.isFinite(sharpe) ? sharpe : null,
      returns: keep === 'returns' ? track.returns : null,
      segment: keep === 'segment' ? segmentOf(result) : null,
    });
  }
  return evaluations;
};
