import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

export interface FeaturesArguments extends GlobalOptions {
  readonly set?: string | undefined;
  readonly list: boolean;
  readonly dataset?: string | undefined;
  readonly symbols?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly horizon?: number | undefined;
  readonly strategy?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly fees?: string | undefined;
  readonly slippage?: string | undefined;
  readonly venue?: string | undefined;
  readonly seed?: number | undefined;
}

/** `quantai features [set]` */
export const features: CommandModule<GlobalOptions, FeaturesArguments> = {
  command: 'features [set]',
  describe: 'Compute a feature set over a dataset, and say what each column tells of what came after',
  builder: cli =>
    cli
      .positional('set', { type: 'string', describe: 'Feature set; core when neither it nor a strategy is named' })
      .option('list', { type: 'boolean', default: false, describe: 'List the feature sets, or the columns of one' })
      .option('dataset', { type: 'string', describe: 'Dataset, or dataset@version; that of quantai.config.ts by default' })
      .option('symbols', { type: 'string', describe: 'Symbols, with commas between; all of the dataset by default' })
      .option('timeframe', { type: 'string', describe: 'Bars to compute on, e.g. 1h; needed when the dataset has several' })
      .option('from', { type: 'string', describe: 'First UTC date or time of the rows; data before it warms up' })
      .option('to', { type: 'string', describe: 'End of the rows (UTC date or time, exclusive)' })
      .option('horizon', { type: 'number', describe: 'Bars ahead that the label looks; 24, or as the strategy has it' })
      .option('strategy', { type: 'string', describe: 'Take feature set and label from the forecasts of a strategy, by name or file' })
      .option('param', { type: 'string', array: true, describe: 'Parameter of the strategy, name=value; may be repeated' })
      .option('fees', { type: 'string', describe: 'What a flat label means: a move that does not pay the fees, e.g. taker=0.00055' })
      .option('slippage', { type: 'string', describe: 'As for backtest; counts for the flat label too' })
      .option('venue', { type: 'string', describe: 'Take fees and slippage from the preset of this exchange' })
      .option('seed', { type: 'number', describe: 'Seed of the turned histories that chance is judged by; 1 by default' })
      .example('$0 features --list', 'which sets there are')
      .example('$0 features core --list', 'the columns of one, by family')
      .example('$0 features small --dataset sample --horizon 24', 'columns as Parquet, what they tell, and a report')
      .example('$0 features --strategy my-forecaster.ts --dataset btc --to 2024-01-01', 'of a strategy, on its training years only'),
  handler: async args => (await import('./run-features.js')).runFeatures(args),
};
