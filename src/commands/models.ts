import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface ListArguments extends GlobalOptions {
  readonly set?: string | undefined;
}

interface ShowArguments extends GlobalOptions {
  readonly set: string;
}

interface CompareArguments extends GlobalOptions {
  readonly left: string;
  readonly right: string;
}

interface RollbackArguments extends GlobalOptions {
  readonly set: string;
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
}

const list: CommandModule<GlobalOptions, ListArguments> = {
  command: 'list [set]',
  describe: 'Saved sets of models with their versions',
  builder: cli =>
    cli
      .positional('set', { type: 'string', describe: 'Only this set' })
      .example('$0 models list', 'what was trained, when, and what it was worth')
      .example('$0 models list quant-ensemble-sample', 'the versions of one set'),
  handler: async args => (await import('./list-models.js')).listModels(args),
};

const show: CommandModule<GlobalOptions, ShowArguments> = {
  command: 'show <set>',
  describe: 'Everything about one version: recipe, data, scores, features that matter',
  builder: cli =>
    cli
      .positional('set', { type: 'string', demandOption: true, describe: 'SET for its current version, or SET@VERSION' })
      .example('$0 models show quant-ensemble-sample', 'the current version')
      .example('$0 models show quant-ensemble-sample@3f9a12', 'an older one, by the beginning of its hash'),
  handler: async args => (await import('./show-models.js')).showModels(args),
};

const compare: CommandModule<GlobalOptions, CompareArguments> = {
  command: 'compare <left> <right>',
  describe: 'Put two versions side by side: recipes field by field, scores, checkpoints',
  builder: cli =>
    cli
      .positional('left', { type: 'string', demandOption: true, describe: 'SET or SET@VERSION' })
      .positional('right', { type: 'string', demandOption: true, describe: 'SET or SET@VERSION' })
      .example('$0 models compare quant-ensemble-sample@3f9a12 quant-ensemble-sample', 'an older version and the current one')
      .example('$0 models compare quant-ensemble-btc quant-ensemble-eth', 'two sets'),
  handler: async args => (await import('./compare-models.js')).compareModels(args),
};

const rollback: CommandModule<GlobalOptions, RollbackArguments> = {
  command: 'rollback <set>',
  describe: 'Make an earlier version of a set the current one',
  builder: cli =>
    cli
      .positional('set', { type: 'string', demandOption: true, describe: 'Name of the set' })
      .option('to', { type: 'string', describe: 'Version to go back to', defaultDescription: 'the one that was current before' })
      .option('reason', { type: 'string', describe: 'Why, for the audit log' })
      .example('$0 models rollback quant-ensemble-sample', 'undo the last training')
      .example('$0 models rollback quant-ensemble-sample --to 3f9a12 --reason "drift"', 'to a version by the beginning of its hash'),
  handler: async args => (await import('./rollback-models.js')).rollbackModels(args),
};

/** `quantai models …` */
export const models: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'models',
  describe: 'Saved sets of trained models and their versions',
  builder: cli =>
    cli
      .command(list)
      .command(show)
      .command(compare)
      .command(rollback)
      .demandCommand(1, 'Say what to do with the models: a verb is missing.')
      .example('$0 models list', 'what was trained')
      .example('$0 models show quant-ensemble-sample', 'what is in it'),
  handler: () => undefined,
};
