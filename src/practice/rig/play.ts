import type { Fact } from '../../events/fact.js';
import type { JournalVerdict } from '../../journal/journal.js';
import { readJournal } from '../../journal/ndjson/read-journal.js';
import { verifyLiveJournal } from '../../journal/ndjson/verify-live-journal.js';
import { BrokerConfig } from '../../live/broker/broker-config.js';
import { DEFAULT_FEED } from '../../live/feed/feed-config.js';
import { DEFAULT_SESSION, type SessionConfig } from '../../live/session/session-options.js';
import { random } from '../../random.js';
import { practiceExchange } from '../core/practice-exchange-core.js';
import { life } from './life.js';
import { BAR_MS, madeUpMarket } from './made-up-market.js';
import { oracle, type Violation } from './oracle.js';
import { rigFeed } from './rig-feed.js';
import { orderTrader, targetTrader } from './rig-strategies.js';
import type { Scenario, Stage, StageOptions } from './scenario.js';
import { FOLDER, startLiveSession } from './start-session.js';
import { tally } from './tally.js';
import { truthOf } from './truth.js';
import { JOURNAL_DEFENCES } from './weakened-disk.js';
import { clear } from './weather.js';
import { world, type Host, type World } from './world.js';

/** What came of a scenario or a seed. */
export interface PlayReport {
  readonly violations: readonly Violation[];
  /** Expectations of the scenario that were not met, and counters that stayed at nought. */
  readonly failures: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  readonly trace: readonly string[];
  /** Virtual milliseconds from the end of the faults until nothing was unsettled; NaN when it never was. */
  readonly convergedMs: number;
  readonly facts: number;
  readonly executions: number;
  readonly steps: number;
  readonly orders: number;
}

const WARM_BARS = 10;
const START = Date.UTC(2024, 0, 1);

export const DEFAULT_STAGE: StageOptions = {
  seed: 1,
  speed: 30,
  symbols: ['AAA/USDT:USDT', 'BBB/USDT:USDT'],
  wallet: 100_000,
  participation: 0.1,
  strategies: [],
  broker: {},
  session: {},
  feed: {},
  journal: {},
  book: false,
  activeMs: 240_000,
  convergeMs: 90_000,
  restartMs: 2_000,
  protectionMs: 30_000,
  syncMs: 2,
  traced: 100,
};

/** `base` with the parts of `change` that are given, at any depth. */
const merged = <T extends object>(base: T, change: object): T => {
  const changes = new Map<string, unknown>(Object.entries(change));
  const parts = Object.entries(base).map(([key, value]): [string, unknown] => {
    if (!changes.has(key)) return [key, value];
    const given = changes.get(key);
    changes.delete(key);
    const isDeep = typeof value === 'object' && value !== null && !Array.isArray(value) && typeof given === 'object' && given !== null;
    return [key, isDeep ? merged(value, given) : given];
  });
  return { ...base, ...Object.fromEntries(parts), ...Object.fromEntries(changes) };
};

/** The world of a stage, with one host and the platform's own session on it. */
export const raise = (options: StageOptions): { readonly world: World; readonly host: Host } => {
  const { seed, symbols, speed } = options;
  const playedMs = options.activeMs + options.convergeMs + 10_000;
  const bars = WARM_BARS + 10 + Math.ceil((playedMs * speed) / BAR_MS);
  const market = madeUpMarket(random(`${seed} market`), symbols, bars, START);
  const exchange = practiceExchange({
    instruments: market.instruments.map(instrument => ({ instrument, minQuantity: instrument.lotSize, maxQuantity: 100_000 })),
    chunks: [...market.bars, ...market.funding],
    start: START + (WARM_BARS + 5) * BAR_MS,
    seed,
    fills: { path: 'adaptive', limits: 'through', participation: options.participation },
  });
  const account = 'rig';
  exchange.openAccount(account, options.wallet);
  const strategies =
    options.strategies.length > 0
      ? options.strategies
      : [
          { strategy: targetTrader('targets'), tag: 'a', budget: 20_000 },
          { strategy: orderTrader('orders'), tag: 'b', budget: 20_000 },
        ];
  const broker = BrokerConfig.parse(
    merged({ reconcileMs: 15_000, executionsMs: 5_000, incomeMs: 15_000, marketsMs: 60_000, clockMs: 30_000 }, options.broker),
  );
  // What a disk is asked for decides which of its faults hits what: states are recorded where somebody looks at them.
  const session: SessionConfig = merged({ ...DEFAULT_SESSION, stateFacts: Infinity }, options.session);
  const counts = tally();
  const stage = world({
    tally: counts,
    seed: `${seed} world`,
    exchange,
    instruments: market.instruments,
    account,
    speed,
    marketStepMs: BAR_MS / 4,
    start: startLiveSession({
      strategies,
      broker,
      session,
      journal: merged(JOURNAL_DEFENCES, options.journal.defences ?? {}),
      feed: rigFeed({
        instruments: market.instruments,
        warmBars: WARM_BARS,
        config: merged(DEFAULT_FEED, options.feed),
        book: options.book,
        tally: counts,
      }),
      seed,
    }),
    timeoutMs: 3_000,
    receiveWindowMs: 5_000,
    protectionMs: options.protectionMs,
    syncMs: options.syncMs,
    restartMs: options.restartMs,
    traced: options.traced,
  });
  const host = stage.addHost('host');
  return { world: stage, host };
};

