import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `data pull` is given. */
export interface PullArguments extends GlobalOptions {
  readonly venue: string;
  readonly symbols: string;
  readonly timeframe: string;
  readonly from: string;
  readonly to?: string | undefined;
  readonly kind: string;
  readonly dataset: string;
  readonly resume: boolean;
  readonly 'weight-per-minute': number;
}

/** `quantai data pull` */
export const dataPull: CommandModule<GlobalOptions, PullArguments> = {
  command: 'pull',
  describe: 'Fetch history from a venue into a dataset',
  builder: cli =>
    cli
      .option('venue', {
        type: 'string',
        default: 'binanceusdm',
        describe: 'binanceusdm, bybit, or practice for the exchange that `quantai practice` runs',
      })
      .option('symbols', { type: 'string', demandOption: true, describe: 'Unified symbols, separated by commas' })
      .option('timeframe', {
        type: 'string',
        default: '1m',
        describe: 'Length of the bars; mark, index and open interest are as far apart',
      })
      .option('from', { type: 'string', demandOption: true, describe: 'First time (UTC)' })
      .option('to', { type: 'string', describe: 'End (UTC, exclusive); now by default. The running bar is never taken' })
      .option('kind', {
        type: 'string',
        default: 'bars',
        describe: 'bars, funding, open-interest, mark, index; several separated by commas',
      })
      .option('dataset', { type: 'string', demandOption: true, describe: 'Name of the dataset to write into' })
      .option('resume', { type: 'boolean', default: false, describe: 'Go on where an interrupted pull of the same series stopped' })
      .option('weight-per-minute', {
        type: 'number',
        default: 1200,
        describe: 'Request weight to spend a minute; Binance allows 2,400 in all',
      })
      .example('$0 data pull --symbols BTC/USDT:USDT --from 2024-01-01 --kind bars,funding,mark --dataset btc-1m', 'what a backtest needs')
      .example(
        '$0 data pull --venue bybit --symbols BTC/USDT:USDT,ETH/USDT:USDT --timeframe 1h --from 2021-01-01 --dataset bybit-1h',
        'two symbols',
      ),
  handler: async args => {
    const [{ runDataPull }, { connectedHistory }, { workspaceAt }] = await Promise.all([
      import('./run-data-pull.js'),
      import('./connected-history.js'),
      import('./workspace.js'),
    ]);
    await runDataPull(args, symbols => connectedHistory(workspaceAt(args.workspace), args.venue, symbols));
  },
};
