import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from './workspace.js';

/** A session that was begun in this workspace, whether it runs or not. */
export interface NamedSession {
  readonly account: string;
  readonly venue: string;
  readonly mode: 'paper' | 'live';
  readonly practice: boolean;
  /** On the venue's testnet or demo. */
  readonly sandbox?: boolean;
  /** True where it trades nothing as promoted: evidence for nothing. */
  readonly rehearsal?: boolean;
  /** Ids of the promotions that it trades. */
  readonly promotions?: readonly string[];
}

const FILE = 'session.json';

/** Where a session says what it is, for those who look for it. */
export const sessionFile = (workspace: Workspace, account: string): string => join(workspace.root, 'live', account, FILE);

/** Every session of the workspace, by account. */
export const namedSessions = async (
  workspace: Workspace,
  wanted: { readonly account?: string | undefined; readonly venue?: string | undefined },
): Promise<readonly NamedSession[]> => {
  let accounts: string[];
  try {
    accounts = (await readdir(join(workspace.root, 'live'))).sort();
  } catch {
    return [];
  }
  const found: NamedSession[] = [];
  for (const account of accounts)
    try {
      const session = JSON.parse(await readFile(sessionFile(workspace, account), 'utf8')) as NamedSession;
      if (
        (wanted.account === undefined || session.account === wanted.account) &&
        (wanted.venue === undefined || session.venue === wanted.venue)
      )
        found.push(session);
    } catch {
      // A folder without one is no session's.
    }
  return found;
};
