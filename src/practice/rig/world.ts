import type { Fact } from '../../events/fact.js';
import type { VenueOrderRequest } from '../../live/venue-transport.js';
import { orderIdIn } from '../../live/broker/client-id.js';
import type { Instrument } from '../../market/instrument.js';
import { random, type Random } from '../../random.js';
import type { PracticeExchange } from '../practice-exchange.js';
import { intentIndex, type IntentIndex } from './intent-index.js';
import { life, type Life } from './life.js';
import { lines, type Lines } from './lines.js';
import { machineTime, processClock, type MachineTime } from './machine-clock.js';
import { marketTime, type MarketTime } from './market-time.js';
import type { Violation } from './oracle.js';
import { receivingDesk } from './receiving-desk.js';
import type { RunningSession, StartSession } from './session-port.js';
import { simulatedDisk, type SimulatedDisk } from './simulated-disk.js';
import { simulatedTransport } from './simulated-transport.js';
import type { Tally } from './tally.js';
import { virtualTime, type VirtualTime } from './virtual-time.js';
import { fairWeather, type Weather } from './weather.js';

export interface WorldOptions {
  readonly tally: Tally;
  readonly seed: number | string;
  readonly exchange: PracticeExchange;
  readonly instruments: readonly Instrument[];
  readonly account: string;
  /** Market ms in a true ms, and between two moments at which the market moves. */
  readonly speed: number;
  readonly marketStepMs: number;
  readonly start: StartSession;
  readonly timeoutMs: number;
  readonly receiveWindowMs: number;
  /** A position may be without its protective order for so long, true ms, while its session runs. */
  readonly protectionMs: number;
  /** Ms that a disk takes to make a write durable. */
  readonly syncMs: number;
  /** A process that died is started again after so long; null leaves it dead. */
  readonly restartMs: number | null;
  /** Events that the trace holds. */
  readonly traced: number;
}

/** A process of the world: one life after the other of a session on one machine, with one disk. */
export interface Host {
  readonly name: string;
  readonly disk: SimulatedDisk;
  readonly machine: MachineTime;
  readonly life: Life | null;
  readonly session: RunningSession | null;
  /** How often a session was started, and why the last one that refused did. */
  readonly starts: number;
  readonly refusal: string | null;
  /** A file of the host that only one process can hold. */
  start(): void;
  /** Ends the process where it stands; the disk forgets what was not synced. */
  crash(): void;
  /** Dies at the next point for which this is true. */
  killWhen(at: (point: string, count: number) => boolean): void;
  /** Stands still for so long: a blocked event loop, a stopped process. */
  block(ms: number): void;
  /** Is not started again. */
  retire(): void;
}

/** An order that reached the exchange, and the true time at which it left its process. */
export interface Receipt {
  readonly request: VenueOrderRequest;
  readonly sentAt: number;
}

/** Exchange, network and disks, which outlive the processes that use them. */
export interface World {
  readonly time: VirtualTime;
  readonly market: MarketTime;
  readonly exchange: PracticeExchange;
  readonly weather: Weather;
  readonly lines: Lines;
  readonly tally: Tally;
  readonly random: Random;
  readonly account: string;
  readonly instruments: readonly Instrument[];
  readonly violations: Violation[];
  /** Every order that arrived, those that were then refused included. */
  readonly receipts: readonly Receipt[];
  /** Private requests since the last ban ended, by name, in the order in which they were sent; the first few. */
  readonly afterBan: readonly string[];
  /** The last things that happened, oldest first. */
  readonly trace: readonly string[];
  readonly hosts: readonly Host[];
  /** Another process; `beside` another one, on the same machine and disk. */
  addHost(name: string, beside?: Host): Host;
  note(text: string): void;
  /** The locks of all machines are lost, as after a wrong clean-up: only the fencing token is left. */
  loseLocks(): void;
  /** Nothing more happens at the market, so that two sides can be compared. */
  freeze(): void;
  /** Lets true time pass; stops early once `enough` says so. */
  run(ms: number, enough?: () => boolean): Promise<void>;
}

const START = Date.UTC(2024, 0, 1);
const SAMPLE_MS = 1000;

