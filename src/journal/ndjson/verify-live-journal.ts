import type { Disk } from '../disk.js';
import { orderFault, type JournalVerdict } from '../journal.js';
import type { ChainPosition } from './chain-position.js';
import { JournalDamage, type JournalPlace } from './journal-damage.js';
import type { TornTail } from './torn-tail.js';
import { walkJournal } from './walk-journal.js';

/** What was found in a live account's journal. */
export interface LiveJournalVerdict extends JournalVerdict {
  readonly account: string;
  readonly segments: number;
  readonly commits: number;
  /** Hash of the last commit: kept elsewhere, it shows that nothing was cut off at the end. Null when there is a fault. */
  readonly head: string | null;
  /** Facts of each stream; the account's own has an empty name. */
  readonly streams: Readonly<Record<string, number>>;
  /** Where the fault is. */
  readonly place: JournalPlace | null;
  /** A commit that was broken off, or that is being written just now. No fault: nobody was told of it. */
  readonly torn: TornTail | null;
}

/**
 * Whether a live account's journal is whole: every hash, `seq` of each stream from 0 without a gap, no cause after its effect, nothing known before it happened or before what precedes it in its
 * stream. Reads everything, writes nothing, and may run while a session writes. `until` ends it at a position.
 */
export const verifyLiveJournal = async (disk: Disk, folder: string, until?: ChainPosition): Promise<LiveJournalVerdict> => {
  const checks = new Map<string, ReturnType<typeof orderFault>>();
  const streams = new Map<string, number>();
  let facts = 0;
  let segments = 0;
  const walk = walkJournal(disk, folder, {
    ...(until && { until }),
    inspect: fact => {
      facts++;
      const { strategy } = fact;
      let check = checks.get(strategy);
      if (check === undefined) checks.set(strategy, (check = orderFault()));
      streams.set(strategy, fact.seq + 1);
      const fault = check(fact);
      return fault === null ? null : `in the stream of ${strategy === '' ? 'the account' : strategy}, ${fault}`;
    },
  });
  try {
    for (;;) {
      const step = await walk.next();
      if (step.done !== true) {
        segments++;
        continue;
      }
      const { cursor, account, torn } = step.value;
      const found = { ok: true, facts, fault: null, account, segments, commits: cursor.commit, head: cursor.hash };
      return { ...found, streams: Object.fromEntries(streams), place: null, torn };
    }
  } catch (error) {
    if (!(error instanceof JournalDamage)) throw error;
    const found = { ok: false, facts, fault: error.message, account: '', segments, commits: 0, head: null };
    return { ...found, streams: Object.fromEntries(streams), place: error.place, torn: null };
  }
};