const journalOf = async (stage: World, host: Host): Promise<{ readonly facts: readonly Fact[]; readonly verdict: JournalVerdict }> => {
  const disk = host.disk.mount(life({ time: stage.time, tally: stage.tally, kill: () => false, onKill: () => undefined }));
  const facts: Fact[] = [];
  try {
    for await (const fact of readJournal(disk, `${FOLDER}/journal`)) facts.push(fact);
  } catch (error) {
    return { facts, verdict: { ok: false, facts: facts.length, fault: error instanceof Error ? error.message : String(error) } };
  }
  return { facts, verdict: await verifyLiveJournal(disk, `${FOLDER}/journal`) };
};

/** Whatever its stack says, a refusal of the simulated exchange is no fault of the program: thousands of them are cheaper without. */
const withoutStacks = async <T>(run: () => Promise<T>): Promise<T> => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await run();
  } finally {
    Error.stackTraceLimit = limit;
  }
};

/** Faults stop, the session converges, the market freezes, and the oracle is asked. */
const conclude = async (stage: World, host: Host, options: StageOptions) => {
  stage.note('the faults stop');
  clear(stage.weather);
  for (const each of stage.hosts) {
    each.killWhen(() => false);
    each.machine.correct();
  }
  const calm = stage.time.now;
  const settled = (): boolean => host.session !== null && host.session.unsettled === null;
  await stage.run(options.convergeMs, settled);
  const convergedMs = settled() ? stage.time.now - calm : NaN;
  if (Number.isNaN(convergedMs))
    stage.violations.push({
      law: 'o7',
      text: `not converged ${options.convergeMs / 1000} s after the faults stopped: ${host.session?.unsettled ?? host.refusal ?? 'no session runs'}`,
    });
  stage.freeze();
  stage.note('the market freezes');
  // Long enough for a round of every poll.
  await stage.run(20_000);
  let { facts, verdict } = await journalOf(stage, host);
  const session = host.session;
  // The state holds what is just being written: that is no difference, and a difference stays.
  for (let tries = 0; tries < 5 && session !== null && session.state() !== session.fold(facts); tries++) {
    await stage.run(2 * options.syncMs + 1);
    ({ facts, verdict } = await journalOf(stage, host));
  }
  const violations = oracle({
    instruments: stage.instruments,
    facts,
    verdict,
    truth: truthOf(stage.exchange, stage.account),
    live: session?.state() ?? null,
    folded: session?.fold(facts) ?? null,
    seen: stage.violations,
  });
  return { facts, violations, convergedMs };
};

/** Plays one scenario to its end and judges it. */
export const play = (scenario: Scenario, change: Partial<StageOptions> = {}): Promise<PlayReport> =>
  withoutStacks(() => playOn(scenario, change));

const playOn = async (scenario: Scenario, change: Partial<StageOptions>): Promise<PlayReport> => {
  const options: StageOptions = {
    ...DEFAULT_STAGE,
    ...scenario.options,
    ...change,
    broker: merged(scenario.options?.broker ?? {}, change.broker ?? {}),
  };
  const { world: stage, host } = raise(options);
  const begin = stage.time.now;
  const on: Stage = {
    world: stage,
    host,
    options,
    at: (seconds, action) => void stage.time.at(begin + seconds * 1000, action),
    between: (from, to, weather) => {
      const before: Record<string, unknown> = {};
      stage.time.at(begin + from * 1000, () => {
        for (const key of Object.keys(weather)) before[key] = stage.weather[key as keyof typeof stage.weather];
        Object.assign(stage.weather, weather);
        stage.note(`weather ${JSON.stringify(weather)}`);
      });
      stage.time.at(begin + to * 1000, () => Object.assign(stage.weather, before));
    },
  };
  scenario.play(on);
  host.start();
  await stage.run(options.activeMs);
  const { facts, violations, convergedMs } = await conclude(stage, host, options);
  const counters = stage.tally.all();
  const failures = [
    ...scenario.sometimes.filter(name => stage.tally.of(name) === 0).map(name => `never happened: ${name}`),
    ...(scenario.check?.({ world: stage, host, facts }) ?? []),
  ];
  const truth = truthOf(stage.exchange, stage.account);
  for (const each of stage.hosts) {
    each.retire();
    each.crash();
  }
  return {
    violations: violations.filter(({ law }) => scenario.waived?.[law] === undefined),
    failures,
    counters,
    trace: stage.trace,
    convergedMs,
    facts: facts.length,
    executions: truth.executions.length,
    orders: truth.orders.length,
    steps: stage.time.steps,
  };
};
