import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai settings get` is given. */
export interface GetSettings extends GlobalOptions {
  readonly key?: string | undefined;
}

/** What `quantai settings set` is given. */
export interface SetSetting extends GlobalOptions {
  readonly key: string;
  readonly value: string;
  readonly reason?: string | undefined;
}

const get: CommandModule<GlobalOptions, GetSettings> = {
  command: 'get [key]',
  describe: 'What is in force, and where it comes from',
  builder: cli =>
    cli
      .positional('key', { type: 'string', describe: 'One setting, or the beginning of several: risk, fees, walkforward.train' })
      .example('$0 settings get', 'everything that is not left to its default')
      .example('$0 settings get risk', 'one family, defaults included')
      .example('$0 settings get --json', 'all of them, with type, default and meaning')
      .epilogue('What settings.json holds goes before quantai.config.ts, and an option of the command line before both.'),
  handler: async args => (await import('./run-settings.js')).getSettings(args),
};

const set: CommandModule<GlobalOptions, SetSetting> = {
  command: 'set <key> <value>',
  describe: 'Change one, for the runs and sessions that begin from now on',
  builder: cli =>
    cli
      .positional('key', { type: 'string', demandOption: true, describe: 'Name of the setting' })
      .positional('value', { type: 'string', demandOption: true, describe: 'JSON, or a word; `default` takes it back' })
      .option('reason', { type: 'string', describe: 'Why, for the record' })
      .example('$0 settings set risk.maxDrawdown 0.2 --reason "half of what we agreed to lose"', 'for every run after this')
      .example('$0 settings set fees \'{"kind":"maker-taker","maker":0.0002,"taker":0.0005}\'', 'a model with its figures')
      .example('$0 settings set risk.maxDrawdown default', 'as the file or the platform has it')
      .epilogue(
        'Gates of promotion, evidence, channels of notifications and the audit log are set in quantai.config.ts only. A running session keeps what it began with; its limits are changed by quantai limits.',
      ),
  handler: async args => (await import('./run-settings.js')).setSetting(args),
};

const history: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'history',
  describe: 'Who changed what, when and why, newest first',
  builder: cli =>
    cli
      .example('$0 settings history', 'from the audit log')
      .example('$0 sql "SELECT ts, actor, word FROM audit_log WHERE type = \'SettingSet\'"', 'the same, to be asked further'),
  handler: async args => (await import('./run-settings.js')).settingsHistory(args),
};

/** `quantai settings …` */
export const settings: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'settings',
  describe: 'Settings of the workspace: show, change, and who changed them',
  builder: cli =>
    cli
      .command(get)
      .command(set)
      .command(history)
      .demandCommand(1, 'Say what to do with the settings: get, set or history.')
      .example('$0 settings get risk', 'what is in force')
      .example('$0 settings set risk.maxDrawdown 0.2 --reason "as agreed"', 'for every run after this'),
  handler: () => undefined,
};
