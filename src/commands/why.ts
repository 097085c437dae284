import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly order: string;
  readonly run: string;
}

/** `quantai why <order>` */
export const why: CommandModule<GlobalOptions, Args> = {
  command: 'why <order>',
  describe: 'The life of one order: what was asked, the market around it, the queue ahead, why it filled or did not',
  builder: cli =>
    cli
      .positional('order', { type: 'string', demandOption: true, describe: 'Order id, such as o12; or the strategy’s own name for it' })
      .option('run', { type: 'string', default: 'latest', describe: 'Run id, or its beginning; the latest backtest by default' })
      .example('$0 why o12', 'why did it fill there?')
      .example('$0 why o12 --run market-maker-micro-3f9a12cd --json', 'for a program')
      .epilogue('The backtest is run again from the rows that it read, and the venue is asked what it saw.'),
  handler: async args => (await import('./explain-order.js')).explainOrder(args),
};
