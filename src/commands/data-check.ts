import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly dataset: string;
  readonly against?: string | undefined;
  readonly symbol?: string | undefined;
}

/** `quantai data check <dataset>` */
export const dataCheck: CommandModule<GlobalOptions, Args> = {
  command: 'check <dataset>',
  describe: 'Check files against their hashes, and data against a second source',
  builder: cli =>
    cli
      .positional('dataset', { type: 'string', demandOption: true, describe: 'Name, or name@version' })
      .option('against', {
        type: 'string',
        describe: 'Dataset or file of the same market from elsewhere: finds a wrong market, zone or label',
      })
      .option('symbol', { type: 'string', describe: 'Symbol to compare, where the file does not say it' })
      .example('$0 data check btc', 'findings, and every file against its hash')
      .example('$0 data check btc --against binance-btc.csv.gz', 'is it the market, the zone and the label that it claims?'),
  handler: async args => (await import('./check-dataset.js')).checkDataset(args),
};
