import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RunConfig } from '../engine/run-config.js';
import { usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import { readJournal } from '../journal/ndjson/read-journal.js';
import { nodeDisk } from '../journal/node-disk.js';
import { journalFolder } from '../live/session/recovery.js';
import { readStates, statesFile, type RecordedState } from '../live/session/state-record.js';
import type { Instrument } from '../market/instrument.js';
import { isLiveAccount } from './live-account.js';
import { namedSessions } from './session-names.js';
import type { Workspace } from './workspace.js';

const Manifest = z.object({
  mode: z.enum(['paper', 'live']),
  venue: z.string(),
  practice: z.boolean(),
  strategies: z.array(
    z.object({
      name: z.string(),
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      budget: z.number(),
      builtin: z.string().nullable(),
      bundle: z.string(),
    }),
  ),
  config: RunConfig,
});

/** What a session's manifest says of it. */
type SessionManifest = z.infer<typeof Manifest>;

/** A paper or live account with everything that its journal says. */
export interface RecordedAccount {
  readonly account: string;
  readonly folder: string;
  /** All streams, in the order of writing. */
  readonly facts: readonly Fact[];
  readonly instruments: readonly Instrument[];
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
  const facts: Fact[] = [];
  for await (const fact of readJournal(nodeDisk(), journalFolder(folder))) facts.push(fact);
  const started = facts.findLast(fact => fact.type === 'SessionStarted');
  if (started?.type !== 'SessionStarted') throw await unknown();
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, 'manifests', `${started.manifest}.json`), 'utf8')));
  const instruments = JSON.parse(await readFile(join(folder, 'instruments.json'), 'utf8')) as readonly Instrument[];
  const states = readStates((await textOf(statesFile(folder))) ?? '');
  return { account, folder, facts, instruments, manifest, hedge: manifest.config.margin?.positions === 'hedge', states };
};
