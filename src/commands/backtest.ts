import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { withRunOptions, type RunOptions } from './run-options.js';

/** Arguments of `quantai backtest`. */
export interface BacktestArguments extends GlobalOptions, RunOptions {
  readonly strategy: string;
  readonly dataset?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly venue?: string | undefined;
  readonly workers?: number | undefined;
  readonly watch: boolean;
  readonly 'path-check': boolean;
}

/** `quantai backtest <strategy>` */
export const backtest: CommandModule<GlobalOptions, BacktestArguments> = {
  command: 'backtest <strategy>',
  describe: 'Run a strategy over a dataset and write its report',
  builder: cli =>
    withRunOptions(
      cli
        .positional('strategy', { type: 'string', demandOption: true, describe: 'Built-in name, or path of a .ts file' })
        .option('dataset', { type: 'string', describe: 'Name, or name@version; quantai.config.ts may set it' })
        .option('param', { type: 'string', array: true, describe: 'Parameter of the strategy, repeatable: --param fast=20' })
        .option('venue', { type: 'string', describe: 'Venue whose costs are assumed; the dataset’s exchange by default' })
        .option('workers', {
          type: 'number',
          describe: 'Threads that train models; the result is the same for any number',
          defaultDescription: 'cores',
        })
        .option('path-check', {
          type: 'boolean',
          default: true,
          describe: 'Run again along the other paths inside bars, to say how many fills depend on the one assumed',
        })
        .option('watch', {
          type: 'boolean',
          default: false,
          describe: 'Run again whenever the strategy or a file that it imports is saved',
        }),
    )
      .example('$0 backtest sma-cross --dataset sample', 'a built-in strategy on the data that came along')
      .example('$0 backtest my.ts --dataset btc --param fast=10 --param slow=40 --from 2024-01-01', 'your own, with its parameters')
      .example('$0 backtest my.ts --dataset btc --fees maker=0.0002,taker=0.00055 --slippage fixed-bps:1 --latency 100ms', 'other costs')
      .example('$0 backtest market-maker --dataset micro --timeframe 1s --depth book --queue power:3', 'on the order book')
      .example('node --inspect-brk node_modules/.bin/quantai backtest my.ts --dataset btc', 'step through my.ts in a debugger')
      .epilogue('Anything left out comes from the venue’s preset; the report lists every assumption with its source.'),
  handler: async args => (await import('./backtest-command.js')).backtestCommand(args),
};
