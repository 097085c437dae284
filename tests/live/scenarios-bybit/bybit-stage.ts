import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact } from '../../../src/events/fact.js';
import type { Disk, DiskFile } from '../../../src/journal/disk.js';
import { readJournal } from '../../../src/journal/ndjson/read-journal.js';
import { verifyLiveJournal } from '../../../src/journal/ndjson/verify-live-journal.js';
import { nodeDisk } from '../../../src/journal/node-disk.js';
import { BrokerConfig } from '../../../src/live/broker/broker-config.js';
import { clientIdIn } from '../../../src/live/ccxt/bybit/link-id.js';
import { ccxtTransport } from '../../../src/live/ccxt/ccxt-transport.js';
import { DEFAULT_FEED } from '../../../src/live/feed/feed-config.js';
import type { LiveClock } from '../../../src/live/live-clock.js';
import { systemClock } from '../../../src/live/system-clock.js';
import { random } from '../../../src/random.js';
import { bybitFront } from '../../../src/practice/bybit/bybit-front.js';
import { practiceExchange } from '../../../src/practice/core/practice-exchange-core.js';
import type { PracticeExchange } from '../../../src/practice/practice-exchange.js';
import { BAR_MS, madeUpMarket } from '../../../src/practice/rig/made-up-market.js';
import { oracle, type Violation } from '../../../src/practice/rig/oracle.js';
import { rigFeed } from '../../../src/practice/rig/rig-feed.js';
import { orderTrader, targetTrader } from '../../../src/practice/rig/rig-strategies.js';
import type { RunningSession } from '../../../src/practice/rig/session-port.js';
import { FOLDER, startLiveSession } from '../../../src/practice/rig/start-session.js';
import { tally } from '../../../src/practice/rig/tally.js';
import { truthOf } from '../../../src/practice/rig/truth.js';
import type { FrontFactory, WireRequest } from '../../../src/practice/server/front.js';
import { startPractice, type PracticeServer } from '../../../src/practice/server/start-practice.js';

const ACCOUNT = 'main';
const SPEED = 60;
const START = Date.UTC(2024, 0, 1);
/** A settlement of funding, ten minutes after the market opens: a session has had time to take a position, however busy the machine. */
export const SETTLEMENT = START + 3 * 3_600_000;
const OPENS = SETTLEMENT - 10 * BAR_MS;
const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];

/** What the process that runs a session may touch; dead, it can do nothing any more, and what it was doing never ends. */
interface Life {
  dead: boolean;
  /** Called before each step that leaves the process; true ends it there. */
  dies: (step: string) => boolean;
}

const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** Steps of an object that return promises, through the life of a process. */
const within = <T extends object>(life: Life, target: T, steps: readonly (keyof T & string)[]): T =>
  new Proxy(target, {
    get: (of, name) => {
      const value: unknown = Reflect.get(of, name);
      if (typeof value !== 'function') return value;
      if (!steps.some(step => step === name)) return life.dead ? () => undefined : value.bind(of);
      return async (...args: readonly unknown[]): Promise<unknown> => {
        if (life.dead || life.dies(`before ${String(name)}`)) return never();
        const answer: unknown = await Reflect.apply(value, of, args);
        if (life.dead || life.dies(`after ${String(name)}`)) return never();
        return answer;
      };
    },
  });

const TRANSPORT_STEPS = [
  'markets',
  'serverTime',
  'permissions',
  'submit',
  'cancel',
  'amend',
  'cancelAll',
  'cancelAllAfter',
  'order',
  'openOrders',
  'executions',
  'positions',
  'balances',
  'income',
  'setLeverage',
  'setMarginMode',
  'positionMode',
  'setPositionMode',
] as const;

