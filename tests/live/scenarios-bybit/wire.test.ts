import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import { bybitStage, pause, SETTLEMENT, type Process, type Stage, type StageOptions } from './bybit-stage.js';

/** Wall time of trading under the faults, ms: a bar is a second. */
const ACTIVE = 5000;

const of = <T extends Fact['type']>(facts: readonly Fact[], type: T): readonly Extract<Fact, { type: T }>[] =>
  facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type);

/** Trades under what `play` does, lets it end, and judges; `play` may give another process than the first. */
const scenario = async (
  options: StageOptions,
  play: (stage: Stage, process: Process) => Promise<Process | undefined | void>,
): Promise<{ readonly facts: readonly Fact[]; readonly bites: Readonly<Record<string, number>>; readonly stage: Stage }> => {
  const stage = await bybitStage(options);
  try {
    const first = await stage.start();
    expect(first.refusal).toBeNull();
    const last = (await play(stage, first)) ?? first;
    const { facts, violations } = await stage.judge(last);
    expect(violations).toEqual([]);
    expect(of(facts, 'OrderFilled').length).toBeGreaterThan(0);
    return { facts, bites: stage.server.control.state().bites, stage };
  } finally {
    await stage.close();
  }
};

const CREATE = '/v5/order/create';

describe.concurrent('a live session at Bybit over the wire', { timeout: 60_000 }, () => {
  it('1: an order whose answer is lost is UNKNOWN until the venue has said what became of it', async () => {
    const { facts, bites } = await scenario({ seed: 1 }, async ({ server: { control } }) => {
      control.addFault({ kind: 'drop-answer', path: CREATE, rate: 0.35 });
      control.addFault({ kind: 'drop-request', path: CREATE, rate: 0.2 });
      control.addFault({ kind: 'answer', status: 408, processed: true, path: CREATE, rate: 0.2 });
      control.addFault({ kind: 'answer', status: 503, path: CREATE, rate: 0.2 });
      await pause(ACTIVE);
    });
    expect(of(facts, 'OrderUnknown').length).toBeGreaterThan(0);
    expect(bites['drop-answer']).toBeGreaterThan(0);
  });

  it('2: a session that is killed at any step of an order goes on with one order an intent', async () => {
    let kills = 0;
    await scenario({ seed: 2 }, async (stage, first) => {
      let process = first;
      for (const step of ['before submit', 'after submit', 'after sync', 'before write']) {
        process.dieAt(at => at === step);
        await Promise.race([process.died, pause(2500)]);
        if (!process.isDead) process.kill();
        else kills++;
        process = await stage.start();
        expect(process.refusal).toBeNull();
      }
      await pause(1500);
      return process;
    });
    expect(kills).toBeGreaterThan(2);
  });

  it('3: fills while it was cut off are found afterwards', async () => {
    const { bites } = await scenario({ seed: 3 }, async ({ server: { control } }) => {
      await pause(2500);
      control.addFault({ kind: 'refuse', forMs: 2500 });
      control.addFault({ kind: 'close-sockets' });
      await pause(ACTIVE - 2500);
    });
    expect(bites['refuse']).toBeGreaterThan(0);
  });

  it('4: fills that the stream leaves out are found by asking', async () => {
    const { bites } = await scenario({ seed: 4 }, async ({ server: { control } }) => {
      control.addFault({ kind: 'omit', stream: 'user', rate: 0.6 });
      await pause(ACTIVE);
    });
    expect(bites['omit']).toBeGreaterThan(0);
  });

  it('5: events that come several times, late and in another order change nothing', async () => {
    const { bites } = await scenario({ seed: 5 }, async ({ server: { control } }) => {
      control.addFault({ kind: 'duplicate', stream: 'user', rate: 0.5, times: 4 });
      control.addFault({ kind: 'reorder', stream: 'user', rate: 0.3, times: 3 });
      control.addFault({ kind: 'delay-event', stream: 'user', rate: 0.3, ms: 900 });
      await pause(ACTIVE);
    });
    for (const kind of ['duplicate', 'reorder', 'delay-event']) expect(bites[kind]).toBeGreaterThan(0);
  });

  it('6: an answer that is an error closes no order and no position', async () => {
    const { facts, bites } = await scenario({ seed: 6 }, async ({ server: { control } }) => {
      await pause(2500);
      control.addFault({ kind: 'answer', status: 502, path: '/v5/*', forMs: 1200 });
      control.addFault({ kind: 'answer', status: 200, path: '/v5/*', afterMs: 1200, forMs: 1200 });
      await pause(ACTIVE - 2500);
    });
    expect(bites['answer']).toBeGreaterThan(0);
    expect(of(facts, 'PositionAdopted')).toEqual([]);
  });

  it('7: an order that fills while it is cancelled is over when its fills are booked', async () => {
    const { bites } = await scenario({ seed: 7 }, async ({ server: { control } }) => {
      control.addFault({ kind: 'delay', path: '/v5/order/cancel', rate: 0.7, ms: 500 });
      control.addFault({ kind: 'omit', stream: 'user', rate: 0.3 });
      await pause(ACTIVE);
    });
    expect(bites['omit']).toBeGreaterThan(0);
  });

  it('11: what is left of an order that filled in parts and was expired is exact', async () => {
    await scenario({ seed: 11, participation: 0.001 }, async ({ exchange, account }) => {
      let expired = 0;
      for (let i = 0; i < ACTIVE / 100; i++) {
        await pause(100);
        const part = exchange.openOrders(account, null, false).find(order => order.filled > 0);
        if (part === undefined) continue;
        exchange.expire(account, { symbol: part.symbol, clientId: null, venueId: part.venueId, conditional: false });
        expired++;
      }
      expect(expired).toBeGreaterThan(0);
    });
  });

  it('13: nothing is asked while the venue has said until when it wants nothing', async () => {
    await scenario({ seed: 13 }, async ({ server: { control }, requests }) => {
      await pause(2500);
      const until = Date.now() + 2000;
      control.addFault({
        kind: 'answer',
        status: 200,
        path: '/v5/execution/list',
        body: JSON.stringify({ retCode: 10006, retMsg: 'Too many visits!', result: {}, retExtInfo: {}, time: 0 }),
        headers: { 'x-bapi-limit-reset-timestamp': String(until) },
        count: 1,
      });
      while (control.state().bites['answer'] === undefined) await pause(5);
      // What was under way already arrives.
      await pause(400);
      const from = Date.now();
      await pause(until - from);
      const after = () => requests.filter(({ at }) => at >= until - 20);
      for (let i = 0; i < 60 && after().length === 0; i++) await pause(50);
      expect(requests.filter(({ at }) => at > from && at < until - 20).map(({ at, path }) => `${path} ${until - at} ms early`)).toEqual([]);
      expect(after().length).toBeGreaterThan(0);
      await pause(2000);
    });
  });

  it('17: a second session on the disk refuses, and one on another machine ends in a halt', async () => {
    const stage = await bybitStage({ seed: 17 });
    try {
      const first = await stage.start();
      await pause(3000);
      const beside = await stage.start();
      expect(beside.refusal).toMatch(/holds the account/);
      expect(first.session?.isHalted).toBe(false);
      const other = await stage.start(await mkdtemp(join(tmpdir(), 'bybit-other-')));
      const halted = (): boolean => [first, other].some(({ session, refusal }) => session?.isHalted === true || refusal !== null);
      for (let i = 0; i < 100 && !halted(); i++) await pause(100);
      expect(halted()).toBe(true);
    } finally {
      await stage.close();
    }
  });

  it('18: funding that comes late or is corrected is booked to the unit', async () => {
    const { facts } = await scenario({ seed: 18 }, async ({ exchange }) => {
      exchange.disturbFunding('BTC/USDT:USDT', exchange.now, { delayMs: 2 * 60_000 });
      exchange.disturbFunding('ETH/USDT:USDT', exchange.now, { correctedRate: 0.0009 });
      while (exchange.now < SETTLEMENT + 3 * 60_000) await pause(100);
    });
    expect(of(facts, 'FundingSettled').length).toBeGreaterThan(0);
  });
});
