import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { didYouMean, UserError, usageError } from '../errors.js';
import { askSecret } from '../live/secrets/ask-secret.js';
import { findPassphrase } from '../live/secrets/passphrase.js';
import type { Secret } from '../live/secrets/secret.js';
import { decideOn, following, type AuditStore } from '../promotion/audit/audit-log.js';
import type { AuditWord } from '../promotion/audit/audit-record.js';
import { isPublicKey, verifySigned } from '../promotion/people/key-pair.js';
import { people, type Person } from '../promotion/people/people.js';
import { makePersonKey, requireUserName, signAs } from '../promotion/people/person-key.js';
import { ROLES, type Role } from '../promotion/people/role.js';
import { formatDate } from '../time.js';
import { actorAmong, actorName, type Actor } from './actor.js';
import type { GlobalOptions } from './global-options.js';
import { table } from './table.js';
import { present, say } from './terminal.js';
import type { UserKey, UserNamed, UserRoles } from './users.js';
import { peopleFolder } from './audit-options.js';
import { isAuditUnimported } from './registry/unimported-audit.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt } from './workspace.js';

/** Where passphrases come from, and what it costs to try one; replaced in tests. */
export interface PassphraseInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks without an echo; null when nobody can be asked. */
  readonly ask: ((prompt: string) => Promise<Secret>) | null;
  readonly n?: number;
}

const standardInput = (): PassphraseInput => ({ env: process.env, ask: process.stdin.isTTY ? askSecret : null });

/** Roles from a command line, in the order in which roles stand. Throws a usage error for a word that is none. */
const rolesOf = (text: string): readonly Role[] => {
  const words = text.split(',').map(word => word.trim());
  const unknown = words.find(word => !ROLES.some(role => role === word));
  if (unknown !== undefined)
    throw usageError('unknown-role', `There is no role "${unknown}".${didYouMean(unknown, ROLES)}`, `Roles are ${ROLES.join(', ')}.`);
  return ROLES.filter(role => words.includes(role));
};

interface Desk {
  readonly log: AuditStore;
  readonly known: ReadonlyMap<string, Person>;
  readonly actor: Actor;
  readonly folder: string;
}

const deskOf = async (args: GlobalOptions): Promise<Desk> => {
  const workspace = workspaceAt(args.workspace);
  const log = await workspaceAudit(workspace);
  const known = people(await log.read());
  return { log, known, actor: actorAmong(actorName(args), known), folder: peopleFolder(workspace) };
};

/** Refuses somebody who is no approver, on record. */
const requireApprover = async ({ actor, log }: Desk, verb: string): Promise<void> => {
  if (!actor.isConfigured || actor.roles.includes('approver')) return;
  const text = `${verb} is for approvers; ${actor.name} is ${actor.roles.join(' and ')}.`;
  await log.append(actor.name, [{ type: 'CommandDenied', verb, code: 'not-permitted', text }]);
  throw new UserError('not-permitted', text, 4, 'Ask an approver: quantai users list.');
};

const personOf = ({ known }: Desk, name: string): Person => {
  const person = known.get(name);
  if (person === undefined)
    throw usageError(
      'unknown-user',
      `There is no user "${name}".${didYouMean(name, known.keys())}`,
      'See who there is: quantai users list',
    );
  return person;
};

/** Throws when a change would leave nobody who could add a user or approve. */
const requireApproverLeft = (left: Iterable<readonly Role[]>): void => {
  if (![...left].some(roles => roles.includes('approver')))
    throw usageError(
      'no-approver',
      'There would be no approver, and nobody could add users or approve any more.',
      'Make somebody an approver first.',
    );
};

const twice = async (ask: (prompt: string) => Promise<Secret>, name: string): Promise<Secret> => {
  const first = await ask(`New passphrase of ${name}: `);
  if ((await ask(`New passphrase of ${name}, again: `)).reveal() !== first.reveal())
    throw usageError('passphrases-differ', 'The two passphrases are not the same.', 'Nothing was changed: try again.');
  return first;
};

/** Where the passphrase of a new key is, once another one proves who asks for it. */
const NEW_FILE = 'QUANTAI_NEW_PASSPHRASE_FILE';

/**
 * Who changes people, or a key, proves to be who they say, with the key that the log knows them by: a name alone would make everybody an approver, and anybody's key one's own. Nothing is asked while there are no users.
 */
const prove = async ({ actor: { name }, known, folder }: Desk, { env, ask }: PassphraseInput): Promise<void> => {
  const person = known.get(name);
  if (person === undefined) return;
  const passphrase = () => findPassphrase(env, ask === null ? null : () => ask(`Passphrase of ${name}: `));
  const text = `quantai-users ${randomUUID()}`;
  if (verifySigned(person.publicKey, text, await signAs({ folder, user: name, passphrase }, text))) return;
  throw new UserError(
    'forged-signature',
    `The key that is kept here is not the one that ${name} is known by.`,
    4,
    'Put a copy of it back.',
  );
};

