import type { RunResult } from '../engine/run-result.js';
import { memoryFeed } from '../datasets/memory-feed.js';
import type { Feed } from '../events/feed.js';
import type { Chunk } from '../events/market.js';
import { tapeSource, type ForecastTape } from '../models/forecast-tape.js';
import { backtest } from '../sim/backtest.js';
import type { PlainScratch } from '../sim/plain-scratch.js';
import { loadStrategy } from '../strategies/load.js';
import type { Strategy } from '../strategies/strategy.js';
import type { Params } from '../engine/run-result.js';
import type { EvaluationShared } from './evaluation.js';
import { tapeFor } from './forecasting.js';
import { IndicatorCache } from './indicator-cache.js';
import type { Segment } from './segment.js';
import type { Span } from './splits/fold.js';
import { windowChunks } from './window-chunks.js';

/** What a worker makes once for all runs over the same data. */
interface Made {
  readonly strategy: Promise<Strategy>;
  readonly indicators: IndicatorCache;
  readonly tapes: Map<string, ForecastTape>;
  /** Of the window run last: runs of one window follow one another. */
  feed: { readonly to: number; readonly chunks: readonly Chunk[]; readonly feed: Feed } | undefined;
}

const madeFor = new WeakMap<EvaluationShared, Made>();

const made = (shared: EvaluationShared): Made => {
  const known = madeFor.get(shared);
  if (known !== undefined) return known;
  const strategy = loadStrategy(shared.strategy);
  // Tried again by the next run: a file that could not be read may be readable then.
  strategy.catch(() => madeFor.delete(shared));
  const found: Made = {
    strategy,
    indicators: new IndicatorCache(shared.chunks),
    tapes: new Map(Object.entries(shared.tapes ?? {})),
    feed: undefined,
  };
  madeFor.set(shared, found);
  return found;
};

/** What is run, and what of it is wanted. */
interface WindowRun {
  readonly params: Params;
  readonly window: Span;
  readonly capital: number;
  /** Memory for the run, where its result is used up before the next one with the same memory begins. */
  readonly scratch?: PlainScratch;
}

/** One configuration over one window from a fresh account; what is open at its end is closed there. The same for any worker. */
export const runWindow = async (
  shared: EvaluationShared,
  { params, window, capital, scratch }: WindowRun,
  signal?: AbortSignal,
): Promise<RunResult> => {
  const kept = made(shared);
  const { instruments, chunks, bundle } = shared;
  const strategy = await kept.strategy;
  // Of the experiment's own window, so that all windows share one tape.
  const tape = await tapeFor(strategy, bundle, params, shared.config, chunks, kept.tapes);
  if (kept.feed?.to !== window.to) {
    const inWindow = windowChunks(chunks, window);
    kept.feed = { to: window.to, chunks: inWindow, feed: memoryFeed(inWindow) };
  }
  return backtest({
    strategy,
    params,
    bundle,
    config: { ...shared.config, from: window.from, to: window.to, capital, atEnd: 'close' },
    instruments,
    feed: kept.feed.feed,
    chunks: kept.feed.chunks,
    indicators: kept.indicators,
    ...(scratch && { scratch }),
    ...(tape && { forecasts: tapeSource(tape) }),
    ...(signal && { signal }),
    keepFacts: false,
  });
};

/** What a segment keeps of a run. */
export const segmentOf = (result: RunResult): Segment => {
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
