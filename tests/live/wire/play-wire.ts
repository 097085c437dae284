import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import { orderTrader, targetTrader } from '../../../src/practice/rig/rig-strategies.js';
import type { RigStrategy } from '../../../src/practice/rig/start-session.js';
import { oracle, type Law } from '../../../src/practice/rig/oracle.js';
import { practiceWorld, type PracticeWorld, type PracticeWorldOptions } from '../../../src/practice/processes/practice-world.js';
import { wireEvidence } from '../../../src/practice/processes/wire-evidence.js';
import { wireSession, type WireSession, type WireSessionOptions } from '../../../src/practice/processes/wire-session.js';
import type { FaultInput } from '../../../src/practice/server/fault.js';

/** What a script may do while the session trades. */
export interface WireStage {
  readonly world: PracticeWorld;
  readonly session: WireSession;
  /** Every fact so far. */
  readonly facts: readonly Fact[];
  fault(fault: FaultInput): void;
  wait(ms: number): Promise<void>;
  /** Until it is so, and not longer than a slow machine may need; it is for the assertions to say what is missing. */
  until(isSo: () => boolean): Promise<void>;
  /** Until faults of this kind have met something so many times. */
  met(kind: string, times?: number): Promise<void>;
}

export interface WireScript {
  readonly row: number;
  readonly name: string;
  /** Of `quantai practice`; both when left out. */
  readonly venues?: readonly ('binance' | 'bybit')[];
  readonly world?: Partial<PracticeWorldOptions>;
  readonly session?: Partial<WireSessionOptions>;
  readonly strategies?: readonly RigStrategy[];
  /** Kinds of faults of which each must have met something. */
  readonly bites: readonly string[];
  play(stage: WireStage): Promise<void>;
  /** Besides the laws; each sentence is a failure. */
  check?(facts: readonly Fact[], world: PracticeWorld): readonly string[];
  /** Laws that cannot hold here, each with the reason. */
  readonly waived?: Readonly<Partial<Record<Law, string>>>;
  /** How long it may take to agree with the exchange once the faults have stopped, ms. */
  readonly convergeMs?: number;
}

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

const PATIENCE_MS = 12_000;
const until = async (isSo: () => boolean): Promise<void> => {
  const end = performance.now() + PATIENCE_MS;
  while (!isSo() && performance.now() < end) await wait(30);
};

const TRADERS: readonly RigStrategy[] = [
  { strategy: targetTrader('turner', 0.6), tag: 'turner', budget: 40_000 },
  { strategy: orderTrader('quoter'), tag: 'quoter', budget: 40_000 },
];

export const ORDERS = { binance: '/fapi/v1/order', bybit: '/v5/order/create' } as const;

let count = 0;

/** Plays a script over real sockets, waits until the session agrees with the exchange, and asserts the laws, the bites and the script's own words. */
export const playWire = async (script: WireScript, venue: 'binance' | 'bybit'): Promise<void> => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-wire-'));
  const world = await practiceWorld({
    seed: script.row,
    workspace,
    account: `wire-${process.pid}-${++count}`,
    venue,
    speed: 120,
    bars: 3_000,
    ...script.world,
  });
  const facts: Fact[] = [];
  try {
    const session = await wireSession({
      world,
      strategies: script.strategies ?? TRADERS,
      onFact: fact => facts.push(fact),
      ...script.session,
    });
    world.pause(false);
    const stage: WireStage = {
      world,
      session,
      facts,
      fault: fault => void world.server.control.addFault(fault),
      wait,
      until,
      met: (kind, times = 1) => until(() => (world.server.control.state().bites[kind] ?? 0) >= times),
    };
    await script.play(stage);
    world.server.control.clearFaults(null);
    const { exchange, account, instruments } = world;
    const place = { exchange, account, folder: session.folder, instruments };
    const end = performance.now() + (script.convergeMs ?? 25_000);
    world.pause(true);
    let open: string | null = 'not looked at';
    while (performance.now() < end) {
      await wait(250);
      open = session.running.unsettled;
      if (open !== null) continue;
      const found = oracle(await wireEvidence({ ...place, isDead: false }));
      if (found.every(({ law }) => script.waived?.[law] !== undefined)) break;
    }
    const live = session.running.state();
    await session.stop();
    const evidence = await wireEvidence({ ...place, isDead: true });
    const violations = oracle(evidence).filter(({ law }) => script.waived?.[law] === undefined);
    expect(violations, 'the laws').toEqual([]);
    expect(open, 'what is left open').toBeNull();
    expect(live.length, 'a state to compare').toBeGreaterThan(100);
    const bites = world.server.control.state().bites;
    for (const kind of script.bites) expect(bites[kind] ?? 0, `how often ${kind} met something`).toBeGreaterThan(0);
    expect(script.check?.(evidence.facts, world) ?? []).toEqual([]);
    expect(evidence.truth.executions.length, 'executions').toBeGreaterThan(0);
  } finally {
    await world.close();
    await rm(workspace, { recursive: true, force: true });
  }
};

/** A sentence unless such a fact is there. */
export const needs = (facts: readonly Fact[], what: string, is: (fact: Fact) => boolean): readonly string[] =>
  facts.some(is) ? [] : [`never happened: ${what}`];
