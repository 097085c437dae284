import type { Argv } from 'yargs';
import { withClusterOptions, type ClusterOptions } from './cluster-options.js';
import type { GlobalOptions } from './global-options.js';
import type { RunOptions } from './run-options.js';

/** The options of a run that forecasts depend on: what is traded with them does not matter here. */
export interface ForecastOptions
  extends
    GlobalOptions,
    ClusterOptions,
    Pick<
      RunOptions,
      'symbols' | 'timeframe' | 'to' | 'seed' | 'fees' | 'slippage' | 'delay' | 'retrain-every' | 'history-limit' | 'training-delay'
    > {
  readonly strategy: string;
  readonly dataset?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly venue?: string | undefined;
  readonly workers?: number | undefined;
}

/** Declare them. */
export const withForecastOptions = (cli: Argv<GlobalOptions>): Argv<ForecastOptions> =>
  withClusterOptions(cli)
    .positional('strategy', { type: 'string', demandOption: true, describe: 'Built-in name, or path of a .ts file' })
    .option('dataset', { type: 'string', describe: 'Name, or name@version; quantai.config.ts may set it' })
    .option('param', { type: 'string', array: true, describe: 'Parameter of the strategy, repeatable: --param horizon=24' })
    .option('symbols', { type: 'string', describe: 'Symbols, with commas between; all of the dataset by default' })
    .option('timeframe', { type: 'string', describe: 'Bars to forecast on, e.g. 1h; needed when the dataset has several' })
    .option('to', { type: 'string', describe: 'Nothing known later is looked at (UTC date or time); all of the data by default' })
    .option('seed', { type: 'number', describe: 'Seed of every random draw' })
    .option('venue', { type: 'string', describe: 'Venue whose costs are assumed; the dataset’s exchange by default' })
    .option('fees', { type: 'string', describe: 'As for backtest: a move that does not pay for its costs counts as none' })
    .option('slippage', { type: 'string', describe: 'As for backtest; counts likewise' })
    .option('delay', { type: 'string', describe: 'Publication delay: bars=1s,funding=5s,mark=1s' })
    .option('retrain-every', { type: 'number', describe: 'Bars between trainings of the walk over the history' })
    .option('history-limit', { type: 'number', describe: 'Bars back that a training learns from' })
    .option('training-delay', { type: 'number', describe: 'Bars from a training’s request until its models are in force' })
    .option('workers', { type: 'number', describe: 'Threads; the result is the same for any number', defaultDescription: 'cores' });
