import { usageError } from '../../errors.js';
import type { RoundTrip } from '../../portfolio/fill.js';
import { random } from '../../random.js';
import { checkSamples } from './monte-carlo-options.js';
import type { MonteCarloOptions } from './monte-carlo-options.js';
import { outcomesOf } from './outcomes.js';
import { tradeSteps, walkTrades } from './trade-equity.js';
import type { TradeSizing } from './trade-equity.js';
import type { TradeOrder } from './trade-order.js';

/** How often trades are missed. */
export interface MissedFillsOptions extends MonteCarloOptions {
  readonly initialCapital: number;
  /** Probability that the entry of a trade is not filled, 0 to 1; each trade on its own. */
  readonly probability: number;
  /** `compounding` when left out. */
  readonly sizing?: TradeSizing;
}

/**
 * What is left of the outcome when each closed trade is missed with a probability: a result that hangs on a few trades falls apart. Trades
 * keep their order. Misses are independent of how the trade went; in a real queue the good trades are missed more often, so this flatters.
 * Throws a usage error for a probability outside 0 to 1 and as `tradeSteps` does.
 */
export const missedFills = (roundTrips: readonly RoundTrip[], options: MissedFillsOptions): TradeOrder => {
  checkSamples(options);
  const { samples, seed, initialCapital, probability, sizing = 'compounding' } = options;
  if (!(probability >= 0 && probability <= 1))
    throw usageError('bad-monte-carlo', `${probability} is not a probability.`, 'Use a fraction such as 0.1.');
  const trades = tradeSteps(roundTrips, initialCapital, sizing);
  const n = trades.steps.length;
  const chance = random(seed).fork('missed-fills');
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const path = new Float64Array(2);
  walkTrades(trades, order, n, path);
  const [final = NaN, deepest = NaN] = path;
  const finals = new Float64Array(samples);
  const drawdowns = new Float64Array(samples);
  for (let s = 0; s < samples; s++) {
    let filled = 0;
    for (let i = 0; i < n; i++) if (chance.next() >= probability) order[filled++] = i;
    walkTrades(trades, order, filled, path);
    finals[s] = path[0]!;
    drawdowns[s] = path[1]!;
  }
  return { final: outcomesOf(final, finals), maxDrawdown: outcomesOf(deepest, drawdowns) };
};
