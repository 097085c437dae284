import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly dataset: string;
  readonly timeframe: string;
  readonly symbol?: string | undefined;
  readonly source?: string | undefined;
  readonly until?: string | undefined;
}

/** `quantai data bars <dataset>` */
export const dataBars: CommandModule<GlobalOptions, Args> = {
  command: 'bars <dataset>',
  describe: 'Make bars out of a dataset’s trades or shorter bars, and add them to it',
  builder: cli =>
    cli
      .positional('dataset', { type: 'string', demandOption: true, describe: 'Name of the dataset' })
      .option('timeframe', { type: 'string', demandOption: true, describe: 'Length of the bars, e.g. 1s, 1m, 4h' })
      .option('symbol', { type: 'string', describe: 'Only this symbol; otherwise every one that has trades or shorter bars' })
      .option('source', { type: 'string', describe: 'trades, or the timeframe of shorter bars; trades where there are any otherwise' })
      .option('until', {
        type: 'string',
        describe: 'The source is whole up to here (UTC); otherwise up to its last row, and the bar that this is in is left out',
      })
      .example('$0 data bars btc-ticks --timeframe 1s', 'one-second bars from trades')
      .example('$0 data bars btc-1m --timeframe 4h', 'longer bars from shorter ones'),
  handler: async args => {
    const [
      { openDataset },
      { derivedBars },
      { writeDataset },
      { checkOwnDatasetId },
      { parseTime, formatTime },
      { usageError },
      { workspaceAt },
      { findingLines },
      { grouped },
      { present, say },
    ] = await Promise.all([
      import('../datasets/catalogue.js'),
      import('../datasets/derived-bars.js'),
      import('../datasets/write.js'),
      import('../datasets/layout.js'),
      import('../time.js'),
      import('../errors.js'),
      import('./workspace.js'),
      import('./findings.js'),
      import('./figures.js'),
      import('./terminal.js'),
    ]);
    checkOwnDatasetId(args.dataset);
    const { root } = workspaceAt(args.workspace);
    const dataset = await openDataset(root, args.dataset);
    const kinds = args.source === undefined ? ['trades', 'bars'] : args.source === 'trades' ? ['trades'] : ['bars'];
    const symbols =
      args.symbol === undefined
        ? [...new Set(dataset.entries.filter(({ kind }) => kinds.includes(kind)).map(({ symbol }) => symbol))]
        : [args.symbol];
    if (symbols.length === 0)
      throw usageError(
        'nothing-to-resample',
        `Dataset "${dataset.id}" has neither trades nor bars.`,
        'Import some with: quantai data import --kind trades',
      );
    const made = [];
    for (const symbol of symbols)
      made.push(
        await derivedBars(dataset, {
          symbol,
          timeframe: args.timeframe,
          source: args.source,
          completeUntil: args.until === undefined ? undefined : parseTime(args.until),
        }),
      );
    const manifest = await writeDataset(root, dataset.id, made);
    if (!args.json)
      for (const line of findingLines(
        made.flatMap(({ findings }) => findings),
        12,
      ))
        say(line);
    present(
      args,
      {
        dataset: manifest.id,
        version: manifest.version,
        series: made.map(({ series, source, findings }) => ({
          symbol: series.symbol,
          timeframe: series.timeframe ?? null,
          rows: series.rows,
          from: series.ts[0] ?? NaN,
          to: series.ts[series.rows - 1] ?? NaN,
          source: source.file,
          findings,
        })),
      },
      result =>
        [
          ...result.series.map(
            ({ symbol, timeframe, rows, from, to, source }) =>
              `${grouped(rows)} bars ${timeframe} of ${symbol}, ${formatTime(from)} to ${formatTime(to)}, from ${source}`,
          ),
          `Dataset ${result.dataset}@${result.version.slice(0, 12)} has them`,
        ].join('\n'),
    );
  },
};
