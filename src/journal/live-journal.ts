import type { Fact } from '../events/fact.js';
import type { JournalVerdict } from './journal.js';

/**
 * The journal of a live account: durable before it resolves, never rewritten. Several streams of facts share it, one for each strategy (by the envelope's `strategy`) and one for the account itself
 * (empty name); `seq` counts within a stream, and goes on across restarts.
 */
export interface LiveJournal {
  /** Resolves when these facts, and all that were given before, are on the disk. Facts that arrive while the disk is busy go together with one sync. Rejects once the disk has failed, for ever. */
  append(facts: readonly Fact[]): Promise<void>;
  /** Every durable fact from the beginning, in the order of writing. */
  read(): AsyncIterable<Fact>;
  verify(): Promise<JournalVerdict>;
  /** Why nothing can be written any more, or null. */
  readonly failure: string | null;
  close(): Promise<void>;
}
