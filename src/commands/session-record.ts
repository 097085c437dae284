import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RunConfig } from '../engine/run-config.js';
import { usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import { verifyLiveJournal } from '../journal/ndjson/verify-live-journal.js';
import { readJournal } from '../journal/ndjson/read-journal.js';
import { nodeDisk } from '../journal/node-disk.js';
import { journalFolder } from '../live/session/recovery.js';
import type { Instrument } from '../market/instrument.js';
import { REHEARSAL_CODE } from './rehearsal-strategy.js';

/** What a session's manifest says, as far as a backtest of the same time needs it. */
export const SessionManifest = z.object({
  mode: z.enum(['paper', 'live']),
  venue: z.string(),
  practice: z.boolean(),
  strategies: z.array(
    z.object({
      name: z.string(),
      tag: z.string(),
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      budget: z.number(),
      builtin: z.string().nullable(),
      bundle: z.string(),
    }),
  ),
  config: RunConfig,
});
export type SessionManifest = z.infer<typeof SessionManifest>;

/** A recorded account: its journal, what its sessions were begun with, and the steps that it is booked in. */
export interface SessionRecord {
  readonly folder: string;
  readonly facts: readonly Fact[];
  /** By SHA-256. */
  readonly manifests: ReadonlyMap<string, SessionManifest>;
  readonly instruments: readonly Instrument[];
}

/** Whether every byte of an account's journal is as it was written. */
export const checkJournal = (folder: string): ReturnType<typeof verifyLiveJournal> => verifyLiveJournal(nodeDisk(), journalFolder(folder));

/** Reads what an account recorded. Throws a usage error for one without sessions. */
export const readSession = async (folder: string): Promise<SessionRecord> => {
  const facts: Fact[] = [];
  for await (const fact of readJournal(nodeDisk(), journalFolder(folder))) facts.push(fact);
  const names = new Set(facts.flatMap(fact => (fact.type === 'SessionStarted' ? [fact.manifest] : [])));
  if (names.size === 0) throw usageError('no-session', 'The journal holds no session.', 'Begin one: quantai paper or quantai live.');
  const manifests = new Map<string, SessionManifest>();
  for (const name of names)
    manifests.set(name, SessionManifest.parse(JSON.parse(await readFile(join(folder, 'manifests', `${name}.json`), 'utf8'))));
  const instruments = JSON.parse(await readFile(join(folder, 'instruments.json'), 'utf8')) as readonly Instrument[];
  return { folder, facts, manifests, instruments };
};

/** Names of what traded the account; an order of `quantai rehearse` was no strategy's decision. */
export const tradedStrategies = ({ manifests }: SessionRecord): readonly string[] => {
  const all = [...manifests.values()].flatMap(({ strategies }) => strategies.filter(({ bundle }) => bundle !== REHEARSAL_CODE));
  return [...new Set(all.map(({ name }) => name))].sort();
};
