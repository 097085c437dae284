import type { Fact } from '../../../src/events/fact.js';
import type { BrokerPorts, LiveBroker } from '../../../src/live/broker/live-broker.js';
import type { RunnerInput, RunnerOutput, RunnerStart, StrategyRunner } from '../../../src/live/runner/strategy-runner.js';
import { LiveSession } from '../../../src/live/session/live-session.js';
import { DEFAULT_SESSION, type SessionConfig, type SessionFeed, type SessionSlab } from '../../../src/live/session/session-options.js';
import type { VenueTransport } from '../../../src/live/venue-transport.js';
import { random } from '../../../src/random.js';
import type { RiskLimits } from '../../../src/risk/limits.js';
import { A, B, perpetual, T0 } from '../../engine/scenario.js';
import { memoryDisk } from '../feed/memory-disk.js';
import { virtualClock } from '../feed/virtual-clock.js';

/** What a runner says that has nothing to say. */
export const nothing = (): RunnerOutput => ({ facts: [], requests: [], equity: 100, failure: null, untold: [] });

/** A runner whose answers the test gives. */
export const scripted = (answers = true) => {
  const given: { readonly input: RunnerInput | 'start'; readonly done: (output: RunnerOutput) => void }[] = [];
  const starts: RunnerStart[] = [];
  const take = (input: RunnerInput | 'start', done: (output: RunnerOutput) => void): void => {
    given.push({ input, done });
    if (answers) done(nothing());
  };
  const runner: StrategyRunner = {
    name: 'one',
    tag: 'one',
    budget: 100,
    start: (start, done) => {
      starts.push(start);
      take('start', done);
    },
    deliver: take,
    stop: () => Promise.resolve(),
  };
  return { runner, given, starts };
};

const venue = (): VenueTransport => {
  const unused = (): Promise<never> => Promise.reject(new Error('not asked for here'));
  return {
    venue: 'test',
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
    listen: () => {},
    subscribe: () => {},
    markets: () => Promise.resolve([]),
    permissions: unused,
  } as Partial<VenueTransport> as VenueTransport;
};

/** A session on a broker and a feed that only keep what they are told. */
export const session = (
  options: {
    readonly paper?: boolean;
    readonly warm?: () => Promise<never>;
    readonly runner?: StrategyRunner;
    readonly disk?: ReturnType<typeof memoryDisk>;
    /** Limits of account and strategies. */
    readonly limits?: RiskLimits;
    readonly config?: Partial<SessionConfig>;
    /** Names of strategies whose budget is what a promotion allots. */
    readonly promoted?: readonly string[];
  } = {},
) => {
  const clock = virtualClock(T0);
  const disk = options.disk ?? memoryDisk();
  Object.assign(disk, { publish: async (path: string, bytes: Uint8Array) => void disk.files.set(path, bytes) });
  const facts: Fact[] = [];
  const halts: boolean[] = [];
  const ends: string[] = [];
  let resumed = 0;
  let released = 0;
  let ports: BrokerPorts | null = null;
  /** Each end of the broker: whether another session has the account. */
  const closed: boolean[] = [];
  let letGo: () => void = () => {};
  let play: (slab: SessionSlab) => void = () => {};
  const broker = {
    open: () => Promise.resolve(),
    submit: () => {},
    cancel: () => {},
    amend: () => {},
    handle: () => {},
    readiness: { ready: true },
    haltOrders: ({ flatten }: { readonly flatten: boolean }) => {
      halts.push(flatten);
      return new Promise<void>(resolve => (letGo = resolve));
    },
    resume: () => void resumed++,
    reconcile: () => Promise.resolve(0),
    close: asked => {
      closed.push(asked?.isReplaced === true);
      return Promise.resolve();
    },
  } as LiveBroker;
  const feed: SessionFeed = {
    warm: options.warm ?? (() => Promise.resolve({ chunks: [], from: -Infinity })),
    start: () => {},
    handle: () => {},
    lastPrice: () => 100,
    tradable: () => true,
    close: () => {},
  };
  const live = new LiveSession({
    mode: options.paper ? 'paper' : 'live',
    account: 'test',
    venue: 'test',
    practice: true,
    manifest: '0',
    folder: 'live/test',
    disk,
    clock,
    random: random('test'),
    lock: { acquire: () => Promise.resolve(), release: () => Promise.resolve(void released++) },
    instruments: [perpetual(A), perpetual(B)],
    hedge: false,
    transport: venue(),
    strategies: [options.runner ?? scripted().runner],
    ...(options.promoted && { promoted: options.promoted }),
    feed: ({ sink }) => {
      play = sink;
      return feed;
    },
    broker: options.paper
      ? null
      : given => {
          ports = given;
          return broker;
        },
    ...(options.limits && { risk: options.limits }),
    limits: options.limits && !options.paper ? { limits: options.limits, budgets: {}, barMs: 60_000, tiersOf: () => [] } : null,
    config: { ...DEFAULT_SESSION, ...options.config },
    onFact: fact => facts.push(fact),
  });
  live.onEnd = code => void ends.push(code);
  const money = (): number => facts.reduce((sum, fact) => sum + (fact.type === 'CashMoved' ? fact.amount : 0), 0);
  return {
    live,
    clock,
    disk,
    facts,
    halts,
    ends,
    money,
    /** Market data arrives. */
    play: (slab: SessionSlab) => play(slab),
    letGo: () => letGo(),
    resumed: () => resumed,
    released: () => released,
    closed,
    /** Whose the account is, as the broker asks it. */
    owner: () => ports?.owner(),
  };
};
