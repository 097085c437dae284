import { join } from 'node:path';
import type { Dataset } from '../datasets/catalogue.js';
import { loadAllSeries } from '../datasets/load-series.js';
import { writeFileDurably } from '../durable-file.js';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import { roundTripCost } from '../engine/round-trip-cost.js';
import { usageError, UserError } from '../errors.js';
import type { Chunk, MarketKind } from '../events/market.js';
import { featureSetId, featureSetNeeds, type FeatureSet } from '../features/feature-set.js';
import { FEATURE_SETS, featureSetByName } from '../features/sets/feature-sets.js';
import { fixedHorizon } from '../models/labels/fixed-horizon.js';
import type { Label } from '../models/labels/label.js';
import { featureReport } from '../reports/feature-report.js';
import { resolveParams } from '../strategies/params.js';
import { formatDate } from '../time.js';
import { listedSet, setsText, setText } from './feature-list.js';
import { windowRows } from './feature-rows.js';
import { studyFeatures } from './feature-study.js';
import { studyText } from './feature-summary.js';
import { FEATURE_FILE, featureFolder, writeFeatureTable } from './feature-table.js';
import { walkFeatures } from './feature-walk.js';
import type { FeaturesArguments } from './features.js';
import { startProgress } from './progress.js';
import { reproducingCommand } from './reproduce.js';
import { setUpRun, type RunSetup } from './run-setup.js';
import { present, say, terminal } from './terminal.js';

const HORIZON = 24;

const list = (args: FeaturesArguments): void => {
  if (args.set === undefined) present(args, { featureSets: FEATURE_SETS.map(listedSet) }, ({ featureSets }) => setsText(featureSets));
  else present(args, listedSet(featureSetByName(args.set)), setText);
};

/** The label of a horizon: flat is what does not pay a round trip. */
const labelOf = (horizon: number, setup: RunSetup): Label =>
  fixedHorizon({ horizon, band: { kind: 'fraction', value: roundTripCost(setup.config) } });

/** Feature set and label: named on the command line, or those of a strategy's forecasts. */
const subjectOf = (args: FeaturesArguments, setup: RunSetup): { readonly features: FeatureSet; readonly label: Label } => {
  const given = args.horizon === undefined ? undefined : labelOf(args.horizon, setup);
  if (args.strategy === undefined) return { features: featureSetByName(args.set ?? 'core'), label: given ?? labelOf(HORIZON, setup) };
  const { strategy } = setup.strategy;
  const recipe = forecastRecipe(strategy, resolveParams(strategy.params, setup.params), setup.config);
  if (recipe === null)
    throw usageError(
      'no-forecasts',
      `Strategy ${strategy.name} makes no forecasts.`,
      'Name a feature set instead, e.g. quantai features core.',
    );
  return { features: recipe.features, label: given ?? recipe.label };
};

/** Everything that the set looks at, where the dataset has it; says what is not there. */
const load = async (dataset: Dataset, features: FeatureSet, { config }: RunSetup): Promise<readonly Chunk[]> => {
  const { symbols, timeframe, to } = config;
  const kinds = featureSetNeeds(features).filter((need): need is Exclude<typeof need, 'universe'> => need !== 'universe');
  const has = (symbol: string, kind: MarketKind): boolean => dataset.entries.some(entry => entry.symbol === symbol && entry.kind === kind);
  for (const kind of kinds) {
    const lacking = symbols.filter(symbol => !has(symbol, kind));
    if (lacking.length > 0) say(`There is no ${kind} of ${lacking.join(', ')}: columns that look at it may be empty there.`);
  }
  const loaded = await loadAllSeries(dataset, [
    ...symbols.map(symbol => ({ symbol, kind: 'bars' as const, timeframe, to })),
    ...kinds.flatMap(kind => symbols.filter(symbol => has(symbol, kind)).map(symbol => ({ symbol, kind, to }))),
  ]);
  return loaded.map(({ chunk }) => chunk);
};

/** Compute, study, keep and show. */
const study = async (args: FeaturesArguments): Promise<void> => {
  const setup = await setUpRun({ ...args, strategy: args.strategy ?? 'buy-and-hold', funding: 'none' });
  const { dataset, config, workspace } = setup;
  const { features, label } = subjectOf(args, setup);
  const { id, version, synthetic } = dataset.manifest;
  const symbols = [...config.symbols].sort();
  const { timeframe, delays, seed } = config;
  const folder = featureFolder(workspace.features, featureSetId(features), `${id}@${version.slice(0, 12)}`, timeframe);
  const chunks = await load(dataset, features, setup);
  const { signal } = terminal();
  const total = chunks.reduce((sum, { kind, rows }) => sum + (kind === 'bars' ? rows : 0), 0);
  const walking = await startProgress(args, featureSetId(features), total, 'bars');
  const store = await walkFeatures({
    features,
    label,
    symbols,
    timeframe,
    delays,
    chunks,
    signal,
    onProgress: (bars, now) => walking.update(bars, formatDate(now)),
  }).finally(() => walking.stop());
  const rows = windowRows(store, features, config.from, config.to);
  if (rows.count === 0)
    throw usageError(
      'no-rows',
      `No bar of the window has all features: ${rows.warmingUp} warm up, and ${listedSet(features).warmup} are needed.`,
      'Use a longer window, longer data or a feature set that warms up sooner, such as small.',
    );
  const studying = await startProgress(args, 'studying', rows.names.length, 'columns');
  const found = await studyFeatures({
    featureSet: featureSetId(features),
    scaler: features.scaler,
    dataset: { id, version, synthetic },
    symbols,
    timeframe,
    from: config.from,
    to: config.to,
    label: label.key,
    horizon: label.horizon,
    rows,
    seed,
    signal,
    onProgress: (columns, name) => studying.update(columns, name),
  }).finally(() => studying.stop());
  const command = reproducingCommand(terminal().argv, id, version);
  const written = await writeFeatureTable(folder, rows, symbols);
  const report = join(folder, 'report.html');
  await writeFileDurably(report, featureReport(found, command));
  await writeFileDurably(join(folder, 'study.json'), `${JSON.stringify({ ...found, command, table: written }, undefined, 2)}\n`);
  present(args, { ...found, table: { file: join(folder, FEATURE_FILE), ...written }, report }, shown => studyText(shown));
};

/** List feature sets, or compute one over a dataset and study its columns. */
export const runFeatures = async (args: FeaturesArguments): Promise<void> => {
  if (args.set !== undefined && args.strategy !== undefined)
    throw usageError('set-or-strategy', 'A feature set and a strategy are both named.', 'Name one: the strategy brings its own set.');
  if (args.set !== undefined) featureSetByName(args.set);
  if (args.list) return list(args);
  await study(args).catch((error: unknown) => {
    if (!terminal().signal.aborted || error instanceof UserError) throw error;
    throw new UserError('interrupted', 'The study was stopped; nothing was written.', 130, 'Run the same command again.');
  });
};
