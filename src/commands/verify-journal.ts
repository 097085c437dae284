import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly run: string;
}

/** `quantai verify journal <run>`, where a run is a backtest or a live account. */
export const verifyJournal: CommandModule<GlobalOptions, Args> = {
  command: 'journal <run>',
  describe: 'Is a journal whole, and does a backtest’s give the account, the figures and the tables of the run?',
  builder: cli =>
    cli
      .positional('run', { type: 'string', demandOption: true, describe: 'Run id or its beginning, or the name of a live account' })
      .example('$0 verify journal sma-cross-btc-3f9a12cd', 'is every cent accounted for, and nothing altered?')
      .example('$0 verify journal main', 'the live account main: is every byte of its journal what was written?'),
  handler: async args => (await import('./check-journal.js')).checkJournal(args),
};
