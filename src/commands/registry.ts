import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import type { ImportArguments } from './registry/import-registry.js';

const migrateVerb: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'migrate',
  describe: 'Make the registry’s tables in a database, or bring them to this version',
  builder: cli =>
    cli
      .example('$0 registry migrate --registry postgres://quant@db/quantai', 'once, and after each update')
      .example('$0 registry migrate --json', 'which steps were taken, for a script'),
  handler: async args => (await import('./registry/migrate-registry.js')).migrateRegistry(args),
};

const statusVerb: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'status',
  describe: 'Which registry it is, its version, and how much it holds',
  builder: cli => cli.example('$0 registry status', 'is it there, and is it ours?').example('$0 registry status --json', 'for a script'),
  handler: async args => (await import('./registry/registry-status.js')).registryStatus(args),
};

const importVerb: CommandModule<GlobalOptions, ImportArguments> = {
  command: 'import',
  describe: 'Bring this workspace’s trials, runs, audit log and passwords into its team’s registry; repeated, what is new',
  builder: cli =>
    cli
      .option('beside', {
        type: 'boolean',
        describe: 'Where the team has a log already: keep this one beside it, though its users and promotions will count in no team',
      })
      .example('$0 registry import', 'the first command to give when a workspace joins a team')
      .example('$0 registry import --beside', 'when its users are to be added anew')
      .example('$0 registry import --json', 'what was brought and what was found again, for a script'),
  handler: async args => (await import('./registry/import-registry.js')).importRegistry(args),
};

/** `quantai registry …` */
export const registry: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'registry',
  describe: 'What a team shares: trials, runs, promotions, users and the audit log, in PostgreSQL',
  builder: cli =>
    cli
      .command(migrateVerb)
      .command(statusVerb)
      .command(importVerb)
      .demandCommand(1, 'Say what to do with the registry: a verb is missing.')
      .example('$0 registry status', 'is it there, and is it ours?')
      .example('$0 registry import', 'when a workspace joins a team'),
  handler: () => undefined,
};