const rooted = (root: string, life: Life): Disk => {
  const disk = nodeDisk();
  const at = (path: string): string => join(root, path);
  const file = (inner: DiskFile): DiskFile => within(life, inner, ['write', 'sync', 'close']);
  return within(
    life,
    {
      list: folder => disk.list(at(folder)),
      read: path => disk.read(at(path)),
      readNow: path => disk.readNow(at(path)),
      append: async path => file(await disk.append(at(path))),
      truncate: (path, length) => disk.truncate(at(path), length),
      publish: (path, bytes) => disk.publish(at(path), bytes),
      rename: (from, to) => disk.rename(at(from), at(to)),
    },
    ['list', 'read', 'append', 'truncate', 'publish', 'rename'],
  );
};

/** A session in this process, on the real disk and the real transport, that can be killed. */
export interface Process {
  readonly session: RunningSession | null;
  readonly refusal: string | null;
  readonly isDead: boolean;
  /** Dies at the first step of which this is true, such as `before submit`. */
  dieAt(at: (step: string) => boolean): void;
  kill(): void;
  /** A process that was told to die at a step has come to it. */
  readonly died: Promise<void>;
}

export interface Stage {
  readonly server: PracticeServer;
  readonly exchange: PracticeExchange;
  readonly account: string;
  /** Requests as the venue got them, with their wall time. */
  readonly requests: readonly { readonly at: number; readonly path: string }[];
  /** `disk`: a folder of its own for another machine. */
  start(disk?: string): Promise<Process>;
  /** Ends the faults, stops the market, waits until the session has settled and asks the oracle. Empty: every law holds. */
  judge(process: Process): Promise<{ readonly violations: readonly string[]; readonly facts: readonly Fact[] }>;
  close(): Promise<void>;
}

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

export interface StageOptions {
  readonly seed: number;
  /** Share of a bar's volume that an order may fill. */
  readonly participation?: number;
}

