import type { Fact } from '../../events/fact.js';

/** Says whether a strategy, or its account above it, was not free to open positions at a moment: REDUCING or HALTED, by limits, by a person or by what watches over it. */
export const restrictedAt = (journal: readonly Fact[], strategy: string): ((ts: number) => boolean) => {
  const changes = journal
    .filter(fact => fact.type === 'RiskStateChanged')
    .filter(fact => fact.strategy === '' || fact.strategy === strategy)
    .map(fact => ({ ts: fact.ts, whose: fact.strategy, isFree: fact.state === 'ACTIVE' }))
    .sort((a, b) => a.ts - b.ts);
  return ts => {
    const bound = new Set<string>();
    for (const { ts: at, whose, isFree } of changes) {
      if (at > ts) break;
      if (isFree) bound.delete(whose);
      else bound.add(whose);
    }
    return bound.size > 0;
  };
};
