import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../errors.js';
import { equityFile, type EquityPoint } from '../../live/record/equity-file.js';
import { sessionNamed, sessionsIn, type NamedSession } from '../../live/session/named-sessions.js';
import { isPlaceHeld } from '../../live/session/socket-lock.js';
import type { AccountView } from '../api/accounts-api.js';
import { accountFollower, type AccountFollower } from './account-follower.js';
import { accountView } from './account-view.js';
import { equityPoints } from './equity-points.js';

/** The accounts of a workspace, each followed once for all who look. */
export interface AccountDesk {
  /** Every session that was begun, by account. */
  sessions(): Promise<readonly NamedSession[]>;
  /** The session of an account. Throws `unknown-account`. */
  named(account: string): Promise<NamedSession>;
  /** Its follower, up to date. Throws `unknown-account`. */
  follower(account: string): Promise<AccountFollower>;
  /** The account now; what its session says is not older than `maxAgeMs`. */
  view(account: string, maxAgeMs: number): Promise<AccountView>;
  equity(account: string): Promise<readonly EquityPoint[]>;
  /** Whether a process of this host trades it. */
  isRunning(named: NamedSession): Promise<boolean>;
}

/** Accounts that are followed at once; the one that nobody has asked about for longest is let go. */
const MOST = 32;

/** The desk of a workspace. */
export const accountDesk = (root: string): AccountDesk => {
  const followers = new Map<string, AccountFollower>();
  const equities = new Map<string, { readonly key: string; readonly points: readonly EquityPoint[] }>();
  const named = async (account: string): Promise<NamedSession> => {
    const found = /^\w[\w.@-]*$/.test(account) ? await sessionNamed(root, account) : null;
    if (found === null)
      throw usageError(
        'unknown-account',
        `No session was begun on account "${account}" in this workspace.`,
        'Look at the list of accounts.',
      );
    return found;
  };
  const follower = async (account: string): Promise<AccountFollower> => {
    await named(account);
    const found = followers.get(account) ?? accountFollower(root, account, () => sessionNamed(root, account));
    followers.delete(account);
    followers.set(account, found);
    if (followers.size > MOST) followers.delete([...followers.keys()][0]!);
    await found.refresh();
    return found;
  };
  const equity = async (account: string): Promise<readonly EquityPoint[]> => {
    const folder = join(root, 'live', account);
    const key = await stat(equityFile(folder)).then(
      ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
      () => '',
    );
    const known = equities.get(account);
    if (known?.key === key) return known.points;
    const points = await equityPoints(folder);
    equities.set(account, { key, points });
    return points;
  };
  return {
    sessions: () => sessionsIn(root),
    named,
    follower,
    equity,
    view: async (account, maxAgeMs) => {
      const session = await named(account);
      const followed = await follower(account);
      const detail = await followed.detail(maxAgeMs);
      // The session may have told the journal something while it was asked.
      await followed.refresh();
      const last = detail === null ? ((await equity(account)).at(-1) ?? null) : null;
      return accountView(followed, session, detail, last);
    },
    isRunning: ({ venue, account }) => isPlaceHeld(venue, account),
  };
};
