import type { CommandModule } from 'yargs';
import { withForecastOptions, type ForecastOptions } from './forecast-options.js';
import type { GlobalOptions } from './global-options.js';

/** Arguments of `quantai forecast`. */
export interface ForecastArguments extends ForecastOptions {
  readonly models?: string | undefined;
  readonly last?: number | undefined;
}

/** `quantai forecast <strategy>` */
export const forecast: CommandModule<GlobalOptions, ForecastArguments> = {
  command: 'forecast <strategy>',
  describe: 'Forecast what comes after the last bar, and say how far such forecasts could be believed',
  builder: cli =>
    withForecastOptions(cli)
      .option('models', {
        type: 'string',
        describe: 'Saved set, SET or SET@VERSION',
        defaultDescription: 'models retrained over the history',
      })
      .option('last', {
        type: 'number',
        describe: 'Matured forecasts that are looked back on',
        defaultDescription: 'those of a calibration',
      })
      .example('$0 forecast quant-ensemble --dataset sample', 'the next day of each symbol')
      .example('$0 forecast quant-ensemble --dataset sample --models quant-ensemble-sample', 'by the models that were saved')
      .epilogue(
        'Nothing is scored that a model has learned from: with saved models, what came before their training is forecast by models of that time, which also set the weights, calibrations and intervals.',
      ),
  handler: async args => (await import('./run-forecast.js')).runForecast(args),
};
