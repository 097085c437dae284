import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { withRunOptions, type RunOptions } from './run-options.js';
import { withSearchOptions, type SearchOptions } from './search-options.js';

/** Arguments of `quantai sweep`. */
export interface SweepArguments extends GlobalOptions, RunOptions, SearchOptions {
  readonly strategy: string;
  readonly dataset?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly venue?: string | undefined;
  readonly workers?: number | undefined;
}

/** `quantai sweep <strategy>` */
export const sweep: CommandModule<GlobalOptions, SweepArguments> = {
  command: 'sweep <strategy>',
  describe: 'Try many configurations over one history, and say how much of the best is luck',
  builder: cli =>
    withRunOptions(
      withSearchOptions(
        cli
          .positional('strategy', { type: 'string', demandOption: true, describe: 'Built-in name, or path of a .ts file' })
          .option('dataset', { type: 'string', describe: 'Name, or name@version; quantai.config.ts may set it' })
          .option('param', {
            type: 'string',
            array: true,
            describe: 'Parameter that keeps this value instead of being searched, repeatable',
          })
          .option('venue', { type: 'string', describe: 'Venue whose costs are assumed; the dataset’s exchange by default' })
          .option('workers', { type: 'number', describe: 'Threads; the result is the same for any number', defaultDescription: 'cores' }),
      ),
    )
      .example('$0 sweep sma-cross --dataset sample', 'a grid of five values a parameter')
      .example('$0 sweep my.ts --dataset btc --search tpe --trials 300 --param slow=50', 'a search that learns; slow is not searched')
      .example('$0 sweep my.ts --dataset btc --search nsga2 --trials 500 --objective sharpe,maxDrawdown', 'the trade-offs between the two')
      .example('$0 sweep my.ts --dataset btc --search random --trials 2000 --halving', 'most of them on the last ninth of the time only')
      .epilogue(
        'What it finds is in sample: walk it forward before you believe it. Interrupted with Ctrl-C it keeps what is done: the same command goes on from there. See docs/sweep.md.',
      ),
  handler: async args => {
    await (await import('./run-sweep.js')).runSweep(args);
  },
};
