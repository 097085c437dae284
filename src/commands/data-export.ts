import type { CommandModule } from 'yargs';
import type { MarketKind } from '../events/market.js';
import type { GlobalOptions } from './global-options.js';
import { KINDS } from './kinds.js';

interface Args extends GlobalOptions {
  readonly dataset: string;
  readonly file: string;
  readonly symbol?: string | undefined;
  readonly kind: MarketKind;
  readonly timeframe?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** `quantai data export <dataset> <file>` */
export const dataExport: CommandModule<GlobalOptions, Args> = {
  command: 'export <dataset> <file>',
  describe: 'Write one series as CSV, NDJSON or Parquet',
  builder: cli =>
    cli
      .positional('dataset', { type: 'string', demandOption: true, describe: 'Name, or name@version' })
      .positional('file', {
        type: 'string',
        demandOption: true,
        normalize: true,
        describe: 'Its ending says the format: .csv, .csv.gz, .ndjson, .ndjson.gz, .parquet',
      })
      .option('symbol', { type: 'string', describe: 'Symbol; may be left out when the dataset has one' })
      .option('kind', { choices: KINDS, default: 'bars' as const, describe: 'What to export' })
      .option('timeframe', { type: 'string', describe: 'Timeframe of the bars' })
      .option('from', { type: 'string', describe: 'First time (UTC)' })
      .option('to', { type: 'string', describe: 'End (UTC, exclusive)' })
      .example('$0 data export btc btc.csv.gz --kind bars --timeframe 1h', 'bars as CSV')
      .example('$0 data export sample sol.parquet --symbol SOL/USDT:USDT --from 2023-01-01', 'from a day on'),
  handler: async args => {
    const [{ openDataset }, { exportSeries }, { parseTime }, { usageError }, { workspaceAt }, { grouped }, { present }] = await Promise.all(
      [
        import('../datasets/catalogue.js'),
        import('../datasets/export.js'),
        import('../time.js'),
        import('../errors.js'),
        import('./workspace.js'),
        import('./figures.js'),
        import('./terminal.js'),
      ],
    );
    const dataset = await openDataset(workspaceAt(args.workspace).root, args.dataset);
    const symbols = [...new Set(dataset.entries.map(entry => entry.symbol))];
    const symbol = args.symbol ?? (symbols.length === 1 ? symbols[0] : undefined);
    if (symbol === undefined)
      throw usageError(
        'which-symbol',
        `Dataset "${args.dataset}" has ${symbols.length} symbols.`,
        `Name one with --symbol: ${symbols.join(', ')}.`,
      );
    const rows = await exportSeries(
      dataset,
      {
        symbol,
        kind: args.kind,
        timeframe: args.timeframe,
        from: args.from === undefined ? undefined : parseTime(args.from),
        to: args.to === undefined ? undefined : parseTime(args.to),
      },
      args.file,
    );
    present(
      args,
      { file: args.file, symbol, kind: args.kind, rows },
      result => `${grouped(result.rows)} rows of ${result.kind} of ${result.symbol} are in ${result.file}`,
    );
  },
};