/** A made-up market at 60 times its pace behind the Bybit front, and what a live session of the platform needs to trade on it. */
export const bybitStage = async ({ seed, participation = 0.1 }: StageOptions): Promise<Stage> => {
  const market = madeUpMarket(random(seed), SYMBOLS, 600, START);
  const exchange = practiceExchange({
    instruments: market.instruments.map(instrument => ({ instrument, minQuantity: instrument.lotSize, maxQuantity: 100_000 })),
    chunks: [...market.bars, ...market.funding],
    start: OPENS,
    seed,
    conditionalSpace: false,
    fills: { path: 'adaptive', limits: 'through', participation },
  });
  const requests: { at: number; path: string }[] = [];
  const front: FrontFactory = context => {
    const inner = bybitFront()(context);
    return Object.assign(Object.create(inner) as typeof inner, {
      answer: (request: WireRequest) => {
        requests.push({ at: Date.now(), path: request.path });
        return inner.answer(request);
      },
    });
  };
  const keys = { name: ACCOUNT, key: 'stage-key', secret: 'stage-secret', wallet: 100_000 };
  const server = await startPractice({ exchange, front, accounts: [keys], barMs: BAR_MS, speed: SPEED, seed });
  const home = await mkdtemp(join(tmpdir(), 'bybit-stage-'));
  const folders = new Set<string>([home]);
  const holders = new Map<string, Life>();
  const lives: { readonly life: Life; readonly end: () => Promise<void> }[] = [];
  const broker = BrokerConfig.parse({
    tickMs: 100,
    reconcileMs: 800,
    executionsMs: 400,
    incomeMs: 400,
    marketsMs: 5000,
    clockMs: 2000,
    settleMs: 300,
    windowMarginMs: 100,
    queryMs: 100,
    queryMaxMs: 400,
    banMs: 1500,
    paceMs: 20,
    weightPerMinute: 100_000,
    failuresBound: 6,
    deadManMs: 0,
  });

  const start: Stage['start'] = async (root = home) => {
    folders.add(root);
    let fell = (): void => {};
    const died = new Promise<void>(resolve => {
      fell = resolve;
    });
    let wish: (step: string) => boolean = () => false;
    const life: Life = {
      dead: false,
      dies: step => {
        if (!wish(step)) return false;
        life.dead = true;
        fell();
        return true;
      },
    };
    const { epochWall, epochMarket, speed } = server.control.state();
    const machine = systemClock({ epochWall, epochMarket, speed, held: false });
    const clock: LiveClock = {
      wall: () => machine.wall(),
      monotonic: () => machine.monotonic(),
      // A market that stands still stands still for its clock too.
      market: () => (server.control.state().paused ? exchange.now : machine.market()),
      speed,
      after: (ms, action) => machine.after(ms, () => (life.dead ? undefined : action())),
    };
    const inner = ccxtTransport({
      venue: 'bybit',
      key: keys.key,
      secret: keys.secret,
      urls: { rest: server.rest, ws: server.ws },
      clock,
      timeoutMs: 800,
      limits: { backoffMs: 50, receiveWindowMs: 1000 },
      random: random(seed),
    });
    const transport = within(life, inner, TRANSPORT_STEPS);
    lives.push({ life, end: () => inner.close() });
    const run = startLiveSession({
      strategies: [
        { strategy: targetTrader('targets', 0.7), tag: 'a', budget: 20_000 },
        { strategy: orderTrader('orders'), tag: 'b', budget: 20_000 },
      ],
      broker,
      feed: rigFeed({
        instruments: market.instruments,
        warmBars: 20,
        config: DEFAULT_FEED,
        book: false,
        tally: tally(),
      }),
      seed,
    });
    let session: RunningSession | null = null;
    let refusal: string | null = null;
    const holdAccount = (): boolean => {
      const holder = holders.get(root);
      if (holder !== undefined && !holder.dead) return false;
      holders.set(root, life);
      return true;
    };
    const ports = {
      account: ACCOUNT,
      transport,
      clock,
      disk: rooted(root, life),
      random: random(seed),
      instruments: market.instruments,
      holdAccount,
      onFact: () => {},
    };
    const begin = async (): Promise<void> => {
      try {
        session = await run(ports);
      } catch (error) {
        refusal = error instanceof Error ? error.message : String(error);
      }
    };
    await Promise.race([begin(), died]);
    return {
      get session() {
        return session;
      },
      get refusal() {
        return refusal;
      },
      get isDead() {
        return life.dead;
      },
      dieAt: at => {
        wish = at;
      },
      kill: () => {
        life.dead = true;
        fell();
      },
      died,
    };
  };

  const evidence = async (process: Process): Promise<{ readonly violations: readonly Violation[]; readonly facts: readonly Fact[] }> => {
    const disk = rooted(home, { dead: false, dies: () => false });
    const facts: Fact[] = [];
    for await (const fact of readJournal(disk, `${FOLDER}/journal`)) facts.push(fact);
    const truth = truthOf(exchange, ACCOUNT);
    const orders = truth.orders.map(order => ({ ...order, clientId: clientIdIn(order.clientId) }));
    const verdict = await verifyLiveJournal(disk, `${FOLDER}/journal`);
    const { session } = process;
    const [live, folded] = [session?.state() ?? null, session?.fold(facts) ?? null];
    return {
      violations: oracle({ instruments: market.instruments, facts, verdict, truth: { ...truth, orders }, live, folded, seen: [] }),
      facts,
    };
  };

  return {
    server,
    exchange,
    account: ACCOUNT,
    requests,
    start,
    judge: async process => {
      server.control.clearFaults(null);
      // A market that goes on brings new orders with every bar, and on a busy machine one of them is always under way.
      server.control.pause(true);
      const settledBy = Date.now() + 15_000;
      while (process.session?.unsettled !== null && Date.now() < settledBy) await pause(50);
      const left = process.session === null ? `no session: ${process.refusal ?? 'dead'}` : process.session.unsettled;
      // A round of every poll, and more of them while something is still on its way.
      await pause(1000);
      let found = await evidence(process);
      for (const until = Date.now() + 8000; found.violations.length > 0 && Date.now() < until; found = await evidence(process))
        await pause(200);
      const violations = found.violations.map(({ law, text }) => `${law}: ${text}`);
      return { facts: found.facts, violations: left === null ? violations : [...violations, `o7: not settled: ${left}`] };
    },
    close: async () => {
      for (const { life } of lives) life.dead = true;
      await Promise.all(lives.map(({ end }) => end()));
      await server.close();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
};