export const world = (options: WorldOptions): World => {
  const { exchange, account, instruments, speed } = options;
  const chance = random(options.seed);
  const time = virtualTime(START);
  const counts = options.tally;
  const market = marketTime(time, exchange.now, speed);
  const weather = fairWeather();
  const streams = lines();
  const hosts: Host[] = [];
  const indexes = new Map<SimulatedDisk, IntentIndex>();
  const violations: Violation[] = [];
  const trace: (string | { readonly at: number; readonly name: string; readonly fact: Fact })[] = [];
  const afterBan: string[] = [];
  const holders = new Map<MachineTime, Life>();

  const stamp = (at: number): string => `${((at - START) / 1000).toFixed(3)} s `;
  const keep = (entry: (typeof trace)[number]): void => {
    trace.push(entry);
    if (trace.length > 2 * options.traced) trace.splice(0, options.traced);
  };
  const note = (text: string): void => keep(`${stamp(time.now)} ${text}`);
  const violate = (law: Violation['law'], text: string): void => {
    note(`VIOLATION ${law}: ${text}`);
    violations.push({ law, text });
  };

  // O2 is judged when an order arrives: whatever the disk says later is too late.
  const receipts: Receipt[] = [];
  const arrived = new Set<string>();
  /** `disk`: the sender's own; the intent of another journal with the same name is none of its. */
  const receive = (disk: SimulatedDisk, request: VenueOrderRequest, sentAt: number): void => {
    receipts.push({ request, sentAt });
    const orderId = orderIdIn(request.clientId);
    note(`exchange receives ${request.clientId} ${request.side} ${request.type} ${request.quantity} ${request.symbol}`);
    if (orderId === null || indexes.get(disk)?.has(orderId) !== true)
      violate('o2', `${request.clientId} arrived before its intent was durable`);
    // The exchange refuses a second one while the first is at work, and would take it afterwards.
    const sender = `${[...indexes.keys()].indexOf(disk)} ${request.clientId}`;
    if (arrived.has(sender)) violate('o2', `${request.clientId} was sent a second time`);
    arrived.add(sender);
  };
  const desk = receivingDesk(market, exchange);

  const addHost = (name: string, beside?: Host): Host => {
    const machine = beside?.machine ?? machineTime(time);
    const disk = beside?.disk ?? simulatedDisk({ time, random: chance.fork(name), tally: counts, syncMs: options.syncMs });
    if (beside === undefined)
      indexes.set(
        disk,
        intentIndex(disk, path => path.endsWith('.ndjson')),
      );
    let current: Life | null = null;
    let session: RunningSession | null = null;
    let close: () => void = () => undefined;
    let starts = 0;
    let refusal: string | null = null;
    let isRetired = false;
    let kill: (point: string, count: number) => boolean = () => false;

    const bury = (why: string): void => {
      note(`${name} dies: ${why}`);
      current?.end();
      current = null;
      session = null;
      close();
      close = () => undefined;
      if (!hosts.some(other => other.disk === disk && other.life !== null)) disk.crash();
      if (!isRetired && options.restartMs !== null) time.at(time.now + options.restartMs, begin);
    };
    const begin = (): void => {
      if (current !== null || isRetired) return;
      starts++;
      const mine = life({
        time,
        tally: counts,
        kill: (point, count) => kill(point, count),
        onKill: point => {
          kill = () => false;
          bury(`killed at ${point}`);
        },
      });
      current = mine;
      note(`${name} starts, life ${starts}`);
      if (disk.paths().some(path => path.endsWith('snapshot.json'))) counts.count('start:snapshot-kept');
      const clock = processClock(time, market, machine, mine);
      const transport = simulatedTransport({
        ...options,
        desk,
        time,
        market,
        life: mine,
        clock,
        random: chance.fork(`${name} network ${starts}`),
        weather,
        lines: streams,
        tally: counts,
        violate: text => violate('ban', text),
        onReceipt: (request, sentAt) => receive(disk, request, sentAt),
        onRequest: (name, isFirst) => {
          if (isFirst) afterBan.length = 0;
          if (afterBan.length < 50) afterBan.push(name);
        },
      });
      close = () => void transport.close();
      options
        .start({
          account,
          transport,
          clock,
          disk: disk.mount(mine),
          random: chance.fork(`${name} session ${starts}`),
          instruments,
          holdAccount: () => {
            // The lock is the machine's: it says nothing about other machines.
            const holder = holders.get(machine);
            if (holder !== undefined && holder !== mine && holder.alive) return false;
            holders.set(machine, mine);
            return true;
          },
          onFact: fact => keep({ at: time.now, name, fact }),
        })
        .then(running => {
          if (current === mine) session = running;
          return running;
        })
        .catch((error: unknown) => {
          if (current !== mine) return;
          refusal = error instanceof Error ? error.message : String(error);
          counts.count('process:refused');
          bury(`refused to start: ${refusal}`);
        });
    };
    const host: Host = {
      name,
      disk,
      machine,
      get life() {
        return current;
      },
      get session() {
        return session;
      },
      get starts() {
        return starts;
      },
      get refusal() {
        return refusal;
      },
      start: begin,
      crash: () => {
        if (current !== null) {
          counts.count('process:crash');
          bury('crash');
        }
      },
      killWhen: at => {
        kill = at;
      },
      block: ms => {
        counts.count('process:blocked');
        current?.block(time.now + ms);
      },
      retire: () => {
        isRetired = true;
      },
    };
    hosts.push(host);
    return host;
  };

  // The market moves by itself, until it is frozen.
  let isFrozen = false;
  const move = (): void => {
    if (isFrozen) return;
    exchange.advance(Math.max(exchange.now, Math.min(market.now(), exchange.end)));
    if (exchange.now < exchange.end) time.at(time.now + options.marketStepMs / speed, move);
  };
  move();

  // O6, sampled: how long each position has stood without a protective order while a session that is not halted ran.
  const bareSince = new Map<string, number>();
  const sample = (): void => {
    time.at(time.now + SAMPLE_MS, sample);
    const sessions = hosts.flatMap(host => (host.session === null ? [] : [host.session]));
    // Of several sessions on one account one that has halted has said so: it is the operator's to settle.
    const isExcused = sessions.length === 0 || sessions.some(each => each.isHalted);
    const conditional = exchange.openOrders(account, null, true);
    const held = new Set<string>();
    for (const { symbol, quantity } of exchange.positions(account)) {
      if (quantity === 0) continue;
      held.add(symbol);
      const covered = conditional
        // Of several strategies on one account a protective order of one need not be reduce-only at the venue: its side and kind say what it is.
        .filter(
          order =>
            order.symbol === symbol &&
            (order.type === 'stop' || order.type === 'trailing-stop') &&
            (order.side === 'sell') === quantity > 0,
        )
        .reduce((sum, order) => sum + (order.closePosition ? Infinity : order.quantity - order.filled), 0);
      if (!isExcused) counts.count('protection:looked-at');
      if (covered >= Math.abs(quantity) - 1e-9 || isExcused) bareSince.set(symbol, time.now);
      else if (!bareSince.has(symbol)) bareSince.set(symbol, time.now);
      else if (time.now - (bareSince.get(symbol) as number) > options.protectionMs) {
        violate('o6', `${quantity} ${symbol} without protection for ${options.protectionMs / 1000} s`);
        bareSince.set(symbol, Infinity);
      }
    }
    for (const symbol of bareSince.keys()) if (!held.has(symbol)) bareSince.delete(symbol);
  };
  time.at(time.now + SAMPLE_MS, sample);

  return {
    time,
    market,
    exchange,
    weather,
    lines: streams,
    tally: counts,
    random: chance,
    account,
    instruments,
    violations,
    receipts,
    afterBan,
    get trace() {
      return trace
        .slice(-options.traced)
        .map(each =>
          typeof each === 'string' ? each : `${stamp(each.at)} ${each.name} ${each.fact.strategy} ${each.fact.type} ${summary(each.fact)}`,
        );
    },
    hosts,
    addHost,
    note,
    loseLocks: () => holders.clear(),
    freeze: () => {
      isFrozen = true;
      desk.freeze();
    },
    run: (ms, enough) => time.run(time.now + ms, enough),
  };
};

/** The few words of a fact that help to find a fault. */
const summary = (fact: Fact): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(fact).filter(
        ([key]) => !['type', 'seq', 'version', 'ts', 'account', 'strategy', 'correlationId', 'causationId'].includes(key),
      ),
    ),
  );
