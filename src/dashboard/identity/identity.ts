import { UserError } from '../../errors.js';
import type { AuditWord } from '../../promotion/audit/audit-record.js';
import { ROLES, type Role } from '../../promotion/people/role.js';
import type { Caller } from '../api/endpoint.js';
import type { Token } from '../api/me-api.js';
import { openApiTokens } from './api-tokens.js';
import { deniedLogins } from './denied-logins.js';
import { knownPeople, type KnownPeopleOptions } from './known-people.js';
import { openLoginLinks } from './login-links.js';
import { LOGIN_SPAN, openLoginSessions, type LoginSession, type LoginSpan } from './login-sessions.js';
import { loginThrottle } from './login-throttle.js';
import { filedHashes, type PasswordHashes } from './password-hashes.js';
import { openPasswords } from './passwords.js';
import { csrfOf } from './secret-text.js';

/** What a request shows of who sends it: the secret of the cookie, or that of a token. */
export type Credential = { readonly cookie: string } | { readonly token: string };

/** A browser that is logged in. */
export interface LoggedIn {
  readonly caller: Caller;
  /** Which login it is; null for a token. */
  readonly session: string | null;
  /** What a write has to bring along; empty for a token, which no browser sends by itself. */
  readonly csrf: string;
  /** When it ends if nothing more is asked, */
  readonly expiresAt: number;
  /** and when it ends in any case. */
  readonly longestUntil: number;
}

/** Who may come in, and as whom. */
export interface Identity {
  /** Whose credential it is, with the roles of this moment: never more than it was given, nor than the audit log gives the person now. Null when it has ended. `isUse` false looks without keeping a login awake. */
  readonly recognise: (credential: Credential, isUse?: boolean) => Promise<LoggedIn | null>;
  /** Throws `wrong-login` and `too-many-attempts`. */
  readonly login: (name: string, password: string, address: string) => Promise<{ readonly secret: string; readonly who: LoggedIn }>;
  /** By a link that was printed. Throws `wrong-link`. */
  readonly redeem: (link: string, address: string) => Promise<{ readonly secret: string; readonly who: LoggedIn }>;
  readonly logout: (who: LoggedIn) => Promise<void>;
  /** Sets a password and ends the person's other logins. Throws `wrong-password` when there is another one than `current`. */
  readonly setPassword: (who: LoggedIn, current: string | undefined, password: string, address: string) => Promise<void>;
  readonly hasPassword: (name: string) => Promise<boolean>;
  /** Whether anybody has a password: without one no server may listen to the network. */
  readonly hasAnyPassword: () => Promise<boolean>;
  readonly isConfigured: () => Promise<boolean>;
  /** Secret of a link that logs a person in once, for a quarter of an hour. Throws `unknown-user`. */
  readonly makeLink: (name: string) => Promise<string>;
  /** Own tokens; everybody's for an approver. */
  readonly tokens: (caller: Caller) => Promise<readonly Token[]>;
  /** Throws `not-permitted` for a role that the caller does not have. */
  readonly createToken: (
    caller: Caller,
    given: { readonly label: string; readonly roles: readonly Role[]; readonly days: number },
  ) => Promise<{ readonly token: Token; readonly secret: string }>;
  /** Throws `unknown-token` for one that is not there, or is another's. */
  readonly revokeToken: (caller: Caller, id: string) => Promise<void>;
  /** Writes down what is only in memory. */
  readonly close: () => Promise<void>;
}

export interface IdentityOptions extends KnownPeopleOptions {
  /** Whether somebody whom `people` does not know is none of us for certain, and not only by what was last seen of a team's log. Always, when left out. */
  readonly isGone?: (name: string) => Promise<boolean>;
  /** `dashboard` of the workspace. */
  readonly folder: string;
  /** What is kept of passwords; in the folder when left out. */
  readonly hashes?: PasswordHashes;
  readonly now: () => number;
  readonly span?: LoginSpan;
  /** Puts words into the audit log. What it throws is a warning: nobody is kept from a halt by a log that is broken. */
  readonly record: (actor: string, words: readonly AuditWord[]) => Promise<void>;
}

/** The least that may halt, close positions and take orders back; resuming and stopping a session need more. */
const HALTING_ONLY: readonly Role[] = ['researcher'];

const notPermitted = (message: string, fix: string): UserError => new UserError('not-permitted', message, 4, fix);

