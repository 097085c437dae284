import type { Argv, CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What is said about one user. */
export interface UserNamed extends GlobalOptions {
  readonly name: string;
}

/** What `quantai users add` and `quantai users role` are given. */
export interface UserRoles extends UserNamed {
  readonly role: string;
}

/** What `quantai users add` and `quantai users key` are given. */
export interface UserKey extends UserNamed {
  readonly 'public-key'?: string | undefined;
}

const named = <T extends GlobalOptions>(cli: Argv<T>): Argv<T & UserNamed> =>
  cli.positional('name', { type: 'string', demandOption: true, describe: 'Name of the user, e.g. alice' });

const withRoles = <T extends UserNamed>(cli: Argv<T>): Argv<T & UserRoles> =>
  cli.option('role', {
    type: 'string',
    demandOption: true,
    describe: 'viewer, researcher, operator, approver; several with commas between',
  });

const withKey = <T extends UserNamed>(cli: Argv<T>): Argv<T & UserKey> =>
  cli.option('public-key', {
    type: 'string',
    describe: 'Ed25519 key that the user has made elsewhere: base64 of its SPKI form',
    defaultDescription: 'a new key, sealed here under a passphrase',
  });

const list: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'list',
  describe: 'Users of the workspace with their roles and keys',
  builder: cli => cli.example('$0 users list', 'who may do what').example('$0 users list --json', 'for a script'),
  handler: async args => (await import('./run-users.js')).listUsers(args),
};

const add: CommandModule<GlobalOptions, UserRoles & UserKey> = {
  command: 'add <name>',
  describe: 'Add a user with roles and a key; the first one is an approver',
  builder: cli =>
    withKey(withRoles(named(cli)))
      .example('$0 users add alice --role operator,approver', 'the first user: asks for the passphrase of her key')
      .example('$0 users add bob --role approver --as alice', 'from then on an approver adds users'),
  handler: async args => (await import('./run-users.js')).addUser(args),
};

const role: CommandModule<GlobalOptions, UserRoles> = {
  command: 'role <name>',
  describe: 'Give a user other roles instead of those that there are',
  builder: cli =>
    withRoles(named(cli))
      .example('$0 users role carol --role viewer --as alice', 'carol only looks from now on')
      .example('$0 users role bob --role operator,approver --as alice', 'bob trades and approves'),
  handler: async args => (await import('./run-users.js')).changeRoles(args),
};

const key: CommandModule<GlobalOptions, UserKey> = {
  command: 'key <name>',
  describe: 'Give a user a new key; what was signed with the old one stays signed',
  builder: cli =>
    withKey(named(cli))
      .example('$0 users key bob --as bob', 'bob’s own, under another passphrase')
      .example('$0 users key bob --as alice', 'an approver gives bob a new one'),
  handler: async args => (await import('./run-users.js')).changeKey(args),
};

const remove: CommandModule<GlobalOptions, UserNamed> = {
  command: 'remove <name>',
  describe: 'Take a user away; what they did stays on record',
  builder: cli =>
    named(cli).example('$0 users remove carol --as alice', 'carol may do nothing any more').example('$0 users list', 'and is not listed'),
  handler: async args => (await import('./run-users.js')).removeUser(args),
};

/** `quantai users …` */
export const users: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'users',
  describe: 'Who works with this workspace, in which roles, and with which keys they approve',
  builder: cli =>
    cli
      .command(list)
      .command(add)
      .command(role)
      .command(key)
      .command(remove)
      .example('$0 users', 'who there is')
      .example('$0 users add alice --role operator,approver', 'the first one')
      .epilogue(
        'While there are no users, one person has all roles; after that, who changes users proves it with the own key. A passphrase is asked for, or read from the file that QUANTAI_PASSPHRASE_FILE names, that of another’s or a new key from QUANTAI_NEW_PASSPHRASE_FILE.',
      ),
  handler: async args => (await import('./run-users.js')).listUsers(args),
};
