import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../errors.js';
import { readStates, statesFile, type RecordedState } from '../live/session/state-record.js';
import { isLiveAccount } from './live-account.js';
import { namedSessions } from './session-names.js';
import { readSession, type SessionManifest, type SessionRecord } from './session-record.js';
import type { Workspace } from './workspace.js';

/** A paper or live account with everything that its journal says. */
export interface RecordedAccount extends SessionRecord {
  readonly account: string;
  /** Of its newest session. */
  readonly manifest: SessionManifest;
  readonly hedge: boolean;
  /** States that sessions recorded while they traded. */
  readonly states: readonly RecordedState[];
}

const textOf = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

/** Reads an account's journal, checked commit by commit. Throws a usage error for one that no session was begun on, and on a damaged journal. */
export const recordedAccount = async (workspace: Workspace, account: string): Promise<RecordedAccount> => {
  const unknown = async (): Promise<Error> => {
    const known = (await namedSessions(workspace, {})).map(each => each.account);
    return usageError(
      'unknown-account',
      `No session was begun on an account "${account}" in this workspace${known.length === 0 ? '' : `; there are ${known.join(', ')}`}.`,
      'Begin one: quantai paper sma-cross --symbols BTC/USDT:USDT --account paper',
    );
  };
  if (!isLiveAccount(workspace, account)) throw await unknown();
  const folder = join(workspace.root, 'live', account);
  const record = await readSession(folder);
  const started = record.facts.findLast(fact => fact.type === 'SessionStarted');
  const manifest = started?.type === 'SessionStarted' ? record.manifests.get(started.manifest) : undefined;
  if (manifest === undefined) throw await unknown();
  const states = readStates((await textOf(statesFile(folder))) ?? '');
  return { ...record, account, manifest, hedge: manifest.config.margin?.positions === 'hedge', states };
};
