import { sessionFileIn, sessionsIn, type NamedSession } from '../live/session/named-sessions.js';
import type { Workspace } from './workspace.js';

export type { NamedSession } from '../live/session/named-sessions.js';

/** Where a session says what it is, for those who look for it. */
export const sessionFile = (workspace: Workspace, account: string): string => sessionFileIn(workspace.root, account);

/** Sessions of the workspace that are meant, by account. */
export const namedSessions = async (
  workspace: Workspace,
  wanted: { readonly account?: string | undefined; readonly venue?: string | undefined },
): Promise<readonly NamedSession[]> =>
  (await sessionsIn(workspace.root)).filter(
    ({ account, venue }) =>
      (wanted.account === undefined || account === wanted.account) && (wanted.venue === undefined || venue === wanted.venue),
  );
