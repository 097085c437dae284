import { createHash } from 'node:crypto';
import { usageError } from '../errors.js';
import type { Bar, Chunk } from '../events/market.js';
import type { Feed } from '../events/feed.js';
import type { Instrument } from '../market/instrument.js';
import { paysFunding, settlementAsset } from '../market/instrument.js';
import type { IndicatorColumns } from '../engine/bar-line.js';
import { Engine } from '../engine/engine.js';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params, RunManifest, RunResult } from '../engine/run-result.js';
import { timeframeMs } from '../market/timeframe.js';
import { ForecastDesk } from '../models/forecast-desk.js';
import type { ForecastSource } from '../models/forecast-source.js';
import { inlineTrainer, type Trainer } from '../models/trainer.js';
import { canonicalJson } from '../datasets/canonical-json.js';
import type { RoundTrip } from '../portfolio/fill.js';
import { roundTrips } from '../portfolio/round-trips.js';
import { wholeFeed } from '../datasets/whole-feed.js';
import { PLATFORM } from '../engine/platform.js';
import type { Strategy } from '../strategies/strategy.js';
import { assumptionsOf, planAssumption } from './assumptions.js';
import { bookAssumptions, finerAssumption } from './fill-assumptions.js';
import { exchangeRules, simulatedExchange } from './exchange-rules.js';
import type { TraceEntry } from './matching/market.js';
import { ownLoop } from './own-loop.js';
import { plainRun, type PlainOutcome } from './plain-run.js';
import type { PlainScratch } from './plain-scratch.js';
import { mayBePlain, plainTerms } from './plain-terms.js';
import { requireFunding } from './run-defaults.js';

/** One backtest: what to run, on what, under which assumptions. */
export interface BacktestSpec {
  readonly strategy: Strategy;
  /** Resolved values (see `resolveParams`). */
  readonly params: Params;
  /** SHA-256 of the strategy's bundle, or `builtin:<name>`. */
  readonly bundle: string;
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
  readonly feed: Feed;
  /** Keep every fact in the result; off in searches. The fingerprint is the same either way. Default true. */
  readonly keepFacts?: boolean;
  /**
   * Everything that the feed brings, where it is in memory. A run of which nothing is out of the ordinary is then played by `plainRun`, several times as fast and with the same result; its facts and lists are made when they are read.
   */
  readonly chunks?: readonly Chunk[];
  /** Instead of `chunks`: rows up to which the feed may be read whole before anything is played. Read as it comes when left out, and for runs that the engine plays in any case. */
  readonly wholeUpTo?: number;
  /** The strategy as if it had never run, for the engine after `plainRun` has begun a run and given it up: what a user keeps in a module survives from one run to the next. Left out, the engine begins with what is there. */
  readonly fresh?: () => Promise<Strategy>;
  /** Memory of the run before, for one that `plainRun` plays: the result is then good until the next run with it begins. */
  readonly scratch?: PlainScratch;
  /** Columns of indicators shared with other runs over the same chunks. */
  readonly indicators?: IndicatorColumns;
  /** Forecasts made over the same data before; left out, the strategy's models are trained in the run. */
  readonly forecasts?: ForecastSource;
  /** Who trains them; this thread by default. */
  readonly trainer?: Trainer;
  /** Play no further than this moment and leave everything as it is then, as if the run were cut off; for verification. */
  readonly until?: number;
  /** Called every few ten thousand bars with the clock's time and the bars done. */
  readonly onProgress?: (now: number, bars: number) => void;
  readonly signal?: AbortSignal;
  /** Hears what happens to orders at the venue. */
  readonly trace?: (entry: TraceEntry) => void;
  /** Sees every bar with the indicator values that the strategy sees; for verification. */
  readonly observe?: (bar: Bar, values: Readonly<Record<string, unknown>>) => void;
}

/** Throws a usage error for symbols whose profit is paid in different assets: one account has one. */
const requireOneSettlement = (instruments: readonly Instrument[]): void => {
  const [first, ...others] = instruments;
  const other = others.find(({ symbol }) => first && settlementAsset(symbol) !== settlementAsset(first.symbol));
  if (first && other)
    throw usageError(
      'mixed-settlement',
      `${first.symbol} settles in ${settlementAsset(first.symbol)} and ${other.symbol} in ${settlementAsset(other.symbol)}; an account of a run is kept in one asset.`,
      'Run them apart, or choose contracts of one settlement asset with --symbols.',
    );
};

/** Models at work on the run's own data, or none for a strategy that asks for none. */
const forecastsOf = async (spec: BacktestSpec, instruments: readonly Instrument[]): Promise<ForecastSource | null> => {
  const { strategy, params, bundle, config } = spec;
  const recipe = forecastRecipe(strategy, params, config, bundle);
  if (recipe === null) return null;
  if (spec.forecasts) return spec.forecasts;
  for (const model of Object.values(recipe.models)) await model.prepare?.();
  return new ForecastDesk({
    recipe,
    symbols: instruments.map(({ symbol }) => symbol),
    barMs: timeframeMs(config.timeframe),
    seed: config.seed,
    trainer: spec.trainer ?? inlineTrainer(undefined, spec.signal),
  });
};

