import { existsSync } from 'node:fs';
import { openDataset, verifyDataset, type Dataset } from '../datasets/catalogue.js';
import { readFiles } from '../datasets/import/read-files.js';
import { loadSeries } from '../datasets/load-series.js';
import { compareSeries } from '../datasets/quality/against.js';
import type { Finding, Imported } from '../datasets/series.js';
import { badData, usageError } from '../errors.js';
import { findingCounts, findingLines } from './findings.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** Every series of a dataset as it was imported. */
const seriesOf = async (dataset: Dataset): Promise<Imported[]> =>
  Promise.all(
    dataset.entries.map(async ({ symbol, kind, timeframe, sources }): Promise<Imported> => {
      const chunk = await loadSeries(dataset, { symbol, kind, timeframe });
      const [source] = sources;
      const instrument = dataset.instruments.get(symbol);
      if (!source || !instrument)
        throw badData(
          'incomplete-manifest',
          `Dataset "${dataset.id}" does not say where its ${kind} of ${symbol} came from.`,
          'Import it again.',
        );
      return { series: chunk, instrument, source, findings: [], synthetic: dataset.manifest.synthetic };
    }),
  );

/** A second source: a file where there is one of that name, else a dataset. */
const secondSource = async (root: string, against: string, symbol: string | undefined): Promise<Imported[]> => {
  if (existsSync(against))
    return readFiles([against], { mode: 'report', exchange: 'second-source', ...(symbol === undefined ? {} : { symbol }) });
  if (/[\\/]|\.(csv|gz|zip|parquet|ndjson|jsonl)$/i.test(against))
    throw usageError('no-such-file', `There is no file ${against}.`, 'Check the path, or name a dataset.');
  return seriesOf(await openDataset(root, against));
};

const listed = (all: readonly Imported[]): string =>
  all.length === 0 ? 'nothing' : all.map(({ series }) => `${series.kind} of ${series.symbol}`).join(', ');

const compareAll = (ours: readonly Imported[], others: readonly Imported[], symbol: string | undefined): Finding[] => {
  const mine = ours.filter(({ series }) => symbol === undefined || series.symbol === symbol);
  const symbols = new Set(mine.map(({ series }) => series.symbol));
  const compared = mine.flatMap(one => {
    // A file that names no market of ours is compared with the only one there is: a wrong label is what is looked for.
    const matching = others.filter(
      ({ series }) => series.kind === one.series.kind && (series.symbol === one.series.symbol || symbols.size === 1),
    );
    return matching.slice(0, 1).flatMap(good => compareSeries(one, good));
  });
  if (compared.length === 0)
    throw usageError(
      'nothing-in-common',
      `The second source has no kind and symbol in common with the dataset: it has ${listed(others)}, the dataset ${listed(mine)}.`,
      'Name the symbol with --symbol, or give a source of the same market.',
    );
  return compared;
};

/** Check a dataset: its files against their hashes, what its import found, and its data against a second source when one is named. */
export const checkDataset = async (args: {
  readonly workspace: string;
  readonly json: boolean;
  readonly dataset: string;
  readonly against?: string | undefined;
  readonly symbol?: string | undefined;
}): Promise<void> => {
  const { root } = workspaceAt(args.workspace);
  const dataset = await openDataset(root, args.dataset);
  const { id, version } = dataset.manifest;
  const damaged = await verifyDataset(dataset);
  // A file whose name does not say its market is held against the only one there is.
  const symbols = [...new Set(dataset.entries.map(({ symbol }) => symbol))];
  const onlySymbol = symbols.length === 1 ? symbols[0] : undefined;
  const compared =
    args.against === undefined || damaged.length > 0
      ? []
      : compareAll(await seriesOf(dataset), await secondSource(root, args.against, args.symbol ?? onlySymbol), args.symbol);
  // What the import says about not having been compared is over once it is.
  const known = dataset.manifest.findings.filter(({ code }) => compared.length === 0 || code !== 'not-compared');
  const findings = [...compared, ...known];
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  present(
    args,
    { dataset: id, version, ok: damaged.length + errors === 0, damaged, checkedAgainst: args.against ?? null, findings },
    result =>
      [
        ...result.damaged.map(({ path, reason }) => `error   ${reason.padEnd(18)} ${path}`),
        ...findingLines(result.findings, 50),
        `${id}@${version.slice(0, 12)}: ${findingCounts(result.findings)}; ${damaged.length === 0 ? 'every file has its hash' : `${damaged.length} files are damaged`}.`,
        ...(args.against === undefined ? ['Checked alone: a wrong market, zone or label shows only with --against a second source.'] : []),
      ].join('\n'),
  );
  if (damaged.length > 0)
    throw badData('damaged-dataset', `${damaged.length} files of dataset ${id} are missing or altered.`, 'Import its data again.');
  if (errors > 0)
    throw badData(
      'bad-data',
      `Dataset ${id} has ${errors} error${errors === 1 ? '' : 's'}.`,
      compared.some(({ severity }) => severity === 'error')
        ? 'Import it again read as these findings say, or from the right source: what a comparison finds --repair cannot mend.'
        : 'Import it again with --repair, or from a better source.',
    );
};
