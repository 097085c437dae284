import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { INIT_TEMPLATES, type InitTemplate } from './init-files.js';

/** Arguments of `quantai init`. */
export interface InitArguments extends GlobalOptions {
  readonly dir: string;
  readonly template: InitTemplate;
}

/** `quantai init [dir]` */
export const init: CommandModule<GlobalOptions, InitArguments> = {
  command: 'init [dir]',
  describe: 'Begin a project of your own: a strategy, its test, a configuration and a README',
  builder: cli =>
    cli
      .positional('dir', { type: 'string', default: '.', describe: 'Folder of the project; it is made if there is none' })
      .option('template', {
        choices: INIT_TEMPLATES,
        default: 'trend' as const,
        describe: 'What the strategy does at first',
      })
      .example('$0 init my-desk', 'a trend follower to change, in a folder of its own')
      .example('$0 init my-desk --template forecast', 'one that trades what a model forecasts')
      .epilogue('A file that is there already is kept as it is.'),
  handler: async args => (await import('./run-init.js')).runInit(args),
};
