import type { Fact } from '../../events/fact.js';
import { readJournal } from '../../journal/ndjson/read-journal.js';
import { verifyLiveJournal } from '../../journal/ndjson/verify-live-journal.js';
import { nodeDisk } from '../../journal/node-disk.js';
import { evolve, initialState } from '../../live/broker/broker-state.js';
import { canonicalState } from '../../live/broker/state-text.js';
import { FactStreams } from '../../live/session/fact-streams.js';
import { journalFolder, recover } from '../../live/session/recovery.js';
import { systemClock } from '../../live/system-clock.js';
import type { Instrument } from '../../market/instrument.js';
import type { PracticeExchange } from '../practice-exchange.js';
import type { Evidence, Violation } from '../rig/oracle.js';
import { truthOf } from '../rig/truth.js';

export interface WireEvidenceOptions {
  readonly exchange: PracticeExchange;
  readonly account: string;
  /** Folder of the account in the workspace. */
  readonly folder: string;
  readonly instruments: readonly Instrument[];
  readonly seen?: readonly Violation[];
  /** No session runs on it any more: its recovery is looked at too, which opens the journal for writing. */
  readonly isDead: boolean;
}

/** The state with which the next session would begin. */
const recovered = async ({
  account,
  folder,
  instruments,
}: Pick<WireEvidenceOptions, 'account' | 'folder' | 'instruments'>): Promise<string> => {
  const state = initialState(instruments, { hedge: false });
  const clock = systemClock();
  const fold = { apply: (fact: Fact) => void evolve(state, fact) };
  const streams = new FactStreams({ account, instruments, hedge: false, clock, fold, onFact: () => {} });
  const { journal } = await recover({ disk: nodeDisk(), folder, account, instruments, hedge: false }, streams, state);
  await journal.close();
  return canonicalState(state);
};

/**
 * What the oracle compares, of a session that ran in a process of its own: its journal from the disk, and the exchange's own word. The state that a session would begin with, from a snapshot and what was
 * written after it, stands for the live one.
 */
export const wireEvidence = async ({
  exchange,
  account,
  folder,
  instruments,
  seen = [],
  isDead,
}: WireEvidenceOptions): Promise<Evidence> => {
  const disk = nodeDisk();
  const verdict = await verifyLiveJournal(disk, journalFolder(folder));
  const facts: Fact[] = [];
  const folded = initialState(instruments, { hedge: false });
  if (verdict.ok)
    for await (const fact of readJournal(disk, journalFolder(folder))) {
      facts.push(fact);
      evolve(folded, fact);
    }
  return {
    instruments,
    facts,
    verdict,
    truth: truthOf(exchange, account),
    live: isDead ? await recovered({ account, folder, instruments }) : null,
    folded: canonicalState(folded),
    seen,
  };
};
