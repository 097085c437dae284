import { userInfo } from 'node:os';
import { didYouMean, usageError } from '../errors.js';
import { people, type Person } from '../promotion/people/people.js';
import { ROLES, type Role } from '../promotion/people/role.js';
import type { GlobalOptions } from './global-options.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt } from './workspace.js';

/** Who gives a command. */
export interface Actor {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Whether the workspace has users; where it has none, one person has all roles. */
  readonly isConfigured: boolean;
}

type Asked = Pick<GlobalOptions, 'workspace' | 'as'>;

/** Name of who gives a command: `--as`, else `QUANTAI_USER`, else the user of the operating system. Not looked up anywhere, so that nothing can keep a halt from it. */
export const actorName = ({ as }: Pick<GlobalOptions, 'as'>): string => {
  const named = as ?? process.env['QUANTAI_USER'];
  return named === undefined || named === '' ? userInfo().username : named;
};

/** Who gives a command, among the users of a workspace. Throws `unknown-user` for a name that is none of them. */
export const actorAmong = (name: string, users: ReadonlyMap<string, Person>): Actor => {
  if (users.size === 0) return { name, roles: ROLES, isConfigured: false };
  const person = users.get(name);
  if (person === undefined)
    throw usageError(
      'unknown-user',
      `There is no user "${name}" in this workspace.${didYouMean(name, users.keys())}`,
      'Say who you are with --as NAME or QUANTAI_USER; an approver adds users: quantai users add NAME --role researcher.',
    );
  return { name, roles: person.roles, isConfigured: true };
};

/** Who gives a command, with the roles that the audit log gives them. Throws `unknown-user`, and what the log throws when it is not what was written. */
export const actorOf = async (args: Asked): Promise<Actor> =>
  actorAmong(actorName(args), people(await (await workspaceAudit(workspaceAt(args.workspace))).read()));
