import { stateHash, type StateMark } from '../../engine/account-state.js';
import type { Disk, DiskFile } from '../../journal/disk.js';
import { accountStates } from '../broker/account-states.js';
import type { BrokerState } from '../broker/broker-state.js';

/** One line of `states.ndjson`: what a strategy's engine was in after a fact of its stream, by its own books; or the whole account after so many facts of its journal. */
export type RecordedState =
  (StateMark & { readonly stream: string }) | { readonly facts: number; readonly ts: number; readonly hash: string };

/** Writes down states that a session was in, while it is. Nothing waits for it, and what cannot be written is left out: a record of states must not stop an account from trading. */
export interface StateRecord {
  /** By a strategy's engine; its facts up to there are durable. */
  engine(stream: string, mark: StateMark): void;
  /** By the session, after so many facts of the journal. */
  account(facts: number, state: BrokerState): void;
  close(): Promise<void>;
}

/** Where an account's states are recorded. */
export const statesFile = (folder: string): string => `${folder}/states.ndjson`;

const isState = (value: unknown): value is RecordedState =>
  typeof value === 'object' && value !== null && 'hash' in value && ('facts' in value || ('stream' in value && 'seq' in value));

/** The states of a record, in order of writing. A line that a dying process left half written is skipped. */
export const readStates = (text: string): readonly RecordedState[] =>
  text.split('\n').flatMap(line => {
    if (line === '') return [];
    try {
      const value: unknown = JSON.parse(line);
      return isState(value) ? [value] : [];
    } catch {
      return [];
    }
  });

/** The record of the account in `folder`, which is continued. */
export const stateRecord = (disk: Disk, folder: string): StateRecord => {
  let file: DiskFile | null = null;
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();
  const append = async (state: RecordedState): Promise<void> => {
    if (isOver) return;
    // A line of an earlier session may have been cut off: this one begins on its own.
    const before = file === null ? '\n' : '';
    file ??= await disk.append(statesFile(folder));
    await file.write(Buffer.from(`${before}${JSON.stringify(state)}\n`));
  };
  const write = (state: RecordedState): void => {
    last = last
      .then(() => append(state))
      .catch(() => {
        isOver = true;
      });
  };
  return {
    engine: (stream, { seq, ts, hash }) => write({ stream, seq, ts, hash }),
    account: (facts, state) => write({ facts, ts: state.now, hash: stateHash(accountStates(state)) }),
    close: async () => {
      await last;
      isOver = true;
      await file?.close().catch(() => undefined);
    },
  };
};
