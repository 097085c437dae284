import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** Arguments of `quantai fit fills`. */
export interface FitFillsArguments extends GlobalOptions {
  readonly files?: readonly string[] | undefined;
  readonly run?: string | undefined;
  readonly name?: string | undefined;
  readonly dataset?: string | undefined;
  readonly symbol?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly seed: number;
}

const fills: CommandModule<GlobalOptions, FitFillsArguments> = {
  command: 'fills [files..]',
  describe: 'Fit spread and market impact to observed fills, and say how well they predict fills that were held out',
  builder: cli =>
    cli
      .positional('files', { type: 'string', array: true, describe: 'CSV with ts,side,quantity,price,arrival[,sigma,volume,spread]' })
      .option('run', { type: 'string', describe: 'Take the fills of a recorded run instead: its id, or its beginning' })
      .option('name', { type: 'string', describe: 'Name of the model', defaultDescription: 'name of the file or run' })
      .option('dataset', { type: 'string', describe: 'Take volatility and volume of each fill’s interval from the bars of this dataset' })
      .option('symbol', { type: 'string', describe: 'Symbol of the fills, where their file has no such column' })
      .option('timeframe', { type: 'string', describe: 'Timeframe of those bars' })
      .option('seed', { type: 'number', default: 1, describe: 'Seed of the intervals' })
      .example('$0 fit fills fills.csv --name desk', 'from a file that has volatility and volume')
      .example('$0 fit fills fills.csv --dataset btc --symbol BTC/USDT:USDT --timeframe 1h', 'with both from the bars that hold the fills')
      .example('$0 backtest my.ts --dataset btc --slippage fitted:desk@3f9a12cd40b7', 'and a backtest that pays what they paid')
      .epilogue(
        'A row is what a taker got: `arrival` is the middle of the quotes when the order reached the venue (or give bid and ask), sigma the volatility of the interval as a fraction, volume what traded in it, spread ask less bid.',
      ),
  handler: async args => (await import('./fit-fills.js')).fitFills(args),
};

/** Arguments of `quantai fit latency`. */
export interface FitLatencyArguments extends GlobalOptions {
  readonly file: string;
  readonly name?: string | undefined;
  readonly floor?: string | undefined;
  readonly order?: string | undefined;
  readonly report?: string | undefined;
}

const latency: CommandModule<GlobalOptions, FitLatencyArguments> = {
  command: 'latency <file>',
  describe: 'Take the latency of market data, and how it changed, out of a recording',
  builder: cli =>
    cli
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'CSV or CSV.gz with the venue’s time and the receiver’s, e.g. ts and recv_ns',
      })
      .option('name', { type: 'string', describe: 'Name of the model', defaultDescription: 'name of the file' })
      .option('floor', { type: 'string', describe: 'What the fastest message needed', defaultDescription: '1ms' })
      .option('order', { type: 'string', describe: 'Time of an order to the venue', defaultDescription: 'as long as market data' })
      .option('report', { type: 'string', describe: 'Time of an answer back', defaultDescription: 'as long as market data' })
      .example('$0 fit latency book.csv.gz --name tokyo --floor 3ms', 'from a recording made 3 ms away from the venue')
      .example('$0 backtest my.ts --dataset btc --latency recorded:tokyo@3f9a12cd40b7', 'and a backtest that was as late')
      .epilogue(
        'The clocks of venue and receiver differ by an unknown time: the fastest message is set to --floor, every other is later by what it was later than that one.',
      ),
  handler: async args => (await import('./fit-latency.js')).fitLatency(args),
};

/** Arguments of `quantai fit own-fills`. */
export interface FitOwnFillsArguments extends GlobalOptions {
  readonly promotion: string;
  readonly seed: number;
}

const own: CommandModule<GlobalOptions, FitOwnFillsArguments> = {
  command: 'own-fills <promotion>',
  describe: 'Measure slippage, latency and fees on a promoted strategy’s own fills, and propose settings by them',
  builder: cli =>
    cli
      .positional('promotion', { type: 'string', demandOption: true, describe: 'Promotion, or its strategy, as in `quantai promote`' })
      .option('seed', { type: 'number', default: 1, describe: 'Seed of the intervals' })
      .example('$0 fit own-fills sma-cross', 'from all that it traded where it was promoted to')
      .example('$0 fit own-fills sma-cross --json', 'the figures, for a script')
      .epilogue(
        'Written as a numbered version beside the promotion and recorded in the audit log; nothing uses it before a person does. See docs/watch.md.',
      ),
  handler: async args => (await import('./fit-own-fills.js')).fitOwnFills(args),
};

/** `quantai fit …` */
export const fit: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'fit',
  describe: 'Fit what a backtest assumes to what was observed',
  builder: cli =>
    cli
      .command(fills)
      .command(latency)
      .command(own)
      .demandCommand(1, 'Say what to fit: a verb is missing.')
      .example('$0 fit fills fills.csv --name desk', 'what orders cost, from fills')
      .example('$0 fit latency book.csv.gz --name tokyo', 'how late market data was, from a recording'),
  handler: () => undefined,
};
