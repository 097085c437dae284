import { usageError } from '../../errors.js';
import type { Vector } from '../../numeric/vector.js';
import { random } from '../../random.js';
import { mean as meanOf, standardDeviation } from '../../statistics/moments.js';
import { detectionDelay } from './detection-delay.js';
import type { Expectation } from './expectation.js';
import { growthCone } from './growth-cone.js';
import { sessionBlock, simulateSessions } from './simulated-sessions.js';

/** What an expectation is made from. */
export interface ExpectationInput {
  readonly run: string;
  /** Out-of-sample returns per UTC day, after costs. */
  readonly returns: Vector;
  /** Closed trades out of sample. */
  readonly trades: { readonly wins: number; readonly count: number };
  /** Modelled slippage of a taker, basis points; null where the model has no such figure. */
  readonly slippageBps: number | null;
  readonly config: { readonly falseAlarm: number; readonly horizon: number };
  readonly seed: number | string;
  /** Simulated sessions; 2000 when left out. */
  readonly paths?: number;
}

/** Fewer days show neither a mean nor a deviation. */
const FEWEST_DAYS = 10;
/** Returns are rounded to about 1e-16: a deviation below this is rounding. */
const ROUNDING = 1e-12;
const PATHS = 2000;
const POWER = 0.8;
const LEVELS = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
/** Profit is what is at stake, and its evidence comes slowest. Fills and trades are many, and tell what they tell at a stricter level nearly as soon. */
const SHARES = { profit: 0.8, hitRate: 0.05, slippage: 0.1, drift: 0.05 };

/**
 * What a strategy is expected to do, from what it did out of sample; the same bits for the same input. Monitors share the stated chance of a false alarm (Bonferroni): it is that of any alarm of any of
 * them over `horizon` days of a strategy that trades as it did. Throws a usage error for fewer than ten days, or days that do not vary.
 */
export const expectationOf = ({
  run,
  returns,
  trades,
  slippageBps,

  config,
  seed,
  paths = PATHS,
}: ExpectationInput): Expectation => {
  const { falseAlarm, horizon } = config;
  const mean = meanOf(returns);
  const sd = standardDeviation(returns);
  if (returns.length < FEWEST_DAYS || !(sd > ROUNDING))
    throw usageError(
      'too-few-days',
      returns.length < FEWEST_DAYS
        ? `Run ${run} has ${returns.length} days out of sample: nothing can be expected of it.`
        : `The daily returns of run ${run} do not vary: nothing can be expected of it.`,
      `Name a walk-forward with at least ${FEWEST_DAYS} days of trading in its test windows.`,
    );
  const shares = {
    profit: falseAlarm * SHARES.profit,
    hitRate: falseAlarm * SHARES.hitRate,
    slippage: falseAlarm * SHARES.slippage,
    drift: falseAlarm * SHARES.drift,
  };
  const block = sessionBlock(returns);
  const draw = random(seed).fork('expectation');
  const { deviations, largest } = simulateSessions(returns, { paths, horizon, block, draw: draw.fork('sessions') });
  // The order statistic of which a further draw is above with exactly this chance.
  const threshold = largest.sort()[Math.min(paths, Math.ceil((1 - shares.profit) * (paths + 1))) - 1]!;
  const test = { mean, sd, horizon, threshold, block, power: POWER, paths: Math.min(paths, 1000) };
  return {
    version: 1,
    run,
    returns: Array.from(returns),
    mean,
    sd,
    hitRate: trades.count === 0 ? null : { share: trades.wins / trades.count, trades: trades.count },
    slippageBps,
    cone: { levels: LEVELS, days: growthCone(mean, deviations, horizon, LEVELS) },
    test: {
      falseAlarm,
      horizon,
      shares,
      threshold,
      block,
      paths,
      seed: String(seed),
      delay: { days: detectionDelay(returns, test, draw.fork('delay')), power: POWER },
    },
  };
};
