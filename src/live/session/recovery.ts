import type { EngineState } from '../../engine/engine-memory.js';
import { loadSnapshot, saveSnapshot } from '../../journal/ndjson/snapshot.js';
import { openLiveJournal, type SegmentedJournal } from '../../journal/ndjson/open-live-journal.js';
import type { TornTail } from '../../journal/ndjson/torn-tail.js';
import type { LimitsInForce } from '../../risk/limits-in-force.js';
import { canonicalState, restoreState } from '../broker/state-text.js';
import type { BrokerState } from '../broker/broker-state.js';
import type { Allotted } from './allotted.js';
import type { FactStreams } from './fact-streams.js';
import type { SessionOptions } from './session-options.js';

/** Changes with the form of the states below. */
const SHAPE = 'account-5';

type Place = Pick<SessionOptions, 'disk' | 'folder' | 'account' | 'instruments' | 'hedge'>;

interface Kept {
  readonly account: string;
  readonly streams: Readonly<Record<string, EngineState>>;
  readonly limits: LimitsInForce;
  readonly allotted: Allotted;
}

/** How a session came back. */
export interface Recovered {
  readonly journal: SegmentedJournal;
  readonly torn: TornTail | null;
  /** Why the fold began where it did. */
  readonly snapshot: string;
}

/** The folder of an account's journal. */
export const journalFolder = (folder: string): string => `${folder}/journal`;

/**
 * Folds the account's journal into its streams and its state: from a snapshot where a good one is kept, else from the beginning, which gives the same. Throws where the journal is damaged.
 */
export const recover = async (place: Place, streams: FactStreams, state: BrokerState): Promise<Recovered> => {
  const { disk, folder, account, instruments, hedge } = place;
  const shape = `${SHAPE}/${instruments.map(({ symbol, tickSize, lotSize }) => `${symbol}:${tickSize}:${lotSize}`).join(',')}/${hedge}`;
  const { snapshot, text } = await loadSnapshot(disk, folder, shape, journalFolder(folder));
  if (snapshot !== null) {
    const kept = snapshot.state as Kept;
    Object.assign(state, restoreState(kept.account, instruments, { hedge }));
    streams.restore(kept.streams);
    streams.limits = kept.limits;
    streams.allotted = kept.allotted;
    streams.folded = snapshot.position.facts;
  }
  const { journal, torn } = await openLiveJournal(disk, journalFolder(folder), {
    account,
    ...(snapshot === null ? {} : { from: snapshot.position }),
    each: fact => streams.replay(fact),
  });
  return { journal, torn, snapshot: text };
};

/** Keeps the states of now, when everything that they were folded from is durable; says whether it did. */
export const saveState = async (place: Place, journal: SegmentedJournal, streams: FactStreams, state: BrokerState): Promise<boolean> => {
  const { disk, folder, instruments, hedge } = place;
  const position = journal.position();
  if (position.facts !== streams.folded) return false;
  const shape = `${SHAPE}/${instruments.map(({ symbol, tickSize, lotSize }) => `${symbol}:${tickSize}:${lotSize}`).join(',')}/${hedge}`;
  const kept: Kept = { account: canonicalState(state), streams: streams.states(), limits: streams.limits, allotted: streams.allotted };
  await saveSnapshot(disk, folder, shape, { position, state: kept });
  return true;
};
