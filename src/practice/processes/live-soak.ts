import type { Fact } from '../../events/fact.js';
import { random } from '../../random.js';
import { LAWS, oracle, type Law, type Violation } from '../rig/oracle.js';
import { orderTrader, targetTrader } from '../rig/rig-strategies.js';
import type { FaultInput } from '../server/fault.js';
import { practiceWorld } from './practice-world.js';
import { slopeAnHour, type SoakSample } from './soak-figures.js';
import { wireEvidence } from './wire-evidence.js';
import { wireSession } from './wire-session.js';

export interface LiveSoakOptions {
  readonly seed: number;
  readonly minutes: number;
  /** A name for `--venue` of `quantai practice`. */
  readonly venue: string;
  readonly workspace: string;
  readonly speed?: number;
  /** Minutes that count as warming up. */
  readonly warmMinutes?: number;
  readonly say: (line: string) => void;
}

export interface LiveSoakReport {
  readonly venue: string;
  readonly minutes: number;
  readonly heapSlopeMiBPerHour: number;
  readonly rssSlopeMiBPerHour: number;
  readonly handleSlopePerHour: number;
  readonly facts: number;
  readonly orders: number;
  readonly executions: number;
  readonly convergedMs: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly bites: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
  readonly unsettled: string | null;
}

const MINUTE = 60_000;
const CONVERGE_MS = 60_000;

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Faults at low rates that last as long as the soak. */
const steady = (path: string): readonly FaultInput[] => [
  { kind: 'drop-answer', method: 'POST', path, rate: 0.01 },
  { kind: 'drop-request', method: 'POST', path, rate: 0.01 },
  { kind: 'delay', rate: 0.01, ms: 150 },
  { kind: 'delay-answer', rate: 0.01, ms: 150 },
  { kind: 'answer', status: 503, rate: 0.005 },
  { kind: 'omit', stream: 'user', rate: 0.03 },
  { kind: 'duplicate', stream: 'user', rate: 0.03 },
  { kind: 'delay-event', stream: 'user', rate: 0.03, ms: 400 },
  { kind: 'reorder', stream: 'user', rate: 0.02 },
];

/** Those that come now and then, one at a time. */
const SPELLS: readonly FaultInput[] = [
  { kind: 'close-sockets' },
  { kind: 'expire-streams' },
  { kind: 'silent', forMs: 3_000 },
  { kind: 'black-hole', forMs: 3_000 },
  { kind: 'refuse', forMs: 1_500 },
  { kind: 'answer', status: 502, forMs: 1_500 },
  { kind: 'clock', ms: 1_500, forMs: 3_000 },
];

/**
 * A session and a practice exchange in this process for as long as one likes, with every kind of fault at a low rate; then the faults stop, and every law must hold. Heap is looked at after a collection where Node
 * was started with `--expose-gc`.
 */
export const liveSoak = async ({
  seed,
  minutes,
  venue,
  workspace,
  speed = 60,
  warmMinutes = 5,
  say,
}: LiveSoakOptions): Promise<LiveSoakReport> => {
  const account = `soak-${process.pid}-${seed}`;
  const world = await practiceWorld({
    seed,
    workspace,
    account,
    venue,
    speed,
    bars: Math.ceil((minutes + 5) * speed) + 500,
    participation: 0.002,
  });
  const counts: Record<string, number> = {};
  const hear = (fact: Fact): void => {
    const name = fact.type === 'ConnectionChanged' ? `${fact.channel} ${fact.state}` : fact.type;
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const samples: SoakSample[] = [];
  try {
    const session = await wireSession({
      world,
      strategies: [
        { strategy: targetTrader('turner', 0.3), tag: 'turner', budget: 40_000 },
        { strategy: orderTrader('quoter'), tag: 'quoter', budget: 40_000 },
      ],
      onFact: hear,
    });
    const { control } = world.server;
    for (const fault of steady(venue === 'bybit' ? '/v5/order/create' : '/fapi/v1/order')) control.addFault(fault);
    const chance = random(seed).fork('spells');
    const began = performance.now();
    const sample = (): void => {
      globalThis.gc?.();
      const { heapUsed, rss } = process.memoryUsage();
      const now = {
        minutes: (performance.now() - began) / MINUTE,
        heapMiB: heapUsed / 2 ** 20,
        rssMiB: rss / 2 ** 20,
        handles: process.getActiveResourcesInfo().length,
      };
      samples.push(now);
      const facts = Object.values(counts).reduce((sum, n) => sum + n, 0);
      const of = (name: string): number => counts[name] ?? 0;
      say(
        `${venue} ${now.minutes.toFixed(1)} min: heap ${now.heapMiB.toFixed(1)} MiB, rss ${now.rssMiB.toFixed(0)} MiB, handles ${now.handles}, facts ${facts}, orders ${of('OrderSubmitted')}, ` +
          `fills ${of('OrderFilled')}, unknown ${of('OrderUnknown')}, reconnects ${of('private down')}, gaps ${of('GapFound')}, external ${of('ExternalFilled')}, open ${session.running.unsettled ?? 'nothing'}`,
      );
    };
    let next = MINUTE;
    while (performance.now() - began < minutes * MINUTE) {
      await wait(Math.min(5_000 + chance.int(5_000), minutes * MINUTE - (performance.now() - began) + 1));
      control.addFault(SPELLS[chance.int(SPELLS.length)] as FaultInput);
      if (performance.now() - began >= next) {
        sample();
        next += MINUTE;
      }
      // Spells that are over are no faults any more.
      for (const fault of control.faults())
        if (fault.spec.rate === undefined && fault.bit > 0 && fault.spec.forMs === undefined) control.clearFaults(fault.id);
    }
    control.clearFaults(null);
    world.pause(true);
    const { exchange, instruments } = world;
    const place = { exchange, account, folder: session.folder, instruments };
    const calm = performance.now();
    let unsettled: string | null = '';
    while (performance.now() - calm < CONVERGE_MS) {
      await wait(500);
      unsettled = session.running.unsettled;
      if (unsettled === null && oracle(await wireEvidence({ ...place, isDead: false })).length === 0) break;
    }
    const convergedMs = performance.now() - calm;
    sample();
    await session.stop();
    const evidence = await wireEvidence({ ...place, isDead: true });
    const violations = oracle(evidence);
    for (const law of Object.keys(LAWS) as Law[]) {
      const broken = violations.filter(each => each.law === law).length;
      say(`${venue} ${law.toUpperCase()} ${broken === 0 ? 'holds' : `is broken ${broken} times`}: ${LAWS[law]}`);
    }
    const slope = (of: (sample: SoakSample) => number): number => slopeAnHour(samples, warmMinutes, of);
    return {
      venue,
      minutes,
      heapSlopeMiBPerHour: slope(({ heapMiB }) => heapMiB),
      rssSlopeMiBPerHour: slope(({ rssMiB }) => rssMiB),
      handleSlopePerHour: slope(({ handles }) => handles),
      facts: evidence.facts.length,
      orders: evidence.truth.orders.length,
      executions: evidence.truth.executions.length,
      convergedMs,
      counts,
      bites: control.state().bites,
      violations,
      unsettled,
    };
  } finally {
    await world.close();
  }
};
