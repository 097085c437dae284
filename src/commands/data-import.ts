import type { CommandModule } from 'yargs';
import type { MarketKind } from '../events/market.js';
import type { Finding } from '../datasets/series.js';
import type { QuantityUnit } from '../datasets/import/inverse-contract.js';
import type { TimeUnit } from '../datasets/import/options.js';
import type { GlobalOptions } from './global-options.js';
import { KINDS } from './kinds.js';

interface Args extends GlobalOptions {
  readonly files: readonly string[];
  readonly dataset: string;
  readonly exchange?: string | undefined;
  readonly symbol?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly kind?: MarketKind | undefined;
  readonly columns?: string | undefined;
  readonly 'time-unit'?: TimeUnit | undefined;
  readonly zone?: string | undefined;
  readonly label?: 'open' | 'close' | undefined;
  readonly filter?: string | undefined;
  readonly duplicates?: 'first' | 'last' | undefined;
  readonly tick?: number | undefined;
  readonly lot?: number | undefined;
  readonly 'min-notional'?: number | undefined;
  readonly 'contract-size'?: number | undefined;
  readonly 'quantity-unit'?: QuantityUnit | undefined;
  readonly strict?: boolean | undefined;
  readonly repair?: boolean | undefined;
}

/** `quantai data import <files…>` */
export const dataImport: CommandModule<GlobalOptions, Args> = {
  command: 'import <files..>',
  describe: 'Read CSV, zip, NDJSON or Parquet files into a dataset',
  builder: cli =>
    cli
      .positional('files', { type: 'string', array: true, demandOption: true, describe: 'CSV, CSV.gz, zip, NDJSON or Parquet' })
      .option('dataset', { type: 'string', demandOption: true, describe: 'Name of the dataset to write into' })
      .option('exchange', { type: 'string', describe: 'Exchange, e.g. bybit, binance' })
      .option('symbol', { type: 'string', describe: 'Unified symbol, e.g. BTC/USDT:USDT' })
      .option('timeframe', { type: 'string', describe: 'Timeframe of the bars, e.g. 1h; told from the rows otherwise' })
      .option('kind', { choices: KINDS, describe: 'What the rows are; told from the columns otherwise' })
      .option('columns', { type: 'string', describe: 'Which column is which: time=ts,open=o,volume=5 (names, or positions from 0)' })
      .option('time-unit', { choices: ['s', 'ms', 'us', 'ns', 'auto'] as const, describe: 'Unit of numeric times' })
      .option('zone', { type: 'string', describe: 'Zone of times written without one: UTC, +03:00, Europe/London' })
      .option('label', { choices: ['open', 'close'] as const, describe: 'Whether a bar’s time is its open or its close' })
      .option('filter', { type: 'string', describe: 'Rows to take from a file with several series: symbol=BTCUSDT' })
      .option('duplicates', { choices: ['first', 'last'] as const, describe: 'Which of several rows with one time to believe' })
      .option('tick', { type: 'number', describe: 'Price step of the instrument' })
      .option('lot', { type: 'number', describe: 'Quantity step of the instrument' })
      .option('min-notional', { type: 'number', describe: 'Smallest order value, quote currency' })
      .option('contract-size', { type: 'number', describe: 'Inverse contracts: quote units in one, e.g. 100' })
      .option('quantity-unit', {
        choices: ['base', 'quote', 'contracts'] as const,
        describe: 'Inverse contracts: what volumes and sizes count; told from the figures otherwise',
      })
      .option('strict', { type: 'boolean', describe: 'Stop at the first error in the data' })
      .option('repair', { type: 'boolean', describe: 'Mend what has one right answer, and record it' })
      .conflicts('strict', 'repair')
      .example('$0 data import btc.csv.gz --exchange bybit --symbol BTC/USDT:USDT --timeframe 1h --dataset btc', 'bars')
      .example(
        '$0 data import btc-funding.csv --kind funding --exchange bybit --symbol BTC/USDT:USDT --dataset btc',
        'funding rates beside them',
      )
      .example(
        '$0 data import BTCUSDT-1m-*.zip --exchange binance --symbol BTC/USDT:USDT --dataset btc-1m',
        'monthly archives of an exchange',
      ),
  handler: async args => {
    const [
      { readFiles },
      { writeDataset },
      { wholeName },
      { keyValues },
      { workspaceAt },
      { startProgress },
      { findingCounts, findingLines },
      { seriesLine, seriesSummary },
      { present, say, terminal },
    ] = await Promise.all([
      import('../datasets/import/read-files.js'),
      import('../datasets/write.js'),
      import('../datasets/quality/whole-series.js'),
      import('./key-values.js'),
      import('./workspace.js'),
      import('./progress.js'),
      import('./findings.js'),
      import('./series-summary.js'),
      import('./terminal.js'),
    ]);
    const { stat } = await import('node:fs/promises');
    const { usageError } = await import('../errors.js');
    (await import('../datasets/layout.js')).checkOwnDatasetId(args.dataset);
    const { root } = workspaceAt(args.workspace);
    let total = 0;
    for (const file of args.files) {
      const info = await stat(file).catch(() => undefined);
      if (info?.isDirectory())
        throw usageError('is-folder', `${file} is a folder.`, `Name the files in it, e.g. ${file.replace(/\/$/, '')}/*.csv.gz`);
      if (!info?.isFile()) throw usageError('no-such-file', `There is no file ${file}.`, 'Check the path.');
      total += info.size;
    }
    const columns = args.columns === undefined ? undefined : keyValues('columns', args.columns).values;
    for (const name of ['tick', 'lot', 'contract-size'] as const) {
      const step = args[name];
      if (step !== undefined && !(step > 0))
        throw usageError('bad-option', `--${name} is a ${name === 'contract-size' ? 'size' : 'step'} above 0, not ${step}.`);
    }
    if ((args['min-notional'] ?? 0) < 0) throw usageError('bad-option', `--min-notional is 0 or more, not ${args['min-notional']}.`);
    const instrument = {
      ...(args.tick === undefined ? {} : { tickSize: args.tick }),
      ...(args.lot === undefined ? {} : { lotSize: args.lot }),
      ...(args['min-notional'] === undefined ? {} : { minNotional: args['min-notional'] }),
      ...(args['contract-size'] === undefined ? {} : { contractSize: args['contract-size'] }),
    };
    const bar = await startProgress(args, 'reading', total, 'B');
    const readBytes = new Map<string, number>();
    const imported = await readFiles(args.files, {
      mode: args.strict ? 'strict' : args.repair ? 'repair' : 'report',
      ...(args.exchange === undefined ? {} : { exchange: args.exchange }),
      ...(args.symbol === undefined ? {} : { symbol: args.symbol }),
      ...(args.timeframe === undefined ? {} : { timeframe: args.timeframe }),
      ...(args.kind === undefined ? {} : { kind: args.kind }),
      ...(args['time-unit'] === undefined ? {} : { timeUnit: args['time-unit'] }),
      ...(args.zone === undefined ? {} : { zone: args.zone }),
      ...(args.label === undefined ? {} : { label: args.label }),
      ...(args.filter === undefined ? {} : { filter: keyValues('filter', args.filter).values }),
      ...(args.duplicates === undefined ? {} : { duplicates: args.duplicates }),
      ...(args['quantity-unit'] === undefined ? {} : { quantityUnit: args['quantity-unit'] }),
      ...(columns === undefined
        ? {}
        : {
            columns: Object.fromEntries(
              Object.entries(columns).map(([field, column]) => [field, /^\d+$/.test(column) ? Number(column) : column]),
            ),
          }),
      ...(Object.keys(instrument).length === 0 ? {} : { instrument }),
      onProgress: ({ file, bytes }) => {
        terminal().signal.throwIfAborted();
        readBytes.set(file, bytes);
        bar.update(
          [...readBytes.values()].reduce((sum, each) => sum + each, 0),
          file.split('/').at(-1),
        );
      },
    }).finally(() => bar.stop());
    terminal().signal.throwIfAborted();
    let revisions: readonly Finding[] = [];
    const manifest = await writeDataset(root, args.dataset, imported, {
      revised: found => {
        revisions = found;
      },
    });
    // What shows only beside the files that were there before.
    const together = new Set(imported.map(({ series }) => wholeName(series)));
    const acrossFiles = [...revisions, ...manifest.findings.filter(({ file }) => together.has(file))];
    const findings = [...imported.flatMap(each => each.findings), ...acrossFiles];
    if (!args.json) for (const line of findingLines(findings, 12)) say(line);
    present(
      args,
      {
        dataset: manifest.id,
        version: manifest.version,
        series: imported.map(({ series, source, findings: found }) => ({
          file: source.file,
          ...seriesSummary(series),
          reading: source.reading,
          findings: found,
        })),
        acrossFiles,
        checkedAgainst: null,
      },
      result =>
        [
          ...result.series.map(each => `${each.file}: ${seriesLine(each)}`),
          `Findings: ${findingCounts(findings)}`,
          `Dataset ${result.dataset}@${result.version.slice(0, 12)} is in ${root}/datasets/${result.dataset}`,
        ].join('\n'),
    );
  },
};
