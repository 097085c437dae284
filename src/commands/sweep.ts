import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { withSearchArguments, type SearchArguments } from './search-options.js';

/** `quantai sweep <strategy>` */
export const sweep: CommandModule<GlobalOptions, SearchArguments> = {
  command: 'sweep <strategy>',
  describe: 'Try many configurations over one history, and say how much of the best is luck',
  builder: cli =>
    withSearchArguments(cli)
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
