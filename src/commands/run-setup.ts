import { findSeries, openDataset, type Dataset } from '../datasets/catalogue.js';
import { loadAllSeries } from '../datasets/load-series.js';
import type { SeriesEntry } from '../datasets/manifest.js';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import type { MarginConfig, RunConfig } from '../engine/run-config.js';
import { didYouMean, usageError } from '../errors.js';
import type { MarketKind } from '../events/market.js';
import { featureSetNeeds } from '../features/feature-set.js';
import { paysFunding, type Instrument } from '../market/instrument.js';
import { timeframe as checkedTimeframe, timeframeMs } from '../market/timeframe.js';
import { requireWholeFunding } from '../sim/funding-coverage.js';
import { runConfig } from '../sim/run-defaults.js';
import { resolveStrategy, type ResolvedStrategy } from '../strategies/load.js';
import { resolveParams } from '../strategies/params.js';
import type { Strategy } from '../strategies/strategy.js';
import { readConfig } from './config-file.js';
import type { WorkspaceConfig } from './workspace-config.js';
import { pairs } from './key-values.js';
import { merged, overlay, overridesOf, type RunOptions, type RunOverrides } from './run-options.js';
import { fillsOf } from './run-depth.js';
import { workspaceAt, type Workspace } from './workspace.js';

/** What `backtest` and `walkforward` are given on the command line. */
export interface RunArguments extends RunOptions {
  readonly workspace: string;
  readonly strategy: string;
  readonly dataset?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly venue?: string | undefined;
}

/** Everything that a run needs, checked. */
export interface RunSetup {
  readonly workspace: Workspace;
  readonly settings: WorkspaceConfig;
  readonly strategy: ResolvedStrategy;
  readonly dataset: Dataset;
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
  /** Parameters that the user named, as texts. */
  readonly params: Readonly<Record<string, string>>;
  /** Kinds to read, and those to read where the dataset has them. */
  readonly kinds: readonly MarketKind[];
  readonly optionalKinds: readonly MarketKind[];
}

const barsOf = (dataset: Dataset, wanted: RunOverrides): readonly SeriesEntry[] => {
  const bars = dataset.entries.filter(entry => entry.kind === 'bars');
  const held = [...new Set(bars.map(entry => entry.symbol))];
  if (held.length === 0)
    throw usageError('no-bars', `Dataset "${dataset.id}" has no bars.`, 'Import some: quantai data import FILE --kind bars');
  for (const symbol of wanted.symbols ?? [])
    if (!held.includes(symbol))
      throw usageError(
        'unknown-symbol',
        `Dataset "${dataset.id}" has no bars of "${symbol}".${didYouMean(symbol, held)}`,
        `It has ${held.join(', ')}.`,
      );
  const chosen = bars.filter(entry => wanted.symbols === undefined || wanted.symbols.includes(entry.symbol));
  const frames = [...new Set(chosen.map(entry => entry.timeframe ?? ''))].sort((a, b) => timeframeMs(a) - timeframeMs(b));
  if (wanted.timeframe === undefined && frames.length > 1)
    throw usageError(
      'which-timeframe',
      `Dataset "${dataset.id}" has bars at ${frames.join(', ')}.`,
      `Choose one, e.g. --timeframe ${frames[0]}.`,
    );
  const timeframe = wanted.timeframe ?? frames[0];
  const found = chosen.filter(entry => entry.timeframe === timeframe);
  const lacking = (wanted.symbols ?? []).filter(symbol => !found.some(entry => entry.symbol === symbol));
  if (found.length === 0 || lacking.length > 0)
    throw usageError(
      'missing-timeframe',
      `Dataset "${dataset.id}" has no ${timeframe} bars${lacking.length > 0 ? ` of ${lacking.join(', ')}` : ''}; it has ${frames.join(', ')}.`,
      `Use --timeframe ${frames[0]}; a strategy builds longer bars from them by its \`needs\`.`,
    );
  return found;
};

const exchangeOf = (instruments: readonly Instrument[]): string => {
  const exchanges = [...new Set(instruments.map(({ exchange }) => exchange))];
  const [exchange = ''] = exchanges;
  if (exchanges.length > 1)
    throw usageError(
      'mixed-exchanges',
      `These symbols trade on ${exchanges.join(' and ')}.`,
      'Choose symbols of one exchange with --symbols.',
    );
  return exchange;
};

/** The run's configuration: the venue's preset under the workspace's settings under the command line; the window defaults to all of the data. */
const configure = (
  dataset: Dataset,
  wanted: RunOverrides,
  venue: string | undefined,
): { config: RunConfig; instruments: readonly Instrument[] } => {
  const entries = barsOf(dataset, wanted);
  const [first] = entries;
  const symbols = [...new Set(entries.map(entry => entry.symbol))].sort();
  const instruments = symbols.flatMap(symbol => dataset.instruments.get(symbol) ?? []);
  const timeframe = first?.timeframe ?? '1h';
  const { fills, risk, delays, training, margin, ...plain } = wanted;
  const request = {
    ...plain,
    exchange: venue ?? exchangeOf(instruments),
    symbols,
    timeframe,
    from: wanted.from ?? Math.min(...entries.map(entry => entry.from)),
    to: wanted.to ?? Math.max(...entries.map(entry => entry.to)) + timeframeMs(timeframe),
  };
  for (const symbol of [...Object.keys(margin?.leverage ?? {}), ...Object.keys(margin?.tiers ?? {})])
    if (!symbols.includes(symbol))
      throw usageError(
        'unknown-symbol',
        `A margin setting names ${symbol}, which is not in the run.${didYouMean(symbol, symbols)}`,
        `The run has ${symbols.join(', ')}.`,
      );
  const base = runConfig(request);
  const config = runConfig({
    ...request,
    fills: fillsOf(dataset, base, fills ?? {}, symbols),
    ...(base.margin && {
      margin: { ...base.margin, ...margin, liquidation: merged(base.margin.liquidation, margin?.liquidation) } as MarginConfig,
    }),
    risk: merged(base.risk, risk),
    delays: merged(base.delays, delays),
    ...(training && {
      training: merged({ enableTraining: null, modelRetrainEveryNSteps: null, historyLimit: null, trainingDelay: null }, training),
    }),
  });
  return { config, instruments };
};

