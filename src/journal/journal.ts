import type { Fact } from '../events/fact.js';

/** What `verify` found. */
export interface JournalVerdict {
  readonly ok: boolean;
  readonly facts: number;
  /** First fault, in words; null when there is none. */
  readonly fault: string | null;
}

/** Where facts are kept: every non-market fact, in order. Market data is referenced by `InputConsumed` and read from there. */
export interface Journal {
  append(facts: readonly Fact[]): Promise<void>;
  /** Facts from this `seq` on, in order. */
  read(from?: number): AsyncIterable<Fact>;
  /** Whether what is kept is whole: `seq` counts from 0 without a gap, no cause comes after its effect, and whatever the store itself can check. */
  verify(): Promise<JournalVerdict>;
}

/** The checks that any journal can make on its facts, one at a time. Returns the fault or null. */
export const orderFault = (): ((fact: Fact) => string | null) => {
  let previous = -1;
  let known = -Infinity;
  return fact => {
    if (fact.seq !== previous + 1) return previous < 0 ? `the first fact is ${fact.seq}` : `fact ${fact.seq} comes after fact ${previous}`;
    if (fact.causationId >= fact.seq) return `fact ${fact.seq} names the later fact ${fact.causationId} as its cause`;
    if (fact.knownAt < fact.ts) return `fact ${fact.seq} was known before it happened`;
    if (fact.knownAt < known) return `fact ${fact.seq} was known before fact ${previous}, which precedes it`;
    previous = fact.seq;
    known = fact.knownAt;
    return null;
  };
};
