import { KnownStateFold } from '../engine/known-state.js';
import type { Fact } from '../events/fact.js';
import { causalChains, isComplete, type CausalLink, type MarketDatum } from '../journal/causal-chain.js';
import type { Instrument } from '../market/instrument.js';
import type { Timeframe } from '../market/timeframe.js';
import { causalSteps, type CausalStep } from '../reports/causes/causal-steps.js';
import { limitsText } from '../reports/causes/limits-text.js';
import type { LimitValue } from '../risk/change-limits.js';
import { consequenceSteps } from './consequence-steps.js';
import { indicatorSteps, isOfDatum, modelSteps, type SeenBar } from './decision-steps.js';
import { unitsAmong } from './state-at.js';

/** A stream of facts with what is known of it. */
export interface ExplainedStream {
  readonly facts: readonly Fact[];
  readonly instruments: readonly Instrument[];
  /** What the stream begins with: a run's capital, nothing in a session. */
  readonly capital: number;
  readonly hedge: boolean;
  readonly timeframe: Timeframe;
  readonly barDelayMs: number;
  /** The account's own stream, in a session. */
  readonly account?: readonly Fact[];
  /** Limits in force at a moment; null is off. */
  readonly limitsAt: (fact: Fact) => Readonly<Record<string, LimitValue>>;
}

/** Why something happened: the way that led to it, oldest first, and what came of it. */
export interface Causes {
  readonly complete: boolean;
  readonly steps: readonly CausalStep[];
  readonly consequences: readonly CausalStep[];
}

/** Facts that lead to one, oldest first. */
export const chainTo = (stream: ExplainedStream, seq: number): readonly CausalLink[] => {
  const { facts, timeframe, barDelayMs, account } = stream;
  return causalChains(facts, { bars: { timeframe, delayMs: barDelayMs }, ...(account && { account }) })(seq);
};

/** The bar that a chain began with, or null. */
export const firstBar = (chain: readonly CausalLink[]): Extract<MarketDatum, { kind: 'bar' }> | null => {
  const from = chain[0]?.from;
  return from?.kind === 'bar' && from.symbol !== null ? from : null;
};

/** The chain to a fact as steps, with the bar's prices and indicators, what models said, and the limits that the gate went by. `seen` are the bars of the decision, as far as they could be had. */
export const explainCauses = (stream: ExplainedStream, seq: number, seen: readonly SeenBar[], forecasts: readonly CausalStep[]): Causes => {
  const { facts, instruments, capital, hedge, limitsAt } = stream;
  const chain = chainTo(stream, seq);
  const unitsOf = unitsAmong(instruments);
  const datum = firstBar(chain);
  const decided = chain[0]?.fact;
  const known = new KnownStateFold(instruments, capital, { hedge });
  if (decided) for (const fact of facts) if (fact.seq <= decided.seq) known.apply(fact);
  const context = datum === null ? [] : indicatorSteps(seen.filter(({ bar }) => isOfDatum(bar, datum)));
  const models = decided === undefined ? [] : modelSteps(known.state, decided.ts);
  const bySeq = new Map(chain.map(({ fact }) => [fact.seq, fact]));
  const steps = causalSteps(chain, unitsOf).map(step => {
    const fact = step.seq === null ? undefined : bySeq.get(step.seq);
    return fact?.type === 'OrderApproved' ? { ...step, text: `${step.text} Limits in force: ${limitsText(limitsAt(fact))}.` } : step;
  });
  // The datum comes first; what was read off it, and what models made of it, stands before the decision.
  const head = steps[0]?.seq === null ? 1 : 0;
  const last = facts.find(fact => fact.seq === seq);
  return {
    complete: isComplete(chain),
    steps: [...(context[0]?.stage === 'bar' ? [] : steps.slice(0, head)), ...context, ...forecasts, ...models, ...steps.slice(head)],
    consequences: last === undefined ? [] : consequenceSteps(facts, last, { instruments, capital, hedge, unitsOf }),
  };
};