/**
 * Kinds beyond bars that the strategy needs. Throws a usage error for one that the dataset lacks where the strategy asks for it: a strategy that waits for trades that
 * never come would look like one that does not trade. Only perpetuals have funding to lack.
 */
const kindsNeeded = (
  strategy: Strategy,
  given: Readonly<Record<string, string>>,
  dataset: Dataset,
  instruments: readonly Instrument[],
  timeframe: string,
): readonly MarketKind[] => {
  const universe = instruments.map(({ symbol }) => symbol);
  const declared =
    strategy.needs?.({ universe, timeframe: checkedTimeframe(timeframe), params: resolveParams(strategy.params, given) }) ?? [];
  const needs = ('kind' in declared ? [declared] : declared).filter(({ kind }) => kind !== 'bars');
  const paying = new Set(instruments.filter(paysFunding).map(({ symbol }) => symbol));
  const has = (symbol: string, kind: MarketKind): boolean => dataset.entries.some(each => each.kind === kind && each.symbol === symbol);
  const choices = needs.filter(({ optional }) => optional === true);
  for (const { kind, symbols, optional } of needs)
    for (const symbol of symbols) {
      if (kind === 'funding' && !paying.has(symbol)) continue;
      if (optional === true && choices.some(choice => choice.symbols.includes(symbol) && has(symbol, choice.kind))) continue;
      findSeries(dataset, { symbol, kind });
    }
  return needs.map(({ kind }) => kind);
};

/** Throws when a perpetual's funding has a hole while the run may hold it: from its first bar in the window to its last. One without any funding the simulation refuses itself. */
const checkFunding = async (dataset: Dataset, config: RunConfig, instruments: readonly Instrument[]): Promise<void> => {
  const { from, to, timeframe } = config;
  const held = instruments.filter(paysFunding).flatMap(({ symbol }) => {
    const funding = dataset.entries.find(entry => entry.symbol === symbol && entry.kind === 'funding');
    const bars = findSeries(dataset, { symbol, kind: 'bars', timeframe });
    return funding ? [{ symbol, from: Math.max(from, bars.from), to: Math.min(to, bars.to + timeframeMs(timeframe)) }] : [];
  });
  const loaded = await loadAllSeries(
    dataset,
    held.map(({ symbol }) => ({ symbol, kind: 'funding' })),
  );
  requireWholeFunding(
    loaded.map(({ chunk: { rows, ts, columns } }, i) => ({ ...held[i]!, rows, ts, interval: columns[1] ?? new Float64Array() })),
  );
};

/** Resolve strategy, dataset and configuration. Throws `UserError`s that say what is wrong and how to mend it. */
export const setUpRun = async (args: RunArguments): Promise<RunSetup> => {
  const workspace = workspaceAt(args.workspace);
  const settings = await readConfig(workspace);
  const strategy = await resolveStrategy(args.strategy, { cacheDir: workspace.bundles });
  const named = args.dataset ?? settings.dataset;
  if (named === undefined)
    throw usageError(
      'which-dataset',
      'No dataset is named.',
      'Say --dataset NAME, e.g. --dataset sample, or set `dataset` in quantai.config.ts.',
    );
  const dataset = await openDataset(workspace.root, named);
  const { config, instruments } = configure(dataset, overlay(settings.run, overridesOf(args, workspace.root)), args.venue);
  const params = pairs('param', args.param ?? []);
  const needed = kindsNeeded(strategy.strategy, params, dataset, instruments, config.timeframe);
  const recipe = forecastRecipe(strategy.strategy, resolveParams(strategy.strategy.params, params), config);
  const funding = config.funding.kind === 'settled' && instruments.some(paysFunding);
  if (funding) await checkFunding(dataset, config, instruments);
  return {
    workspace,
    settings,
    strategy,
    dataset,
    config,
    instruments,
    params,
    kinds: config.fills.kind === 'bars' ? ['bars'] : ['bars', config.fills.kind],
    // Membership always: without it a cross-section would hold what was not listed yet. Funding is optional here because the simulation itself says best that it is missing, and
    // how to go on.
    optionalKinds: [
      ...new Set<MarketKind>([
        'universe',
        ...(config.fills.kind === 'bars' ? [] : (['quotes', 'trades'] as const)),
        ...(funding ? (['funding', 'mark'] as const) : []),
        ...needed,
        ...(recipe ? featureSetNeeds(recipe.features) : []),
      ]),
    ],
  };
};
