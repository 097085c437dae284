import { join } from 'node:path';
import type { Dataset } from '../datasets/catalogue.js';
import { memoryFeed } from '../datasets/memory-feed.js';
import { datasetFeed } from '../datasets/replay.js';
import type { RunConfig } from '../engine/run-config.js';
import { failed } from '../errors.js';
import type { Fact } from '../events/fact.js';
import type { InputRange } from '../events/feed.js';
import type { Chunk, MarketKind } from '../events/market.js';
import type { RunnerInput, RunnerOutput, RunnerStart, StrategyRunner } from '../live/runner/strategy-runner.js';
import type { Instrument } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import { backtest } from '../sim/backtest.js';
import { openStoredBundle } from '../strategies/bundle.js';
import { loadStrategy, type StrategyRef } from '../strategies/load.js';
import type { SessionLeg } from './session-legs.js';
import { sessionRunner } from './session-runner.js';

/** Market data in memory, with where it came from. */
export interface MarketData {
  readonly chunks: readonly Chunk[];
  readonly inputs: readonly InputRange[];
  readonly synthetic: boolean;
}

/** Kinds beside bars that a session on bars looks at; deeper ones see all that there is. */
const BESIDE_BARS: readonly MarketKind[] = ['funding', 'mark'];
const DEEPER: readonly MarketKind[] = ['index', 'mark', 'book', 'quotes', 'trades', 'funding', 'open-interest'];

const kindsOf = ({ fills }: RunConfig): readonly MarketKind[] => (fills.kind === 'bars' ? BESIDE_BARS : DEEPER);

/** What a leg's backtest reads of market data that is in memory. */
export const ofLeg = ({ manifest: { config } }: SessionLeg, { chunks, inputs, synthetic }: MarketData): MarketData => {
  const kinds = kindsOf(config);
  const isRead = (each: Pick<Chunk, 'kind' | 'symbol'> & { readonly timeframe?: string }): boolean =>
    config.symbols.includes(each.symbol) && (each.kind === 'bars' ? each.timeframe === config.timeframe : kinds.includes(each.kind));
  return { chunks: chunks.filter(isRead), inputs: inputs.filter(isRead), synthetic };
};

/** Loads what a leg's backtest reads of a dataset, from its beginning up to the leg's end. */
export const ofDataset = async (dataset: Dataset, { manifest: { config }, to }: SessionLeg): Promise<MarketData> => {
  const feed = await datasetFeed(dataset, {
    symbols: config.symbols,
    timeframe: config.timeframe,
    kinds: ['bars'],
    optionalKinds: kindsOf(config),
    to,
  });
  const chunks: Chunk[] = [];
  await feed.slabs$.forEach(slab => void chunks.push(...slab.chunks));
  return { chunks, inputs: feed.inputs, synthetic: dataset.manifest.synthetic };
};

const hasRows = ({ inputs }: MarketData, kind: MarketKind): boolean => inputs.some(each => each.kind === kind && each.rows > 0);

/** Whether the data is as deep as the fills of a configuration are matched. */
export const hasDepth = ({ fills }: RunConfig, data: MarketData): boolean =>
  fills.kind === 'bars' || hasRows(data, fills.kind === 'book' ? 'book' : 'trades');

/** How fills are matched where the data is not as deep as the session's were. */
const ON_BARS: RunConfig['fills'] = { kind: 'bars', path: 'pessimistic', limits: 'through', participation: null };

const asked = (run: (done: (output: RunnerOutput) => void) => void): Promise<RunnerOutput> => new Promise(run);
const begun = (runner: StrategyRunner, start: RunnerStart): Promise<RunnerOutput> => asked(done => runner.start(start, done));
const given = (runner: StrategyRunner, input: RunnerInput): Promise<RunnerOutput> => asked(done => runner.deliver(input, done));

/** Rows that are known before a moment, and those from then on: a bar is known at its close. */
const split = (chunks: readonly Chunk[], at: number): readonly [readonly Chunk[], readonly Chunk[]] => {
  const known = ({ kind, timeframe, ts }: Chunk, row: number): number =>
    ts[row]! + (kind === 'bars' && timeframe !== undefined ? timeframeMs(timeframe) : 0);
  const cut = (chunk: Chunk, from: number, to: number): Chunk[] =>
    to > from
      ? [{ ...chunk, rows: to - from, ts: chunk.ts.subarray(from, to), columns: chunk.columns.map(column => column.subarray(from, to)) }]
      : [];
  const places = chunks.map(chunk => {
    let row = 0;
    while (row < chunk.rows && known(chunk, row) <= at) row++;
    return { chunk, row };
  });
  return [places.flatMap(({ chunk, row }) => cut(chunk, 0, row)), places.flatMap(({ chunk, row }) => cut(chunk, row, chunk.rows))];
};

/**
 * The facts of a backtest of a leg over market data: the very bundle, parameters and configuration of the session, on its budget; from a leg that began with something held, on that. Fills are matched on bars where the data has nothing deeper. Throws when the strategy does.
 */
export const replayLeg = async (
  folder: string,
  leg: SessionLeg,
  data: MarketData,
  booked: readonly Instrument[],
): Promise<readonly Fact[]> => {
  const { strategy, manifest, state, from, to } = leg;
  const ref: StrategyRef =
    strategy.builtin === null
      ? { bundle: await openStoredBundle(join(folder, 'manifests', `${strategy.bundle}.mjs`)) }
      : { builtin: strategy.builtin };
  const hasFunding = hasRows(data, 'funding');
  const config: RunConfig = {
    ...manifest.config,
    from,
    to,
    capital: strategy.budget,
    atEnd: 'mark',
    fills: hasDepth(manifest.config, data) ? manifest.config.fills : ON_BARS,
    funding: hasFunding ? manifest.config.funding : { kind: 'none' },
  };
  if (state === null) {
    const result = await backtest({
      strategy: await loadStrategy(ref),
      params: strategy.params,
      bundle: strategy.bundle,
      config,
      instruments: booked,
      feed: memoryFeed(data.chunks, { to, inputs: data.inputs }),
    });
    return result.facts;
  }
  const symbols = [...config.symbols].sort();
  const runner = await sessionRunner({
    mode: 'paper',
    tag: strategy.tag,
    account: 'replay',
    ref,
    hash: strategy.bundle,
    params: strategy.params,
    config,
    instruments: symbols.flatMap(symbol => booked.filter(each => each.symbol === symbol)),
    inputs: data.inputs,
    manifestHash: leg.hash,
  });
  const [history, ahead] = split(data.chunks, from);
  const first = await begun(runner, { history, from, state, epoch: leg.epoch });
  const rest = await given(runner, { input: 'market', chunks: split(ahead, to)[0], now: to });
  await runner.stop();
  if (rest.failure !== null)
    throw failed('strategy-failed', `${strategy.name} failed in the replay: ${rest.failure}.`, 'Mend the strategy.');
  return [...first.facts, ...rest.facts];
};
