import type { Fact } from '../events/fact.js';
import { orderFault, type Journal, type JournalVerdict } from './journal.js';

/** A journal in memory: for backtests inside a search, and for tests. */
export class MemoryJournal implements Journal {
  readonly #facts: Fact[] = [];

  append(facts: readonly Fact[]): Promise<void> {
    for (const fact of facts) this.#facts.push(fact);
    return Promise.resolve();
  }

  async *read(from = 0): AsyncIterable<Fact> {
    for (const fact of this.#facts) if (fact.seq >= from) yield fact;
  }

  verify(): Promise<JournalVerdict> {
    const check = orderFault();
    for (const fact of this.#facts) {
      const fault = check(fact);
      if (fault !== null) return Promise.resolve({ ok: false, facts: this.#facts.length, fault });
    }
    return Promise.resolve({ ok: true, facts: this.#facts.length, fault: null });
  }
}
