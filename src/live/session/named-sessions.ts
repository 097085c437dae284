import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A session that was begun in a workspace, whether it runs or not. */
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

/** Where a session of this workspace says what it is, for those who look for it. */
export const sessionFileIn = (root: string, account: string): string => join(root, 'live', account, 'session.json');

/** The session of one account; null where none was begun. */
export const sessionNamed = async (root: string, account: string): Promise<NamedSession | null> => {
  try {
    return JSON.parse(await readFile(sessionFileIn(root, account), 'utf8')) as NamedSession;
  } catch {
    // A folder without one is no session's.
    return null;
  }
};

/** Every session of a workspace, by account. */
export const sessionsIn = async (root: string): Promise<readonly NamedSession[]> => {
  const accounts = await readdir(join(root, 'live')).catch(() => []);
  const found = await Promise.all(accounts.sort().map(account => sessionNamed(root, account)));
  return found.filter(each => each !== null);
};
