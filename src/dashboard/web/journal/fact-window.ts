import type { FactLine } from '../../api/accounts-api.js';

/** A stretch of the journal that is loaded: facts by position, oldest first, each once. */
export interface FactWindow {
  readonly facts: readonly FactLine[];
  /** Whether the journal has older facts that match, and newer ones that were let go. */
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

export const EMPTY_WINDOW: FactWindow = { facts: [], hasOlder: false, hasNewer: false };

/** Facts that a page keeps: a day of a busy account must not fill the browser. */
export const WINDOW_FACTS = 5000;

const sorted = (facts: readonly FactLine[]): readonly FactLine[] => {
  for (let place = 1; place < facts.length; place++)
    if (facts[place]!.position <= facts[place - 1]!.position)
      return [...new Map(facts.map(fact => [fact.position, fact])).values()].sort((a, b) => a.position - b.position);
  return facts;
};

/** Both lists as one, by position, each fact once. */
const merged = (a: readonly FactLine[], b: readonly FactLine[]): readonly FactLine[] => {
  const [left, right] = [sorted(a), sorted(b)];
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  if (left.at(-1)!.position < right[0]!.position) return [...left, ...right];
  return sorted([...left, ...right]);
};

/** The newest page, as it was loaded. */
export const openWindow = (page: readonly FactLine[], hasOlder: boolean): FactWindow => ({
  facts: sorted(page),
  hasOlder,
  hasNewer: false,
});

/** Takes newer facts in, from the stream or from asking again: repeats change nothing, and beyond the cap the oldest go. Where newer facts were let go before, nothing may follow their gap. */
export const withNewer = (window: FactWindow, facts: readonly FactLine[], cap = WINDOW_FACTS): FactWindow => {
  if (facts.length === 0 || window.hasNewer) return window;
  const all = merged(window.facts, facts);
  if (all.length === window.facts.length) return window;
  return all.length <= cap ? { ...window, facts: all } : { facts: all.slice(-cap), hasOlder: true, hasNewer: false };
};

/** Takes a page of older facts in; beyond the cap the newest go. */
export const withOlder = (window: FactWindow, page: readonly FactLine[], hasOlder: boolean, cap = WINDOW_FACTS): FactWindow => {
  const all = merged(page, window.facts);
  return all.length <= cap ? { ...window, facts: all, hasOlder } : { facts: all.slice(0, cap), hasOlder, hasNewer: true };
};

/** The newest position that is held; 0 where nothing is. */
export const newestPosition = ({ facts }: FactWindow): number => facts.at(-1)?.position ?? 0;
export const oldestPosition = ({ facts }: FactWindow): number => facts[0]?.position ?? 0;