/** The public key that was given, or that of a new key under a passphrase. */
const keyOf = async (args: UserKey, { folder, known }: Desk, { env, ask, n }: PassphraseInput): Promise<string> => {
  const publicKey = args['public-key'];
  if (publicKey !== undefined) {
    const owner = [...known.values()].find(each => each.publicKey === publicKey);
    if (owner !== undefined)
      throw usageError('key-in-use', `That is the key of ${owner.name}: two names with one key are one person.`, 'Make another key.');
    if (isPublicKey(publicKey)) return publicKey;
    throw usageError(
      'bad-public-key',
      'That is no Ed25519 public key.',
      'Write base64 of its SPKI form, as openssl pkey -pubout -outform DER | base64 gives it.',
    );
  }
  const isFirst = known.size === 0;
  const passphrase = () => findPassphrase(env, ask === null ? null : () => twice(ask, args.name), isFirst ? undefined : NEW_FILE);
  return makePersonKey({ folder, user: args.name, passphrase, ...(n !== undefined && { n }) });
};

const sayWhatLacks = (known: ReadonlyMap<string, Person>): void => {
  if (![...known.values()].some(({ roles }) => roles.includes('operator')))
    say('Nobody is an operator yet: nobody may run live sessions, resume after a halt or loosen limits.');
};

/** Appends a change of users, of those that it was decided on: somebody who is added twice would make a log that lets nobody begin a session any more. */
const record = async ({ log, actor, known }: Desk, word: AuditWord): Promise<void> => {
  await decideOn(log, async records => {
    if (!isDeepStrictEqual(people(records), known))
      throw new UserError(
        'users-changed',
        'Somebody else changed the users meanwhile: nothing was recorded.',
        4,
        'See who there is now: quantai users list',
      );
    await log.append(actor.name, [word], following(records));
  });
  sayWhatLacks(people(await log.read()));
};

/** Who there is. */
export const listUsers = async (args: GlobalOptions): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const { records } = await (await workspaceAudit(workspace)).readLast();
  const known = [...people(records).values()];
  const advice = (await isAuditUnimported(workspace))
    ? 'The registry has no users yet.\nBring those of this workspace first: quantai registry import'
    : 'There are no users: one person has all roles.\nAdd the first: quantai users add alice --role operator,approver';
  present(args, { users: known }, ({ users }) =>
    users.length === 0
      ? advice
      : table(
          [{ title: 'User' }, { title: 'Roles' }, { title: 'Since' }, { title: 'Public key' }],
          users.map(({ name, roles, since, publicKey }) => [name, roles.join(', '), formatDate(since), publicKey.slice(-12)]),
        ),
  );
};

/** Adds a user. The first one is made by anyone, and must be an approver, or nobody could add a second. */
export const addUser = async (args: UserRoles & UserKey, input: PassphraseInput = standardInput()): Promise<void> => {
  requireUserName(args.name);
  const roles = rolesOf(args.role);
  const desk = await deskOf(args);
  await requireApprover(desk, 'users add');
  if (desk.known.has(args.name))
    throw usageError('user-exists', `There is a user "${args.name}" already.`, `Change the roles: quantai users role ${args.name}`);
  requireApproverLeft([...desk.known.values(), { roles }].map(each => each.roles));
  await prove(desk, input);
  const publicKey = await keyOf(args, desk, input);
  await record(desk, { type: 'UserAdded', user: args.name, roles, publicKey });
  present(args, { added: args.name, roles, publicKey }, () => `${args.name} is ${roles.join(' and ')}. Public key: ${publicKey}`);
};

/** Gives a user other roles. */
export const changeRoles = async (args: UserRoles, input: PassphraseInput = standardInput()): Promise<void> => {
  const roles = rolesOf(args.role);
  const desk = await deskOf(args);
  await requireApprover(desk, 'users role');
  const { name } = personOf(desk, args.name);
  requireApproverLeft([...[...desk.known.values()].filter(each => each.name !== name), { roles }].map(each => each.roles));
  await prove(desk, input);
  await record(desk, { type: 'UserRolesChanged', user: name, roles });
  present(args, { user: name, roles }, () => `${name} is ${roles.join(' and ')} from now on.`);
};

/** Gives a user a new key: everybody their own, an approver anybody's. */
export const changeKey = async (args: UserKey, input: PassphraseInput = standardInput()): Promise<void> => {
  const desk = await deskOf(args);
  const { name } = personOf(desk, args.name);
  if (desk.actor.name !== name) await requireApprover(desk, 'users key');
  await prove(desk, input);
  const publicKey = await keyOf(args, desk, input);
  await record(desk, { type: 'UserKeyChanged', user: name, publicKey });
  present(args, { user: name, publicKey }, () => `${name} signs with a new key from now on. Public key: ${publicKey}`);
};

/** Takes a user away, and the key that is kept here. */
export const removeUser = async (args: UserNamed, input: PassphraseInput = standardInput()): Promise<void> => {
  const desk = await deskOf(args);
  await requireApprover(desk, 'users remove');
  const { name } = personOf(desk, args.name);
  requireApproverLeft([...desk.known.values()].filter(each => each.name !== name).map(each => each.roles));
  await prove(desk, input);
  await record(desk, { type: 'UserRemoved', user: name });
  await rm(join(desk.folder, `${name}.json`), { force: true });
  present(args, { removed: name }, () => `${name} is no user any more. What ${name} did stays on record.`);
};
