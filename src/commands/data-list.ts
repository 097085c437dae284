import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly dataset?: string | undefined;
}

/** `quantai data list [dataset]` */
export const dataList: CommandModule<GlobalOptions, Args> = {
  command: 'list [dataset]',
  describe: 'Datasets of the workspace, or the series of one',
  builder: cli =>
    cli
      .positional('dataset', { type: 'string', describe: 'Name, or name@version' })
      .example('$0 data list', 'all datasets')
      .example('$0 data list btc', 'symbols, kinds, ranges and findings of one')
      .example('$0 data list --json', 'with versions, files, hashes and how each source was read'),
  handler: async args => {
    const [
      { listDatasets, openDataset },
      { formatTime },
      { workspaceAt },
      { table },
      { grouped },
      { findingCounts, findingLines },
      { present },
    ] = await Promise.all([
      import('../datasets/catalogue.js'),
      import('../time.js'),
      import('./workspace.js'),
      import('./table.js'),
      import('./figures.js'),
      import('./findings.js'),
      import('./terminal.js'),
    ]);
    const { root } = workspaceAt(args.workspace);
    if (args.dataset !== undefined) {
      const { manifest } = await openDataset(root, args.dataset);
      present(args, manifest, ({ id, version, synthetic, series, findings }) =>
        [
          `${id}@${version.slice(0, 12)}${synthetic ? '  SYNTHETIC' : ''}`,
          '',
          table(
            [
              { title: 'symbol' },
              { title: 'kind' },
              { title: 'timeframe' },
              { title: 'rows', align: 'right' },
              { title: 'from' },
              { title: 'to' },
            ],
            series.map(({ symbol, kind, timeframe, rows, from, to }) => [
              symbol,
              kind,
              timeframe ?? '',
              grouped(rows),
              formatTime(from),
              formatTime(to),
            ]),
          ),
          '',
          `Findings: ${findingCounts(findings)}`,
          ...findingLines(findings, 20),
        ].join('\n'),
      );
      return;
    }
    const datasets = (await listDatasets(root)).map(({ manifest: { id, version, synthetic, series, findings } }) => ({
      id,
      version,
      synthetic,
      symbols: [...new Set(series.map(({ symbol }) => symbol))],
      series: series.map(({ kind, symbol, timeframe, rows, from, to }) => ({ kind, symbol, timeframe: timeframe ?? null, rows, from, to })),
      findings: {
        error: 0,
        warning: 0,
        info: 0,
        ...Object.fromEntries(
          ['error', 'warning', 'info'].map(severity => [severity, findings.filter(each => each.severity === severity).length]),
        ),
      },
    }));
    present(args, { datasets }, ({ datasets: all }) =>
      all.length === 0
        ? `There is no dataset in ${root}.\nBring one in: quantai data import FILE… --dataset NAME, or make one: quantai data synth --dataset NAME`
        : table(
            [
              { title: 'dataset' },
              { title: 'symbols' },
              { title: 'kinds' },
              { title: 'rows', align: 'right' },
              { title: 'from' },
              { title: 'to' },
              { title: 'errors', align: 'right' },
              { title: '' },
            ],
            all.map(({ id, synthetic, symbols, series, findings }) => [
              id,
              symbols.length > 3 ? `${symbols.slice(0, 3).join(' ')} +${symbols.length - 3}` : symbols.join(' '),
              [...new Set(series.map(({ kind, timeframe }) => (timeframe ? `${kind} ${timeframe}` : kind)))].join(', '),
              grouped(series.reduce((sum, { rows }) => sum + rows, 0)),
              formatTime(Math.min(...series.map(({ from }) => from))),
              formatTime(Math.max(...series.map(({ to }) => to))),
              findings.error,
              synthetic ? 'SYNTHETIC' : '',
            ]),
          ),
    );
  },
};
