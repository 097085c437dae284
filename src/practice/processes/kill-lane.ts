import { appendFileSync, readdirSync, watch, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evolve, initialState, openRecords } from '../../live/broker/broker-state.js';
import { clientIdOf, orderIdIn } from '../../live/broker/client-id.js';
import { clientIdIn } from '../../live/ccxt/bybit/link-id.js';
import type { Fact } from '../../events/fact.js';
import { journalFolder } from '../../live/session/recovery.js';
import { units } from '../../market/units.js';
import { random } from '../../random.js';
import type { FaultInput } from '../server/fault.js';
import { oracle, type Violation } from '../rig/oracle.js';
import { QUOTER, TURNER } from './busy-strategies.js';
import { journalFollower } from './journal-follower.js';
import { drawPlan, planText, requestKind, type KillPlan } from './kill-plan.js';
import { killPoint, type KillPoint } from './kill-point.js';
import { practiceWorld, type PracticeWorld } from './practice-world.js';
import { sessionProcess, type SessionProcess } from './session-process.js';
import { wireEvidence } from './wire-evidence.js';

/** Lives of one account. */
export interface KillLaneOptions {
  readonly seed: number;
  readonly cycles: number;
  /** The built command line. */
  readonly cli: string;
  /** An empty folder. */
  readonly workspace: string;
  /** A name for `--venue` of `quantai practice`. */
  readonly venue?: string;
  readonly speed?: number;
  /** No new life is begun after so long, ms. */
  readonly untilMs?: number;
  /** After every so many lives everything is compared, and not only at the end. */
  readonly checkEvery?: number;
  /** Hears of each death. */
  readonly say?: (line: string) => void;
}

export interface KillReport {
  readonly cycles: number;
  readonly kills: number;
  /** How often each point was reached. */
  readonly points: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
  readonly facts: number;
  readonly orders: number;
  readonly executions: number;
  /** Executions that happened while no process ran. */
  readonly executedWhileDead: number;
  /** Ends of appends that a kill really broke off, and those made by hand. */
  readonly torn: number;
  readonly convergedMs: number;
  readonly wallMs: number;
  readonly bites: Readonly<Record<string, number>>;
}

/** A life that does not come to its plan is ended so long after it began to trade, and one that never trades after so long. */
const LONGEST_TRADING_MS = 2_500;
const LONGEST_START_MS = 60_000;
const CONVERGE_MS = 40_000;

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Faults at low rates, so that some orders are unknown when the process dies. */
const weather = (path: string): readonly FaultInput[] => [
  { kind: 'drop-answer', method: 'POST', path, rate: 0.05 },
  { kind: 'drop-request', method: 'POST', path, rate: 0.03 },
  { kind: 'delay-answer', rate: 0.1, ms: 60 },
  { kind: 'omit', stream: 'user', rate: 0.1 },
  { kind: 'duplicate', stream: 'user', rate: 0.1 },
];

/** What a life came to that was not killed. */
const STOPPED = 'stopped in order';
const REFUSED = 'could not begin';
export const NOT_KILLED: ReadonlySet<string> = new Set([STOPPED, REFUSED]);

/** Half of a line, as a write that was cut short leaves it. */
const tear = (folder: string): void => {
  const last = readdirSync(folder)
    .filter(name => name.endsWith('.ndjson'))
    .sort()
    .at(-1);
  if (last !== undefined) appendFileSync(join(folder, last), '{"type":"OrderSubmitted","seq":1,"version":1,"ts":17040');
};

/** Resolves when the plan comes true. */
const plannedDeath = (plan: KillPlan, world: PracticeWorld, folder: string, kill: () => void): (() => void) => {
  let left = 'nth' in plan ? plan.nth : 1;
  const count = (): void => {
    if (--left === 0) kill();
  };
  switch (plan.on) {
    case 'time': {
      const timer = setTimeout(kill, plan.ms);
      return () => clearTimeout(timer);
    }
    case 'request':
      world.watch((request, moment) => {
        if (moment === plan.moment && requestKind(request) === plan.what) count();
      });
      return () => world.watch(null);
    case 'event':
      return world.exchange.listen(event => {
        if (event.event === 'order' && event.change === plan.change && orderIdIn(clientIdIn(event.order.clientId)) !== null) count();
      }, []);
    case 'append': {
      const watcher = watch(folder, count);
      return () => watcher.close();
    }
    case 'stop':
      return () => {};
  }
};

