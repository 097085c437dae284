import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai why` is told. */
export interface WhyArguments extends GlobalOptions {
  readonly subject?: string | undefined;
  readonly run: string;
  readonly account?: string | undefined;
  readonly at?: string | undefined;
  readonly dataset?: string | undefined;
}

/** `quantai why [order|fill]` */
export const why: CommandModule<GlobalOptions, WhyArguments> = {
  command: 'why [subject]',
  describe: 'The causes of an order or a fill, from bar to fill, and its life at the venue; or the whole state after any fact',
  builder: cli =>
    cli
      .positional('subject', {
        type: 'string',
        describe:
          'Order id (o12) or the strategy’s own name for it; a fill of it (o12#2) or the venue’s id of one; or the number of any fact',
      })
      .option('run', { type: 'string', default: 'latest', describe: 'Run id, or its beginning; the latest backtest by default' })
      .option('account', { type: 'string', describe: 'A paper or live account, instead of a run' })
      .option('at', { type: 'string', describe: 'Show the state after this fact: its number, or STRATEGY:SEQ in an account' })
      .option('dataset', { type: 'string', describe: 'Of an account: data to compute indicators from again, which no journal holds' })
      .example('$0 why o12', 'why did it fill there?')
      .example('$0 why o12#2 --run market-maker-micro-3f9a12cd --json', 'its second fill, for a program')
      .example('$0 why --at 345', 'what was held, at work and meant after fact 345?')
      .example('$0 why a.1.4#1 --account paper', 'the same questions of a recorded session')
      .epilogue(
        'Of a backtest: it is run again from the rows that it read, and the venue is asked what it saw. Of an account: its journal is read. A state is folded from the facts and compared with the one recorded there. See docs/why.md.',
      ),
  handler: async args => (await import('./explain-why.js')).explainWhy(args),
};
