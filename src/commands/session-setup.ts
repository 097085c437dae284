import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import { PLATFORM } from '../engine/platform.js';
import { marginTiers } from '../engine/margin-terms.js';
import type { MarginConfig, RunConfig } from '../engine/run-config.js';
import { didYouMean, usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import type { InputRange } from '../events/feed.js';
import { writeFileDurably } from '../durable-file.js';
import { nodeDisk } from '../journal/node-disk.js';
import { BrokerConfig } from '../live/broker/broker-config.js';
import { createBroker } from '../live/broker/create-broker.js';
import { captureTo, type Capture } from '../live/feed/capture.js';
import { DEFAULT_FEED, type FeedConfig } from '../live/feed/feed-config.js';
import { liveFeed } from '../live/feed/live-feed.js';
import type { StrategyRunner } from '../live/runner/strategy-runner.js';
import { workerRunner } from '../live/runner/worker-runner.js';
import { LiveSession } from '../live/session/live-session.js';
import { sessionFeed } from '../live/session/session-feed.js';
import { DEFAULT_SESSION, type SessionConfig, type SessionLock } from '../live/session/session-options.js';
import { socketLock, type SocketHandler } from '../live/session/socket-lock.js';
import { VenueFailure, type Subscription, type VenueTransport } from '../live/venue-transport.js';
import { settlementAsset, type Instrument } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import { random } from '../random.js';
import { readConfig } from './config-file.js';
import { atDepth, sessionConfig, sessionWishes } from './session-config.js';
import type { Connection } from './session-connection.js';
import type { LiveArguments, SessionArguments } from './session-options.js';
import { sessionEquity, type SessionEquity } from './session-equity.js';
import { sessionRunner, type SessionStrategy } from './session-runner.js';
import { chooseStrategies, type ChosenStrategy } from './session-strategies.js';
import type { StartDesk, StartPermit } from './start-gate.js';
import { workspaceAt } from './workspace.js';

/** Worker threads cannot run TypeScript: from the source tree, as under a test runner, they run the built file. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/commands/strategy-thread-entry.cjs' : './strategy-thread-entry.cjs',
  import.meta.url,
);

/** A session that is put together and has not begun. */
export interface PreparedSession {
  readonly session: LiveSession;
  readonly folder: string;
  readonly account: string;
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
  readonly strategies: readonly ChosenStrategy[];
  readonly manifest: string;
  readonly capture: Capture | null;
  readonly equity: SessionEquity;
  readonly permit: StartPermit;
}

/** Kinds of market data beside bars that a session listens to; the shorter list does for a simulated account that matches on bars. */
const KINDS = ['trades', 'quotes', 'mark', 'funding'] as const;
const QUIET_KINDS = ['mark', 'funding'] as const;

/**
 * Instruments of the account: with the steps that its journal is booked in, which are those of its first session. A venue may change its steps later; the broker rounds by the rules of the day and the journal
 * keeps its units.
 */
export const bookedInstruments = async (
  folder: string,
  wanted: readonly Instrument[],
): Promise<{ readonly all: readonly Instrument[]; readonly keep: () => Promise<void> }> => {
  const path = join(folder, 'instruments.json');
  let kept: readonly Instrument[] = [];
  try {
    kept = JSON.parse(await readFile(path, 'utf8')) as readonly Instrument[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const known = new Set(kept.map(({ symbol }) => symbol));
  const all = [...kept, ...wanted.filter(({ symbol }) => !known.has(symbol))].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const keep = async (): Promise<void> => {
    await mkdir(folder, { recursive: true });
    if (all.length > kept.length) await writeFileDurably(path, `${JSON.stringify(all, null, 2)}\n`);
  };
  return { all, keep };
};

/** The venue's instruments of these symbols. Throws a usage error for one that it does not have, or does not trade now. */
export const chosenInstruments = async (transport: VenueTransport, symbols: readonly string[]): Promise<readonly Instrument[]> => {
  const markets = await transport.markets();
  return symbols.map(symbol => {
    const market = markets.find(({ instrument }) => instrument.symbol === symbol);
    if (!market)
      throw usageError(
        'unknown-symbol',
        `${transport.venue} has no market ${symbol}.${didYouMean(
          symbol,
          markets.map(({ instrument }) => instrument.symbol),
        )}`,
        'Symbols are written as BTC/USDT:USDT.',
      );
    if (!market.trading) throw usageError('not-trading', `${symbol} is not traded on ${transport.venue} now.`, 'Choose another symbol.');
    return market.instrument;
  });
};

/** What the account holds of the settlement asset; as far as the venue says, strategies may use it. */
const walletOf = async (transport: VenueTransport, instruments: readonly Instrument[]): Promise<number> => {
  const asset = settlementAsset(instruments[0]?.symbol ?? '');
  const ask = (): ReturnType<VenueTransport['balances']> => transport.balances();
  const balances = await ask().catch(async (error: unknown) => {
    if (!(error instanceof VenueFailure && error.kind === 'clock')) throw error;
    // A busy machine can learn the venue's time late: once more, with a fresh look at it.
    await transport.serverTime();
    return ask();
  });
  const found = balances.find(balance => balance.asset === asset);
  if (!found || !(found.wallet > 0))
    throw usageError('no-money', `The account holds no ${asset}.`, `Transfer some ${asset} to the futures wallet.`);
  return Math.floor(found.wallet * 1e8) / 1e8;
};

/** Whether an earlier session of the account traded any of these strategies. */
const hasTraded = async (folder: string, strategies: readonly ChosenStrategy[]): Promise<boolean> => {
  const names = (await readdir(join(folder, 'manifests')).catch(() => [])).filter(name => name.endsWith('.json'));
  const texts = await Promise.all(names.map(name => readFile(join(folder, 'manifests', name), 'utf8')));
  const traded = texts.flatMap(text => (JSON.parse(text) as { strategies?: { name: string }[] }).strategies ?? []);
  return strategies.some(({ name }) => traded.some(each => each.name === name));
};

/** What a paper exchange may count on: data of these kinds comes, from now on. */
const inputsOf = (venue: string, instruments: readonly Instrument[], timeframe: string, synthetic: boolean): readonly InputRange[] =>
  instruments.flatMap(({ symbol }) =>
    (['bars', 'funding', 'mark'] as const).map(kind => ({
      dataset: `live:${venue}`,
      version: 'live',
      kind,
      symbol,
      ...(kind === 'bars' ? { timeframe } : {}),
      from: 0,
      to: 0,
      rows: 1,
      synthetic,
    })),
  );

/** What is different between the two modes. */
export interface ModeSettings {
  readonly mode: 'paper' | 'live';
  readonly session?: Partial<SessionConfig>;
  readonly live?: Pick<LiveArguments, 'flatten-on-halt' | 'catastrophe-stop'>;
}

/** What is to be traded, before anything is written or sent. */
export interface SessionPlan {
  readonly strategies: readonly ChosenStrategy[];
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
}

/** What a session is put together with. */
export interface SessionHooks extends Partial<Omit<StartDesk, 'admit'>> {
  readonly onFact: (fact: Fact) => void;
  readonly handler: SocketHandler;
  /** Of the account, where it was claimed already. */
  readonly lock?: SessionLock;
  /** Says what the session may begin as. Throws where it may not. */
  readonly admit: (plan: SessionPlan) => Promise<StartPermit>;
}

/** Put a session together: strategies, configuration, instruments, feed and broker on a connection. Throws usage errors that say what is wrong; until it was admitted nothing is written, and nothing is sent but questions. */
export const prepareSession = async (
  args: SessionArguments,
  connection: Connection,
  settings: ModeSettings,
  hooks: SessionHooks,
): Promise<PreparedSession> => {
  const workspace = workspaceAt(args.workspace);
  const file = await readConfig(workspace);
  const wishes = sessionWishes(file.run, args, workspace.root);
  const { symbols, timeframe } = wishes;
  const { clock, transport, venue, practice, account } = connection;
  const { mode } = settings;
  const folder = join(workspace.root, 'live', account);
  const chosen = await chosenInstruments(transport, symbols);
  const { all: booked, keep } = await bookedInstruments(folder, chosen);
  const instruments = booked.filter(({ symbol }) => symbols.includes(symbol));
  const configured = sessionConfig(wishes, connection.preset);
  const wallet = mode === 'live' ? await walletOf(transport, instruments) : configured.capital;
  const named = await chooseStrategies(args, { ...configured, capital: wallet }, instruments, workspace.bundles, hooks.promoted).catch(
    async (error: unknown) => Promise.reject((await hooks.instead?.(error)) ?? error),
  );
  const asked = new Set(named.flatMap(({ kinds }) => kinds));
  const config = atDepth(configured, wishes.fills, asked);
  const permit = await hooks.admit({ strategies: named, config, instruments });
  const strategies = named.map(each => {
    const promoted = permit.promoted.find(({ strategy }) => strategy === each.name);
    return promoted === undefined || each.isBudgetSaid ? each : { ...each, budget: promoted.capital };
  });
  const whole = strategies.reduce((sum, { budget }) => sum + budget, 0);
  // Later on, profit and loss have moved what it holds.
  if (mode === 'live' && whole > wallet * (1 + 1e-9) && !(await hasTraded(folder, strategies)))
    throw usageError('over-budget', `The budgets come to ${whole}, and the account holds ${wallet}.`, 'Lower --budget.');
  await keep();
  const manifest = {
    platform: PLATFORM,
    mode,
    venue,
    practice,
    account,
    strategies: strategies.map(({ name, tag, params, budget, resolved }) => ({
      name,
      tag,
      params,
      budget,
      builtin: 'builtin' in resolved.ref ? resolved.ref.builtin : null,
      bundle: resolved.hash,
    })),
    rehearsal: permit.rehearsal,
    promotions: permit.promoted.map(({ promotion, strategy, stage, share }) => ({ id: promotion, strategy, stage, share })),
    config,
    instruments,
  };
  const text = canonicalJson(manifest);
  const manifestHash = createHash('sha256').update(text).digest('hex');
  await mkdir(join(folder, 'manifests'), { recursive: true });
  await writeFileDurably(join(folder, 'manifests', `${manifestHash}.json`), `${text}\n`);
  for (const { resolved } of strategies)
    if (resolved.stored !== null)
      await writeFileDurably(join(folder, 'manifests', `${resolved.hash}.mjs`), await readFile(resolved.stored));
  const inputs = inputsOf(venue, instruments, timeframe, practice);
  const runners = await Promise.all(
    strategies.map(async each => {
      const strategy: SessionStrategy = {
        mode,
        tag: each.tag,
        account,
        ref: each.resolved.ref,
        hash: each.resolved.hash,
        params: each.params,
        config: { ...config, capital: each.budget },
        instruments,
        inputs,
        manifestHash,
      };
      return args.threads ? inThread(each, strategy) : sessionRunner(strategy);
    }),
  );
  const disk = nodeDisk();
  const capture = args.capture
    ? await captureTo({ disk, folder: join(folder, 'capture'), clock, venue, synthetic: practice, instruments })
    : null;
  const needed = Math.max(args.history ?? 0, ...strategies.map(({ history }) => history));
  const onBars = mode === 'paper' && config.fills.kind === 'bars';
  const subscriptions: Subscription[] = instruments.flatMap(({ symbol }) => [
    { kind: 'bars', symbol, timeframe } as const,
    ...(onBars ? QUIET_KINDS : KINDS).map(kind => ({ kind, symbol }) as const),
    ...(asked.has('book') || config.fills.kind === 'book' ? [{ kind: 'book', symbol } as const] : []),
  ]);
  const tiers = new Map(
    config.margin === undefined ? [] : instruments.map(each => [each.symbol, marginTiers(each, config.margin as MarginConfig)]),
  );
  const lock: SessionLock = hooks.lock ?? socketLock(venue, account, hooks.handler);
  const equity = sessionEquity(folder);
  const broker = BrokerConfig.parse({
    ...(settings.live?.['catastrophe-stop'] !== undefined && { catastrophe: { distance: settings.live['catastrophe-stop'] } }),
  });
  const session = new LiveSession({
    mode,
    account,
    venue,
    practice,
    manifest: manifestHash,
    folder,
    disk,
    clock,
    random: random(`${account}/${manifestHash}`),
    lock,
    instruments: booked,
    hedge: config.margin?.positions === 'hedge',
    transport,
    strategies: runners,
    promoted: permit.promoted.map(({ strategy }) => strategy),
    feed: ports =>
      sessionFeed(
        needed,
        ports.clock,
        sink =>
          liveFeed({
            transport: ports.transport,
            clock: ports.clock,
            subscriptions,
            instruments,
            sink: { slab: sink },
            say: ports.say,
            ...(practice && { config: { expectedMs: practiceIntervals(timeframeMs(connection.shortest)) } }),
            ...(capture && { capture }),
          }),
        ports.sink,
      ),
    broker:
      mode === 'paper'
        ? null
        : (ports, state) =>
            createBroker(
              ports,
              broker,
              booked,
              strategies.map(({ name, tag, budget }) => ({ name, tag, budget })),
              state,
            ),
    risk: config.risk,
    limits:
      mode === 'paper'
        ? null
        : {
            limits: config.risk,
            budgets: Object.fromEntries(strategies.map(({ name, budget }) => [name, { notional: budget * config.leverage, share: null }])),
            barMs: timeframeMs(timeframe),
            tiersOf: symbol => tiers.get(symbol) ?? [],
          },
    measure: {
      barMs: timeframeMs(timeframe),
      timeframe,
      symbols,
      tiersOf: symbol => tiers.get(symbol) ?? [],
      separate: mode === 'paper',
      profitBefore: (strategy, now) => equity.profitBefore(strategy, now),
      onMark: figures => equity.add(figures),
    },
    config: {
      ...DEFAULT_SESSION,
      barsOnly: onBars,
      strategyTimeoutMs: strategies.some(({ resolved }) => resolved.strategy.forecasts !== undefined)
        ? 300_000
        : DEFAULT_SESSION.strategyTimeoutMs,
      flattenOnHalt: settings.live?.['flatten-on-halt'] ?? false,
      ...settings.session,
    },
    onFact: hooks.onFact,
    ...(practice && { onPlayed: (market: number) => connection.acknowledge(market) }),
  });
  return { session, folder, account, config, instruments, strategies, manifest: manifestHash, capture, equity, permit };
};

/** A practice exchange tells of a market at some points of each bar it plays, and is silent between them. */
const POINTS_OF_BAR = 6;
const practiceIntervals = (barMs: number): FeedConfig['expectedMs'] => {
  const between = barMs / POINTS_OF_BAR;
  const { trades = 0, quotes = 0, book = 0, mark = 0 } = DEFAULT_FEED.expectedMs;
  const longest = (usual: number): number => Math.max(usual, between);
  return { trades: longest(trades), quotes: longest(quotes), book: longest(book), mark: longest(mark) };
};

const inThread = (each: ChosenStrategy, strategy: SessionStrategy): StrategyRunner =>
  workerRunner({
    name: each.name,
    tag: each.tag,
    budget: each.budget,
    symbols: strategy.instruments.map(({ symbol }) => symbol),
    entry: THREAD,
    setup: strategy,
    heapMb: 2048,
  });
