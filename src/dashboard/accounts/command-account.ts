import { usageError, UserError } from '../../errors.js';
import type { NamedSession } from '../../live/session/named-sessions.js';
import { tellSession } from '../../live/session/tell-session.js';
import type { AuditWord } from '../../promotion/audit/audit-record.js';
import { permissionsOf } from '../../promotion/people/permissions.js';
import type { COMMANDS } from '../api/accounts-api.js';
import type { Caller } from '../api/endpoint.js';

type Command = (typeof COMMANDS)[number];

/** Words of the audit log that somebody said. Rejects where the log takes none. */
export type AuditAppend = (actor: string, words: readonly AuditWord[]) => Promise<unknown>;

export interface AccountCommand {
  readonly command: Command;
  readonly reason: string;
  readonly flatten: boolean;
}

/** The options of `quantai halt` that a command stands for. */
const optionOf = (command: Command): Readonly<Record<string, true>> =>
  command === 'resume' || command === 'stop' ? { [command]: true } : {};

/** Throws where none of the caller's roles may give the command: by the same rows as the command line. */
export const mayCommand = ({ name, roles }: Pick<Caller, 'name' | 'roles'>, command: Command): void => {
  const missing = (permissionsOf(['halt'], optionOf(command)) ?? []).find(each => !each.roles.some(role => roles.includes(role)));
  if (missing === undefined) return;
  throw new UserError(
    'not-permitted',
    `${command} needs the role ${missing.roles.join(' or ')}; ${name} is ${roles.length === 0 ? 'nothing' : roles.join(' and ')}.`,
    4,
    'Somebody with that role can do it, or an approver gives it to you: quantai users role.',
  );
};

const wordsOf = (account: string, { command, reason, flatten }: AccountCommand): readonly string[] => [
  'halt',
  '--account',
  account,
  ...(command === 'halt' ? [] : [`--${command}`]),
  ...(flatten ? ['--flatten'] : []),
  ...(reason === '' ? [] : ['--reason', reason]),
];

/**
 * Tells a session what `quantai halt` would: the session first, its watchdog second. What stops trading goes first and is recorded meanwhile, whatever the audit log does; taking trading up again is recorded before it is done.
 * Throws a usage error for a resume without a reason.
 */
export const commandAccount = async (
  { account, venue, practice }: NamedSession,
  asked: AccountCommand,
  by: string,
  audit: AuditAppend,
): Promise<{ readonly done: boolean; readonly through: 'session' | 'watchdog'; readonly error: string | null }> => {
  const { command } = asked;
  const reason = asked.reason.trim();
  if (command === 'resume' && reason === '')
    throw usageError('no-reason', 'Trading again after a halt needs a reason.', 'Say what was looked at and found.');
  const given: AuditWord = { type: 'CommandGiven', verb: 'halt', words: wordsOf(account, { ...asked, reason }) };
  const request = { ask: 'command', command, by, reason: reason || command, flatten: asked.flatten } as const;
  if (command === 'resume') await audit(by, [given]);
  const telling = tellSession(account, venue, request);
  if (command !== 'resume') void audit(by, [given]).catch(() => undefined);
  const { done, through, error } = await telling;
  // What the session does it records itself.
  if (done && through === 'watchdog') {
    const text = `the watchdog took the orders back, for the session did not answer${reason === '' ? '' : `: ${reason}`}`;
    void audit(by, [{ type: 'RiskChanged', state: 'HALTED', code: 'watchdog', text, by, account, venue, practice }]).catch(() => undefined);
  }
  return { done, through, error };
};
