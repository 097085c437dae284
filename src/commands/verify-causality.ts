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
  readonly full: boolean;
  readonly only?: string | undefined;
  readonly out?: string | undefined;
  readonly workers?: number | undefined;
}

/** `quantai verify causality [strategy]` */
export const verifyCausality: CommandModule<GlobalOptions, CausalityArguments> = {
  command: 'causality [strategy]',
  describe: 'Does the strategy use what it could not know, or decide before it knows enough? With --full: how fragile is it?',
  builder: cli =>
    withRunOptions(
      cli
        .positional('strategy', { type: 'string', describe: 'Built-in name, or path of a .ts file' })
        .option('all', { type: 'boolean', default: false, describe: 'Every built-in strategy' })
        .option('dataset', { type: 'string', describe: 'Name, or name@version' })
        .option('param', { type: 'string', array: true, describe: 'Parameter of the strategy, repeatable' })
        .option('venue', { type: 'string', describe: 'Venue whose costs are assumed' })
        .option('cuts', { type: 'number', default: 6, describe: 'Moments after which all data are replaced' })
        .option('full', { type: 'boolean', default: false, describe: 'Also the checks of fragility and chance: some 70 runs more' })
        .option('only', { type: 'string', describe: 'Only these checks, by id, separated by commas' })
        .option('out', { type: 'string', describe: 'Write a page with a plot a check into this .html file' })
        .option('workers', { type: 'number', describe: 'Processes for --full; all cores by default' }),
    )
      .example('$0 verify causality my.ts --dataset sample', 'does mine look ahead?')
      .example('$0 verify causality my.ts --dataset sample --full --out checks.html', 'and does it stand a little bad luck?')
      .example('$0 verify causality my.ts --dataset sample --only warm-up,recursive-indicators', 'does it wait long enough?')
      .example('$0 verify causality --all --dataset sample', 'do those that came along?')
      .epilogue('Fails when a leak is found; fragility is told and never fails. What each check sees and cannot see: docs/checks.md'),
  handler: async args => (await import('./check-causality.js')).checkCausality(args),
};