/**
 * Real session processes on a practice exchange that outlives them: each is killed with SIGKILL at a drawn moment and started again, and at the end every law must hold. O2 is looked at when an order arrives: the
 * journal must hold its intent at that very moment.
 */
export const killLane = async (options: KillLaneOptions): Promise<KillReport> => {
  const { seed, cycles, cli, workspace, speed = 150, untilMs = Infinity, checkEvery = Infinity, say = () => {} } = options;
  const began = performance.now();
  const chance = random(seed).fork('kills');
  const account = `kill-${process.pid}-${seed}`;
  const isBybit = options.venue === 'bybit';
  const symbols = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];
  const world = await practiceWorld({
    seed,
    workspace,
    account,
    symbols,
    speed,
    bars: Math.ceil((cycles * 12_000 * speed) / 60_000) + 3_000,
    ...(options.venue !== undefined && { venue: options.venue }),
  });
  const { exchange, instruments } = world;
  await writeFile(join(workspace, 'quoter.ts'), QUOTER);
  await writeFile(join(workspace, 'turner.ts'), TURNER);
  const folder = join(workspace, 'live', account);
  const journal = journalFolder(folder);
  mkdirSync(journal, { recursive: true });
  const follower = journalFollower(journal);
  const state = initialState(instruments, { hedge: false });
  const submitted = new Set<string>();
  let life: Fact[] = [];
  const follow = (): void => {
    for (const fact of follower.next()) {
      evolve(state, fact);
      life.push(fact);
      if (fact.type === 'OrderSubmitted') submitted.add(clientIdOf(fact.orderId));
    }
  };
  const violations: Violation[] = [];
  const arrived = new Set<string>();
  let executedWhileDead = 0;
  let isAlive = false;
  const deafen = exchange.listen(event => {
    if (event.event !== 'order') return;
    const { order, change } = event;
    if (change === 'trade' && !isAlive) executedWhileDead++;
    const clientId = clientIdIn(order.clientId);
    if (change !== 'new' || order.spawnedBy !== null || orderIdIn(clientId) === null) return;
    if (!submitted.has(clientId)) follow();
    if (!submitted.has(clientId)) violations.push({ law: 'o2', text: `${clientId} came before its intent was written` });
    if (arrived.has(clientId)) violations.push({ law: 'o2', text: `${clientId} came twice` });
    arrived.add(clientId);
  }, []);
  const start = (): SessionProcess =>
    sessionProcess({
      cli,
      workspace,
      account,
      mode: 'live',
      strategies: ['./quoter.ts', './turner.ts'],
      symbols,
      more: ['--no-threads', '--no-capture', '--no-watchdog'],
    });

  const points: Record<string, number> = {};
  let [kills, torn, bootMs, done, refused] = [0, 0, 1_500, 0, 0];
  const lotsFilled = new Map(instruments.map(each => [each.symbol, units(each)]));

  const live = async (n: number): Promise<void> => {
    // The first one fills the caches of strategies, which a kill would keep empty for ever.
    const plan: KillPlan = n === 0 ? { on: 'stop', ms: 100 } : drawPlan(chance, bootMs);
    follow();
    life = [];
    if (chance.next() < 0.5)
      for (const fault of weather(isBybit ? '/v5/order/create' : '/fapi/v1/order')) world.server.control.addFault(fault);
    const born = performance.now();
    const child = start();
    isAlive = true;
    let isKilled = false;
    const kill = (): void => {
      if (isKilled) return;
      isKilled = true;
      isAlive = false;
      child.signal('SIGKILL');
    };
    const forget = plannedDeath(plan, world, journal, kill);
    void child.trading.then(
      () => {
        if (n > 0) bootMs = 0.7 * bootMs + 0.3 * (performance.now() - born);
        if (plan.on === 'stop') setTimeout(() => child.signal('SIGINT'), plan.ms);
        clearTimeout(limit);
        limit = setTimeout(kill, plan.on === 'stop' ? LONGEST_START_MS : LONGEST_TRADING_MS);
        return undefined;
      },
      () => {},
    );
    let limit = setTimeout(kill, LONGEST_START_MS);
    const code = await child.ended;
    clearTimeout(limit);
    isAlive = false;
    forget();
    let hasTraded = false;
    await child.trading.then(
      () => (hasTraded = true),
      () => {},
    );
    if (!isKilled && !hasTraded) {
      // It gave up because the venue did not answer in time, as one started by hand may.
      refused++;
      if (refused > 2 + done / 4) violations.push({ law: 'o7', text: `life ${n} could not begin: ${child.said.slice(0, 400)}` });
      say(`life ${n} could not begin: ${child.said.slice(0, 200)}`);
    } else if (!isKilled && plan.on !== 'stop')
      violations.push({ law: 'o7', text: `life ${n} ended by itself with ${code}: ${child.said.slice(-400)}` });
    // 130: it was interrupted.
    if (plan.on === 'stop' && hasTraded && code !== 0 && code !== 130 && !isKilled)
      violations.push({ law: 'o7', text: `life ${n} was asked to stop and ended with ${code}: ${child.said.slice(-400)}` });
    if (plan.on === 'append' && plan.torn) tear(journal);
    follow();
    if (follower.unsealed > 0) torn++;
    const orders = new Map(exchange.allOrders(account).map(order => [clientIdIn(order.clientId), order]));
    const facts = life;
    const point: KillPoint = killPoint({ state, facts, unsealed: follower.unsealed, orders, strategies: 2 }, ({ symbol, filled }) =>
      filled > 0 ? (lotsFilled.get(symbol)?.lots(filled) ?? 0) : 0,
    );
    const name = isKilled ? `${point.phase}: ${point.order}` : hasTraded ? STOPPED : REFUSED;
    if (isKilled) kills++;
    points[name] = (points[name] ?? 0) + 1;
    done++;
    say(
      `${n + 1}: ${planText(plan)} → ${name} (${(performance.now() - born).toFixed(0)} ms, start ${bootMs.toFixed(0)} ms, ${facts.length} facts)`,
    );
    world.server.control.clearFaults(null);
    // The market goes on without it.
    if (chance.next() < 0.3) await wait(chance.int(400));
  };

  const unsettled = (): string | null => {
    follow();
    if (life.every(({ type }) => type !== 'Reconciled')) return 'not reconciled';
    const doubtful = openRecords(state).find(({ status }) => status === 'approved' || status === 'submitted' || status === 'unknown');
    return doubtful === undefined ? null : `${doubtful.ticket.orderId} is ${doubtful.status}`;
  };

  /** A last life without kills and faults, on a market that stands: it must come to agree with the exchange, and is then killed too. */
  const settle = async (): Promise<{ readonly ms: number; readonly found: readonly Violation[] }> => {
    follow();
    life = [];
    const child = start();
    isAlive = true;
    await child.trading;
    world.pause(true);
    const from = performance.now();
    let last: readonly Violation[] = [];
    for (;;) {
      await wait(200);
      const why = unsettled();
      if (why === null) {
        // Quiet for a moment: nothing is under way any more.
        const before = life.length;
        await wait(300);
        if (unsettled() === null && life.length === before) {
          last = await laws();
          if (last.length === 0) break;
        }
      }
      if (performance.now() - from > CONVERGE_MS) {
        if (why !== null) last = [...last, { law: 'o7', text: `after ${CONVERGE_MS} ms ${why}` }];
        break;
      }
    }
    const ms = performance.now() - from;
    child.signal('SIGKILL');
    await child.ended;
    isAlive = false;
    const found = last.length === 0 ? await laws(true) : last;
    world.pause(false);
    return { ms, found };
  };
  const laws = async (isDead = false): Promise<readonly Violation[]> =>
    oracle(await wireEvidence({ exchange, account, folder, instruments, isDead }));

  let convergedMs = 0;
  try {
    // A life that cannot begin at all would fail a thousand times.
    for (let n = 0; n < cycles && performance.now() - began < untilMs && violations.length < 10; n++) {
      await live(n);
      if ((n + 1) % checkEvery === 0) {
        const { ms, found } = await settle();
        convergedMs = Math.max(convergedMs, ms);
        violations.push(...found);
        say(`compared after ${n + 1} lives: ${found.length} violations, converged in ${ms.toFixed(0)} ms`);
      }
    }
    const { ms, found } = await settle();
    violations.push(...found);
    const { facts, truth } = await wireEvidence({ exchange, account, folder, instruments, isDead: true });
    return {
      cycles: done,
      kills,
      points: Object.fromEntries(Object.entries(points).sort(([a], [b]) => (a < b ? -1 : 1))),
      violations,
      facts: facts.length,
      orders: truth.orders.length,
      executions: truth.executions.length,
      executedWhileDead,
      torn,
      convergedMs: Math.max(convergedMs, ms),
      wallMs: performance.now() - began,
      bites: world.server.control.state().bites,
    };
  } finally {
    deafen();
    await world.close();
  }
};
