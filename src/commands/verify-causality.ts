import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { withRunOptions, type RunOptions } from './run-options.js';

/** Arguments of `quantai verify causality`. */
export interface CausalityArguments extends GlobalOptions, RunOptions {
  readonly strategy?: string | undefined;
  readonly all: boolean;
  readonly dataset?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly venue?: string | undefined;
  readonly cuts: number;
}

/** `quantai verify causality [strategy]` */
export const verifyCausality: CommandModule<GlobalOptions, CausalityArguments> = {
  command: 'causality [strategy]',
  describe: 'Corrupt the future and see whether the past changes: does the strategy look ahead?',
  builder: cli =>
    withRunOptions(
      cli
        .positional('strategy', { type: 'string', describe: 'Built-in name, or path of a .ts file' })
        .option('all', { type: 'boolean', default: false, describe: 'Every built-in strategy' })
        .option('dataset', { type: 'string', describe: 'Name, or name@version' })
        .option('param', { type: 'string', array: true, describe: 'Parameter of the strategy, repeatable' })
        .option('venue', { type: 'string', describe: 'Venue whose costs are assumed' })
        .option('cuts', { type: 'number', default: 6, describe: 'Moments to cut at' }),
    )
      .example('$0 verify causality my.ts --dataset sample', 'does mine look ahead?')
      .example('$0 verify causality --all --dataset sample', 'do those that came along?'),
  handler: async args => (await import('./check-causality.js')).checkCausality(args),
};
