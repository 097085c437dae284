import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { withSearchArguments, type SearchArguments } from './search-options.js';

/** Arguments of `quantai walkforward`. */
export interface WalkForwardArguments extends SearchArguments {
  readonly train?: string | undefined;
  readonly test?: string | undefined;
  readonly purge?: string | undefined;
  readonly embargo?: string | undefined;
  readonly anchored?: boolean | undefined;
  readonly partial: boolean;
  readonly choose?: 'peak' | 'plateau' | undefined;
  readonly inner?: number | undefined;
  readonly 'rank-all': boolean;
}

/** `quantai walkforward <strategy>` */
export const walkforward: CommandModule<GlobalOptions, WalkForwardArguments> = {
  command: 'walkforward <strategy>',
  describe: 'Choose parameters on past windows, trade them on the next, and report the joined result',
  builder: cli =>
    withSearchArguments(cli)
      .option('train', { type: 'string', describe: 'Training window, e.g. 180d, or a number of bars', defaultDescription: '180d' })
      .option('test', { type: 'string', describe: 'Test window, e.g. 60d, or a number of bars', defaultDescription: '60d' })
      .option('purge', { type: 'string', describe: 'Dropped from the end of training: how long an outcome takes to be known' })
      .option('embargo', { type: 'string', describe: 'Further gap before the test' })
      .option('anchored', { type: 'boolean', describe: 'Training always begins at the start of the data and grows' })
      .option('partial', { type: 'boolean', default: false, describe: 'Use what remains at the end as a shorter last test' })
      .option('choose', {
        choices: ['peak', 'plateau'] as const,
        describe: 'What a fold trades: the best score, or the middle of the broadest good region',
        defaultDescription: 'peak',
      })
      .option('inner', {
        type: 'number',
        describe: 'Judge configurations by the median over this many parts of the training window',
        defaultDescription: 'the window as a whole',
      })
      .option('rank-all', {
        type: 'boolean',
        default: false,
        describe: 'Also run every candidate out of sample: do ranks carry over? Costs trials',
      })
      .group(['choose', 'inner', 'rank-all'], 'Search:')
      .example('$0 walkforward sma-cross --dataset sample --train 180d --test 60d', 'nine folds over the data that came along')
      .example('$0 walkforward my.ts --dataset btc --search random --trials 200 --objective calmar', 'another search and goal')
      .example('$0 walkforward my.ts --dataset btc --search tpe --choose plateau --inner 3', 'a search that learns; a robust choice')
      .example(
        '$0 walkforward my.ts --dataset btc --anchored --purge 2d --embargo 1d --param slow=50',
        'growing windows with a gap; slow is not searched',
      )
      .epilogue('Interrupted with Ctrl-C it keeps what is done: the same command goes on from there.'),
  handler: async args => {
    await (await import('./run-walk-forward.js')).runWalkForward(args);
  },
};
