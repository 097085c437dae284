import type { RoundTrip } from '../../portfolio/fill.js';
import { random } from '../../random.js';
import { checkSamples } from './monte-carlo-options.js';
import type { MonteCarloOptions } from './monte-carlo-options.js';
import { outcomesOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';
import { tradeSteps, walkTrades } from './trade-equity.js';
import type { TradeSizing } from './trade-equity.js';

/** How to draw the trades of a simulated history. */
export interface TradeOrderOptions extends MonteCarloOptions {
  readonly initialCapital: number;
  /** `compounding` when left out. */
  readonly sizing?: TradeSizing;
  /**
   * `shuffle`, when left out: the same trades in another order; the final equity stays what it was. `replacement`: as many trades drawn from
   * them, some twice and some never, so that the final equity varies as well.
   */
  readonly draw?: 'shuffle' | 'replacement';
}

/** What the same trades could have brought. */
export interface TradeOrder {
  /** Equity after the last trade, currency. */
  readonly final: Outcomes;
  /** Deepest fall from a peak over closed trades, a negative fraction. */
  readonly maxDrawdown: Outcomes;
}

/**
 * What other orders of the closed trades would have done: how much of a shallow drawdown was luck of the order. Draws trades as if each
 * were independent of the one before, and sees equity at exits only: the drawdown inside a trade is missing from both sides. Throws a usage
 * error as `tradeSteps` does.
 */
export const tradeOrder = (roundTrips: readonly RoundTrip[], options: TradeOrderOptions): TradeOrder => {
  checkSamples(options);
  const { samples, seed, initialCapital, sizing = 'compounding', draw = 'shuffle' } = options;
  const trades = tradeSteps(roundTrips, initialCapital, sizing);
  const n = trades.steps.length;
  const chance = random(seed).fork('trade-order');
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const path = new Float64Array(2);
  walkTrades(trades, order, n, path);
  const [final = NaN, deepest = NaN] = path;
  const finals = new Float64Array(samples);
  const drawdowns = new Float64Array(samples);
  for (let s = 0; s < samples; s++) {
    if (draw === 'replacement') for (let i = 0; i < n; i++) order[i] = chance.int(n);
    else
      for (let i = n - 1; i > 0; i--) {
        const j = chance.int(i + 1);
        const held = order[i]!;
        order[i] = order[j]!;
        order[j] = held;
      }
    walkTrades(trades, order, n, path);
    finals[s] = path[0]!;
    drawdowns[s] = path[1]!;
  }
  return { final: outcomesOf(final, finals), maxDrawdown: outcomesOf(deepest, drawdowns) };
};
