import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { Feed } from '../../src/events/feed.js';
import type { Params, RunResult } from '../../src/engine/run-result.js';
import { backtest } from '../../src/sim/backtest.js';
import { resolveParams } from '../../src/strategies/params.js';
import type { Strategy } from '../../src/strategies/strategy.js';
import type { SmallMarket } from './market.js';

/** Run a strategy over a small market. */
export const run = (market: SmallMarket, strategy: Strategy, params: Params = {}, feed?: Feed): Promise<RunResult> =>
  backtest({
    strategy,
    params: resolveParams(strategy.params, params),
    bundle: 'test',
    config: market.config,
    instruments: market.instruments,
    feed: feed ?? memoryFeed(market.chunks, { from: -Infinity, to: market.config.to }),
  });
