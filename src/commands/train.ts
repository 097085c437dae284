import type { CommandModule } from 'yargs';
import { withForecastOptions, type ForecastOptions } from './forecast-options.js';
import type { GlobalOptions } from './global-options.js';

/** Arguments of `quantai train`. */
export interface TrainArguments extends ForecastOptions {
  readonly set?: string | undefined;
}

/** `quantai train <strategy>` */
export const train: CommandModule<GlobalOptions, TrainArguments> = {
  command: 'train <strategy>',
  describe: 'Train the models of a strategy on the newest data, score its recipe out of sample, and save both',
  builder: cli =>
    withForecastOptions(cli)
      .option('set', { type: 'string', describe: 'Name to save the models under', defaultDescription: 'strategy-dataset' })
      .example('$0 train quant-ensemble --dataset sample', 'train, score and save')
      .example('$0 train my.ts --dataset btc --to 2024-07-01 --set before-july', 'on what was known then, under a name of its own')
      .epilogue(
        'The scores are of a walk over the history in which models are retrained as in a backtest: every forecast in them was made before its outcome. Interrupted with Ctrl-C it keeps the trainings that are done.',
      ),
  handler: async args => (await import('./run-train.js')).runTrain(args),
};
