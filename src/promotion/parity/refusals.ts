import type { Fact } from '../../events/fact.js';
import type { Decisions } from './decisions.js';

/** What a stream's decisions were refused with: by decision where the refusal names it, and by bar and symbol where nothing was decided for it. */
export interface Refusals {
  readonly byKey: ReadonlyMap<string, string>;
  readonly byBar: ReadonlyMap<string, string>;
}

/** The bar and symbol of something, as refusals are found by. */
export const barOf = (ts: number, symbol: string, barMs: number): string => `${Math.floor(ts / barMs) * barMs}|${symbol}`;

/** Orders and intents that risk, the session or the venue said no to. What the market did not give (an order that expired or was taken back) is not among them. */
export const refusals = (facts: readonly Fact[], decisions: Decisions, barMs: number): Refusals => {
  const byKey = new Map<string, string>();
  const byBar = new Map<string, string>();
  const intents = new Map<string, number>();
  for (const fact of facts)
    if (fact.type === 'OrderApproved') intents.set(fact.ticket.orderId, fact.correlationId);
    else if (fact.type === 'IntentDenied') {
      const decision = decisions.bySeq.get(fact.correlationId);
      if (decision !== undefined) byKey.set(decision.key, fact.code);
      byBar.set(barOf(fact.ts, fact.symbol, barMs), fact.code);
    } else if (fact.type === 'OrderRejected' || (fact.type === 'OrderCancelled' && fact.code === 'not-sent')) {
      const decision = decisions.bySeq.get(intents.get(fact.orderId) ?? fact.correlationId);
      if (decision !== undefined) byKey.set(decision.key, fact.code);
    }
  return { byKey, byBar };
};
