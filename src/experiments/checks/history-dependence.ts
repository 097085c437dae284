import { timeframe } from '../../market/timeframe.js';
import { begunDecisions } from './begun-decisions.js';
import type { BegunDecisions } from './begun-decisions.js';
import { historyPlan } from './history-plan.js';
import type { HistoryPlan } from './history-plan.js';
import type { LeakSubject } from './leak-check.js';
import { settling } from './settling.js';
import type { Settling } from './settling.js';

/** What depends on where history begins: the ground of `warm-up` and `recursive-indicators`. */
export interface HistoryDependence {
  readonly plan: HistoryPlan;
  readonly indicators: readonly Settling[];
  /** Null when two runs cannot be compared so; `reason` says why. */
  readonly decisions: readonly BegunDecisions[] | null;
  readonly reason: string;
}

const incomparable = (subject: LeakSubject): string | null => {
  const { config, params, chunks } = subject;
  const strategy = subject.strategyOn(chunks);
  if (strategy.forecasts !== undefined)
    return 'its models learn from all history there is, so decisions on less of it are others by design';
  const declared = strategy.needs?.({ universe: config.symbols, timeframe: timeframe(config.timeframe), params }) ?? [];
  const reads = ('kind' in declared ? [declared] : declared).find(({ kind }) => kind !== 'bars' && kind !== 'funding');
  return reads === undefined ? null : `it decides on ${reads.kind}, which bars of history say nothing about`;
};

/** Runs needed for it, for progress. */
export const historyRuns = (plan: HistoryPlan): number => 1 + 3 * plan.starts.length;

/** Let history begin at several moments and see what is other for it; or why that cannot be seen. `onRun` is awaited after each run. */
export const historyDependence = async (
  subject: LeakSubject,
  onRun: () => void | Promise<void> = () => undefined,
): Promise<HistoryDependence | { readonly untested: string }> => {
  const plan = historyPlan(subject.strategyOn(subject.chunks), subject);
  if ('untested' in plan) return plan;
  const indicators = await settling(subject, plan, onRun);
  const reason = incomparable(subject);
  return { plan, indicators, decisions: reason === null ? await begunDecisions(subject, plan, onRun) : null, reason: reason ?? '' };
};
