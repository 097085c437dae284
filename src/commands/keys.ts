import type { Argv, CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Named extends GlobalOptions {
  readonly name: string;
}
interface Added extends Named {
  readonly venue: string;
}

const named = (cli: Argv<GlobalOptions>): Argv<Named> =>
  cli.positional('name', { type: 'string', demandOption: true, describe: 'Name of the keys, e.g. main' });

const add: CommandModule<GlobalOptions, Added> = {
  command: 'add <name>',
  describe: 'Keep the keys of an account, sealed: they are asked for, or read line by line from a pipe',
  builder: cli =>
    named(cli)
      .option('venue', { type: 'string', demandOption: true, describe: 'Venue as ccxt names it, e.g. binanceusdm' })
      .example('$0 keys add main --venue binanceusdm', 'asks for key, secret and passphrase, and shows none of them')
      .example('$0 keys add desk --venue bybit < keys.txt', 'from a pipe: key and secret, a line each'),
  handler: async args => (await import('./run-keys.js')).addKeys(args),
};

const list: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'list',
  describe: 'Names of the keys that are kept',
  builder: cli => cli.example('$0 keys list', 'names and venues').example('$0 keys list --json', 'the same, for a script'),
  handler: async args => (await import('./run-keys.js')).listKeys(args),
};

const remove: CommandModule<GlobalOptions, Named> = {
  command: 'remove <name>',
  describe: 'Forget the keys of a name',
  builder: cli =>
    named(cli)
      .example('$0 keys remove main', 'sessions of main do not start any more')
      .example('$0 keys remove main --as alice', 'under the name of a user'),
  handler: async args => (await import('./run-keys.js')).removeKeys(args),
};

const rekey: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'rekey',
  describe: 'Seal all keys anew under another passphrase',
  builder: cli =>
    cli
      .example('$0 keys rekey', 'asks for the old passphrase and the new one')
      .example('$0 keys rekey --as alice', 'under the name of a user'),
  handler: async args => (await import('./run-keys.js')).rekeyKeys(args),
};

/** `quantai keys …` */
export const keys: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'keys',
  describe: 'API keys of venues, in a file that only a passphrase opens',
  builder: cli =>
    cli
      .command(add)
      .command(list)
      .command(remove)
      .command(rekey)
      .demandCommand(1, 'Say what to do with keys: a verb is missing.')
      .example('$0 keys add main --venue binanceusdm', 'keep keys')
      .example('$0 keys list', 'which there are'),
  handler: () => undefined,
};
