import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly run: string;
}

/** `quantai verify journal <run>` */
export const verifyJournal: CommandModule<GlobalOptions, Args> = {
  command: 'journal <run>',
  describe: 'Fold a backtest’s journal: does it give the account, the figures and the tables of the run?',
  builder: cli =>
    cli
      .positional('run', { type: 'string', demandOption: true, describe: 'Run id, or its beginning' })
      .example('$0 verify journal sma-cross-btc-3f9a12cd', 'is every cent accounted for, and nothing altered?'),
  handler: async args => (await import('./check-journal.js')).checkJournal(args),
};