/** The run as `plainRun` plays it; null where it may not, or where somebody wants to see more of it than its result. */
const plainly = async (
  spec: BacktestSpec,
  instruments: readonly Instrument[],
  manifest: () => string,
): Promise<PlainOutcome | 'given up' | null> => {
  const { strategy, params, config, feed, chunks } = spec;
  const [instrument] = instruments;
  if (spec.scratch) spec.scratch.outcome = null;
  if (chunks === undefined || instrument === undefined) return null;
  if (spec.trace || spec.observe || spec.until !== undefined) return null;
  const data = plainTerms(strategy, config, instruments, chunks);
  if (data === null) return null;
  const outcome = await plainRun({
    strategy,
    params,
    config,
    instrument,
    data,
    inputs: feed.inputs.length,
    ...((spec.keepFacts ?? true) && { facts: { manifest: manifest(), inputs: feed.inputs } }),
    rules: exchangeRules(config, instruments, feed.inputs),
    cache: spec.indicators ?? null,
    signal: spec.signal ?? null,
    ...(spec.onProgress && { onProgress: spec.onProgress }),
    scratch: spec.scratch ?? null,
    // Worth a module where the strategy is run again and again.
    ...(!(spec.keepFacts ?? true) && { play: await ownLoop(strategy) }),
  });
  return outcome ?? 'given up';
};

/** The run on data in memory, where it may be read whole and is worth it. */
const readWhole = async (spec: BacktestSpec, instruments: readonly Instrument[]): Promise<BacktestSpec> => {
  const { strategy, config, feed, chunks, wholeUpTo = 0, signal } = spec;
  const rows = feed.inputs.reduce((sum, input) => sum + input.rows, 0);
  if (chunks !== undefined || rows > wholeUpTo || !mayBePlain(strategy, config, instruments)) return spec;
  return { ...spec, ...(await wholeFeed(feed, signal)) };
};

/**
 * Run a strategy over a feed against the simulated exchange. Same spec, same fingerprint. Throws a UserError for a perpetual without funding
 * data, for a strategy that breaks the rules, and an AbortError when the signal says so.
 */
export const backtest = async (given: BacktestSpec): Promise<RunResult> => {
  const { strategy, params, bundle, config, feed } = given;
  // The rules break ties by symbol, so the order in which symbols are named must not matter.
  const instruments = [...config.symbols].sort().map(symbol => {
    const instrument = given.instruments.find(i => i.symbol === symbol);
    if (!instrument) throw new RangeError(`no instrument for ${symbol}`);
    return instrument;
  });
  requireOneSettlement(instruments);
  if (config.funding.kind === 'settled')
    for (const instrument of instruments)
      if (paysFunding(instrument))
        requireFunding(
          instrument.symbol,
          feed.inputs.filter(i => i.kind === 'funding' && i.symbol === instrument.symbol).reduce((rows, i) => rows + i.rows, 0),
        );
  const manifest: RunManifest = {
    platform: PLATFORM,
    strategy: { name: strategy.name, bundle },
    params,
    config,
    instruments,
    inputs: feed.inputs,
  };
  const spec = await readWhole(given, instruments);
  const forecasts = await forecastsOf(spec, instruments);
  const manifestHash = (): string => createHash('sha256').update(canonicalJson(manifest)).digest('hex');
  const plain = await plainly(spec, instruments, manifestHash);
  if (plain !== null && plain !== 'given up') {
    const { fingerprint, bars, events, curve, fills, funding, plots, notes, facts } = plain;
    let trips: readonly RoundTrip[] | undefined;
    return {
      fingerprint,
      bars,
      events,
      curve,
      plots,
      notes,
      manifest,
      initialCapital: config.capital,
      finalEquity: curve.equity[curve.length - 1] ?? config.capital,
      get fills() {
        return fills();
      },
      get funding() {
        return funding();
      },
      get roundTrips() {
        return (trips ??= roundTrips(fills(), funding()));
      },
      liquidations: [],
      refusals: {},
      halted: null,
      get assumptions() {
        return assumptionsOf(config, instruments, feed.inputs);
      },
      forecasts: null,
      get facts() {
        return facts?.facts ?? [];
      },
      ...(facts && { states: facts.states }),
    };
  }
  const venue = simulatedExchange(config, instruments, feed.inputs);
  venue.trace = spec.trace ?? null;
  const played = plain === 'given up' ? await spec.fresh?.() : undefined;
  const engine = new Engine(
    {
      strategy: played ?? strategy,
      params,
      config,
      instruments,
      venue,
      costs: venue.rules,
      feedLatency: (ts, line) => venue.rules.latency.feed(ts, line),
      manifestHash: manifestHash(),
      keepFacts: spec.keepFacts ?? true,
      cache: spec.indicators ?? null,
      forecasts,
      until: spec.until ?? Infinity,
      onProgress: spec.onProgress ?? null,
      signal: spec.signal ?? null,
      observe: spec.observe ?? null,
    },
    feed.inputs,
  );
  await engine.run(spec.feed);
  const curve = engine.recorder.curve();
  const { fills, funding, liquidations, refusals } = engine.fold;
  return {
    manifest,
    fingerprint: engine.fingerprint.digest(),
    bars: engine.bars,
    events: engine.events,
    initialCapital: config.capital,
    finalEquity: curve.equity[curve.length - 1] ?? config.capital,
    curve,
    fills,
    roundTrips: roundTrips(fills, funding),
    funding,
    liquidations,
    refusals,
    halted: engine.halted,
    assumptions: [
      ...assumptionsOf(config, instruments, feed.inputs),
      ...(engine.plans.isUsed ? [planAssumption(engine.plans.config)] : []),
      ...finerAssumption(config, venue.walkedBars()),
      ...bookAssumptions(venue.bookRecords()),
    ],
    plots: engine.host.plots,
    notes: engine.notes,
    forecasts: forecasts?.record(config.from) ?? null,
    facts: engine.facts,
    ...((spec.keepFacts ?? true) && { states: engine.states }),
  };
};
