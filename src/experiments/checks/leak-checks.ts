import { memoryFeed } from '../../datasets/memory-feed.js';
import { usageError } from '../../errors.js';
import { backtest } from '../../sim/backtest.js';
import { causality } from './causality.js';
import { historyDependence, historyRuns } from './history-dependence.js';
import { historyPlan } from './history-plan.js';
import type { LeakResult, LeakSubject } from './leak-check.js';
import { recursiveIndicators } from './recursive-indicators.js';
import { staleFills } from './stale-fills.js';
import { warmUp } from './warm-up.js';

/** Ids of the checks of family `leak`, in the order in which they are made and told. */
export const LEAK_CHECKS = ['repeatable', 'causality', 'warm-up', 'recursive-indicators', 'stale-fills'] as const;

/** Id of a leak check. */
export type LeakCheckId = (typeof LEAK_CHECKS)[number];

/** Which leak checks to make, how thoroughly, and who hears of it. */
export interface LeakChecksOptions {
  /** All of them when left out. */
  readonly only?: readonly LeakCheckId[];
  /** Moments at which the future is replaced; default 6. */
  readonly cuts?: number;
  /** Awaited after each run, all of which happen in this thread: the place to hear an interrupt. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** Whether a text is the id of a leak check. */
const isLeakCheck = (id: string): id is LeakCheckId => (LEAK_CHECKS as readonly string[]).includes(id);

/**
 * Does the strategy use what it could not know, or decide before it knows enough? All checks of family `leak` on one window, in this thread: the run repeated, the future
 * replaced, history begun later, fills looked up. Results in the order of `LEAK_CHECKS`. Throws what the strategy throws, and a usage error for `only` without an id.
 */
export const leakChecks = async (
  subject: LeakSubject,
  { only = LEAK_CHECKS, cuts = 6, onProgress = () => undefined }: LeakChecksOptions = {},
): Promise<readonly LeakResult[]> => {
  if (only.length === 0) throw usageError('no-check', 'No check is named.', `Checks: ${LEAK_CHECKS.join(', ')}.`);
  const wants = (...ids: readonly LeakCheckId[]): boolean => ids.some(id => only.includes(id));
  const plan = historyPlan(subject.strategyOn(subject.chunks), subject);
  const causal = wants('repeatable', 'causality') ? cuts + 3 : 0;
  const begun = wants('warm-up', 'recursive-indicators') && 'starts' in plan ? historyRuns(plan) : 0;
  const total = causal + begun + (wants('stale-fills') ? 1 : 0);
  const results: LeakResult[] = [];
  if (causal > 0) results.push(...(await causality(subject, { cuts, onProgress: done => onProgress(done, total) })));
  let done = causal;
  if (wants('warm-up', 'recursive-indicators')) {
    const history = await historyDependence(subject, () => onProgress(Math.min(++done, total), total));
    results.push(warmUp(history), recursiveIndicators(history));
    done = causal + begun;
  }
  if (wants('stale-fills')) {
    const { chunks, params, config, instruments } = subject;
    const { fills } = await backtest({
      strategy: subject.strategyOn(chunks),
      params,
      bundle: 'leak-check',
      config,
      instruments,
      feed: memoryFeed(chunks, { to: config.to, ...(subject.inputs && { inputs: subject.inputs }) }),
      keepFacts: false,
    });
    results.push(staleFills({ fills, chunks, config, instruments }));
    await onProgress(total, total);
  }
  return results.filter(({ id }) => isLeakCheck(id) && only.includes(id));
};
