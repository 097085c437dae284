import { basename } from 'node:path';
import { openDataset, type Dataset } from '../datasets/catalogue.js';
import { loadSeries } from '../datasets/load-series.js';
import { usageError } from '../errors.js';
import { timeframeMs } from '../market/timeframe.js';
import { keepFillModel, type FillSource, type IntervalSource } from '../sim/fills/fill-model.js';
import type { FillObservation } from '../sim/fills/fill-observation.js';
import { fitFillModel, type FillFit, type FittedParameter } from '../sim/fills/fit-fill-model.js';
import { intervalBars, type IntervalAt } from '../sim/fills/interval-bars.js';
import { checkModelName, nameFromFile, shortVersion } from '../sim/fills/kept-model.js';
import { readFillFile } from '../sim/fills/read-fill-file.js';
import { formatTime } from '../time.js';
import { grouped, percent, ratio } from './figures.js';
import type { FitFillsArguments } from './fit.js';
import { recordedFills } from './recorded-fills.js';
import { table } from './table.js';
import { present, say } from './terminal.js';
import { workspaceAt, type Workspace } from './workspace.js';

/** Fills with where they and their intervals came from. */
interface Gathered {
  readonly observations: readonly FillObservation[];
  readonly source: FillSource;
  readonly interval: IntervalSource;
  readonly withoutBar: number;
  readonly label: string;
}

/** Intervals of every symbol that `symbols` names, or of the one that stands for fills without a symbol. */
const barsOf = async (dataset: Dataset, symbols: readonly string[], timeframe: string | undefined) => {
  const found = new Map<string, IntervalAt>();
  let used = timeframe ?? '';
  for (const symbol of symbols) {
    const chunk = await loadSeries(dataset, { symbol, kind: 'bars', ...(timeframe !== undefined && { timeframe }) });
    used = chunk.timeframe ?? used;
    found.set(symbol, intervalBars(chunk, timeframeMs(used)));
  }
  return { found, timeframe: used };
};

const fromFiles = async ({ root }: Workspace, args: FitFillsArguments): Promise<Gathered> => {
  const files = args.files ?? [];
  let intervalOf: ((symbol: string) => IntervalAt) | null = null;
  let interval: IntervalSource = 'given';
  if (args.dataset !== undefined) {
    const dataset = await openDataset(root, args.dataset);
    const all = [...new Set(dataset.entries.flatMap(({ kind, symbol }) => (kind === 'bars' ? [symbol] : [])))].sort();
    const { found, timeframe } = await barsOf(dataset, args.symbol === undefined ? all : [args.symbol], args.timeframe);
    intervalOf = named => {
      const symbol = args.symbol ?? (named !== '' ? named : all.length === 1 ? (all[0] ?? '') : '');
      const bars = found.get(symbol);
      if (bars !== undefined) return bars;
      throw usageError(
        'unknown-symbol',
        symbol === '' ? 'The fills name no symbol, and the dataset has several.' : `Dataset "${dataset.id}" has no bars of "${symbol}".`,
        `Name one with --symbol: ${all.join(', ')}.`,
      );
    };
    interval = { dataset: dataset.id, version: dataset.manifest.version, timeframe };
  }
  const read = await Promise.all(files.map(file => readFillFile(file, intervalOf)));
  return {
    observations: read.flatMap(({ observations }) => observations),
    source: { kind: 'files', files: read.map(({ sha256 }, i) => ({ file: basename(files[i] ?? ''), sha256 })) },
    interval,
    withoutBar: read.reduce((sum, { withoutBar }) => sum + withoutBar, 0),
    label: files.join(', '),
  };
};

const gather = async (workspace: Workspace, args: FitFillsArguments): Promise<Gathered> => {
  const { run, files = [] } = args;
  if (run !== undefined && files.length > 0) throw usageError('bad-option', 'Fills come from files or from --run, not from both.');
  if (run !== undefined) {
    const recorded = await recordedFills(workspace, run);
    return { ...recorded, source: { kind: 'run', run: recorded.runId }, label: `Run ${recorded.runId}` };
  }
  if (files.length === 0) throw usageError('no-fills', 'There is nothing to fit.', 'Name a CSV of fills, or a run with --run.');
  return fromFiles(workspace, args);
};

const parameterRow = (name: string, { value, error, low, high }: FittedParameter): readonly string[] => [
  name,
  ratio(value, 4),
  error === null ? 'on its bound' : ratio(error, 4),
  `${ratio(low, 4)} to ${ratio(high, 4)}`,
];

const text = (fit: FillFit, reference: string, path: string): string => {
  const { n, range, spread, parameters, largestShare, heldOut, warnings } = fit;
  return [
    `${grouped(n)} fills, ${formatTime(range.from)} to ${formatTime(range.to)}, up to ${percent(largestShare)} of their interval’s volume`,
    '',
    table(
      [
        { title: 'parameter' },
        { title: 'value', align: 'right' },
        { title: '± s.e.', align: 'right' },
        { title: '95 % interval', align: 'right' },
      ],
      [
        parameterRow(`spread, bp (${spread})`, parameters.spreadBps),
        parameterRow('coefficient', parameters.coefficient),
        parameterRow('exponent', parameters.exponent),
      ],
    ),
    '',
    `Error on the last ${grouped(heldOut.n)} fills, held out from ${formatTime(heldOut.from)}:`,
    table(
      [{ title: 'model' }, { title: 'RMSE, bp', align: 'right' }],
      [
        ['this model', ratio(heldOut.rmseBps, 3)],
        [`fixed-bps:${ratio(heldOut.fixedBps, 3)}`, ratio(heldOut.fixedBpsRmse, 3)],
        ['none', ratio(heldOut.noneRmse, 3)],
      ],
    ),
    `Squared error below that of fixed basis points by ${percent(heldOut.skill.value)} (95 %: ${percent(heldOut.skill.low)} to ${percent(heldOut.skill.high)})`,
    '',
    ...warnings.map(warning => `Warning: ${warning}`),
    ...(warnings.length > 0 ? [''] : []),
    `Written to ${path}`,
    `Use it with: --slippage fitted:${reference}`,
  ].join('\n');
};

/** Fit a fill model, keep it in the workspace and print what it is worth. */
export const fitFills = async (args: FitFillsArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const name = checkModelName(args.name ?? nameFromFile(args.run ?? args.files?.[0] ?? ''));
  const { observations, source, interval, withoutBar, label } = await gather(workspace, args);
  if (withoutBar > 0) say(`note: ${grouped(withoutBar)} fills left out: no bar with volume holds them`);
  const fit = fitFillModel(observations, { source: label, seed: args.seed });
  const kept = await keepFillModel(workspace.root, name, { ...fit }, source, interval);
  const reference = `${name}@${shortVersion(kept.version)}`;
  const simulated =
    source.kind === 'run' ? ['These fills were simulated: the model repeats what that run assumed, and says nothing of a venue.'] : [];
  const shown = { ...fit, warnings: [...simulated, ...fit.warnings] };
  present(args, { name, version: kept.version, reference, path: kept.path, source, interval, withoutBar, ...shown }, () =>
    text(shown, reference, kept.path),
  );
};