/** Logins, passwords, links and tokens of a workspace's people. */
export const createIdentity = (options: IdentityOptions): Identity => {
  const { folder, now, owner, span = LOGIN_SPAN, warn, isGone = () => Promise.resolve(true) } = options;
  const people = knownPeople(options);
  const passwords = openPasswords(options.hashes ?? filedHashes(folder));
  const sessions = openLoginSessions(folder, span, now);
  const links = openLoginLinks(folder, now);
  const tokens = openApiTokens(folder, now);
  const throttle = loginThrottle(now);
  const record = (actor: string, ...words: AuditWord[]): void => {
    void options.record(actor, words).catch((error: unknown) => {
      warn(
        `This is not in the audit log: ${words.map(({ type }) => type).join(', ')}. ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  };
  const given = (actor: string, verb: string, ...words: string[]): void =>
    record(actor, { type: 'CommandGiven', verb, words: [...verb.split(' '), ...words] });
  const denied = deniedLogins(now, word => record('dashboard:login', word));

  /** Roles that hold now, of those that were given; null for somebody who is not, or no longer, one of us. */
  const rolesOf = async (name: string, most: readonly Role[], whileUnknown = most): Promise<readonly Role[] | null> => {
    const standing = await people.standingOf(name);
    // A wrong password mends itself in no time: an old login would keep for good what its owner has lost. Nobody is kept from a halt by it.
    if (standing.is === 'unknown')
      return standing.isLockedOut && whileUnknown.some(role => role !== 'viewer') ? HALTING_ONLY : whileUnknown;
    if (standing.is === 'person') return most.filter(role => standing.roles.includes(role));
    // Whoever gets the name later is somebody else.
    if (await people.isConfigured())
      await Promise.all([
        sessions.endAll(name, null),
        tokens.revokeAll(name),
        // What is forgotten in a team's registry is gone for all: only where they are certainly gone.
        isGone(name).then(gone => (gone ? passwords.forget(name) : undefined)),
      ]);
    return null;
  };
  const loggedIn = (secret: string, session: LoginSession, roles: readonly Role[]): LoggedIn => ({
    caller: { name: session.name, roles, by: 'session' },
    session: session.id,
    csrf: csrfOf(secret),
    expiresAt: sessions.expiresAt(session),
    longestUntil: session.begunAt + span.absoluteMs,
  });
  const begin = async (name: string, roles: readonly Role[], how: string) => {
    const { secret, session } = await sessions.begin(name, roles);
    given(name, 'dashboard login', how);
    return { secret, who: loggedIn(secret, session, roles) };
  };
  /** Roles to begin with. A log that could not be read since the start makes nobody more than they are: whoever comes in then may halt, and nothing more. */
  const rolesAtStart = (name: string) => rolesOf(name, ROLES, HALTING_ONLY);

  return {
    recognise: async (credential, isUse = true) => {
      if ('token' in credential) {
        const token = await tokens.find(credential.token, isUse);
        const roles = token === null ? null : await rolesOf(token.owner, token.roles);
        return token === null || roles === null
          ? null
          : {
              caller: { name: token.owner, roles, by: 'token' },
              session: null,
              csrf: '',
              expiresAt: token.expiresAt,
              longestUntil: token.expiresAt,
            };
      }
      const session = await sessions.find(credential.cookie, isUse);
      const roles = session === null ? null : await rolesOf(session.name, session.roles);
      return session === null || roles === null ? null : loggedIn(credential.cookie, session, roles);
    },
    login: async (name, password, address) => {
      try {
        throttle.attempt(name, address);
        const isRight = await passwords.isRight(name, password);
        const roles = isRight ? await rolesAtStart(name) : null;
        if (roles === null)
          throw new UserError(
            'wrong-login',
            'Name or password is wrong.',
            4,
            'Without a password, log in with the link that `quantai dashboard` prints.',
          );
        throttle.succeeded(name, address);
        return await begin(name, roles, 'password');
      } catch (error) {
        if (error instanceof UserError) denied((await passwords.has(name)) ? name : null, error.code);
        throw error;
      }
    },
    redeem: async (link, address) => {
      const name = await links.redeem(link);
      const roles = name === null ? null : await rolesAtStart(name);
      if (name === null || roles === null) {
        denied(null, 'wrong-link');
        throw new UserError(
          'wrong-link',
          'This link does not work: it was used, or is older than 15 minutes.',
          4,
          'Start `quantai dashboard` again for a new one.',
        );
      }
      throttle.succeeded(name, address);
      return begin(name, roles, 'link');
    },
    logout: async ({ caller, session }) => {
      if (session === null) return;
      await sessions.end(session);
      given(caller.name, 'dashboard logout');
    },
    setPassword: async ({ caller, session }, current, password, address) => {
      const { name } = caller;
      if (session === null) throw notPermitted('A token sets no password.', 'Log in with a browser.');
      if (await passwords.has(name)) {
        throttle.attempt(name, address);
        if (!(await passwords.isRight(name, current ?? ''))) {
          denied(name, 'wrong-password');
          throw notPermitted(
            'The current password is wrong.',
            'Log in with the link that `quantai dashboard` prints if it is lost, and remove dashboard/passwords.json.',
          );
        }
        throttle.succeeded(name, address);
      }
      await passwords.set(name, password, now());
      await sessions.endAll(name, session);
      given(name, 'dashboard password');
    },
    hasPassword: passwords.has,
    hasAnyPassword: passwords.hasAny,
    isConfigured: people.isConfigured,
    makeLink: async name => {
      if ((await rolesAtStart(name)) === null)
        throw new UserError(
          'unknown-user',
          `There is no user "${name}" in this workspace.`,
          2,
          `Say who you are with --as NAME or QUANTAI_USER${(await people.isConfigured()) ? '' : `; without users it is ${owner}`}.`,
        );
      return links.make(name);
    },
    tokens: async ({ name, roles }) => (await tokens.list()).filter(token => token.owner === name || roles.includes('approver')),
    createToken: async ({ name, roles, by }, { label, roles: wanted, days }) => {
      if (by !== 'session') throw notPermitted('A token makes no tokens.', 'Log in with a browser.');
      const missing = wanted.find(role => !roles.includes(role));
      if (missing !== undefined)
        throw notPermitted(`${name} is no ${missing} and can give no token that role.`, 'Choose among your own roles.');
      const made = await tokens.create({ owner: name, label, roles: [...new Set(wanted)], days });
      given(name, 'dashboard token create', made.token.id, label, made.token.roles.join(','), `${days}d`);
      return made;
    },
    revokeToken: async ({ name, roles, by }, id) => {
      if (by !== 'session') throw notPermitted('A token revokes no tokens.', 'Log in with a browser.');
      const token = (await tokens.list()).find(each => each.id === id && (each.owner === name || roles.includes('approver')));
      if (token === undefined)
        throw new UserError('unknown-token', 'There is no such token of yours.', 2, 'Look at the list; it may have ended.');
      await tokens.revoke(id);
      given(name, 'dashboard token revoke', id, token.owner);
    },
    close: sessions.flush,
  };
};
