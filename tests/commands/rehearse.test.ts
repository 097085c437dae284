import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workspaceAudit } from '../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { practiceWorld } from '../../src/practice/processes/practice-world.js';
import type { MortalTransport } from '../../src/commands/mortal-transport.js';
import { leftBehind, rehearseDeadMan, rehearseKillSwitch } from '../../src/commands/rehearsals.js';
import type { VenueOrder } from '../../src/live/venue-transport.js';
import { virtualClock, type VirtualClock } from '../live/feed/virtual-clock.js';
import { quantai } from './run-quantai.js';

const SYMBOL = 'BTC/USDT:USDT';
/** A venue with one order of ours from its placing on, and a clock that runs while somebody waits. */
const stage = (isOver: (now: number) => boolean) => {
  const clock = virtualClock(0);
  let isPlaced = false;
  const order = {
    clientId: 'qt-rehearse.1.1',
    reduceOnly: false,
    closePosition: false,
    conditional: false,
    status: 'open',
  } as VenueOrder;
  return {
    clock,
    symbol: 'BTC/USDT:USDT',
    asking: { openOrders: () => Promise.resolve(isPlaced && !isOver(clock.monotonic()) ? [order] : []) },
    place: () => {
      isPlaced = true;
      return Promise.resolve('rehearse.1.1');
    },
  };
};
const mortal = (isWound: boolean | null) => ({ isWound, die: () => Promise.resolve() }) as MortalTransport;
const played = async <T>(clock: VirtualClock, what: Promise<T>): Promise<T> => {
  let isDone = false;
  void what.finally(() => (isDone = true));
  while (!isDone) await clock.run(1_000);
  return what;
};

const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

const world = async (venue: string) => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-rehearse-'));
  closers.push(() => rm(workspace, { recursive: true, force: true }));
  const account = `rehearse-${venue}-${process.pid}`;
  const made = await practiceWorld({ seed: 7, workspace, account, symbols: [SYMBOL], speed: 240, venue });
  closers.unshift(() => made.close());
  const words = ['--venue', 'practice', '--workspace', workspace, '--account', account, '--symbol', SYMBOL];
  return { workspace, account, made, run: (...more: string[]) => quantai(['rehearse', ...words, ...more]) };
};
const rehearsed = async (workspace: string) =>
  (await (await workspaceAudit(workspaceAt(workspace))).read()).flatMap(({ word }) => (word.type === 'Rehearsed' ? [word] : []));

describe('quantai rehearse', () => {
  it.each([
    ['binance', '2s'],
    ['bybit', '3s'],
  ])(
    'takes an order back by a halt, and lets the venue take one back, on %s',
    async (venue, timer) => {
      const { workspace, account, made, run } = await world(venue);
      const { code, out, err } = await run('--timer', timer, '--json');
      expect(code, err).toBe(0);
      const { results } = JSON.parse(out) as { results: { what: string; passed: boolean; tookMs: number }[] };
      expect(results).toMatchObject([
        { what: 'kill-switch', passed: true },
        { what: 'dead-man', passed: true },
      ]);
      // The timer runs in wall time: 240 market ms each.
      expect(results[1]?.tookMs).toBeGreaterThan(Number.parseInt(timer, 10) * 1000 * 240 * 0.3);
      const place = { account, venue: made.venue, practice: true, sandbox: false };
      expect(await rehearsed(workspace)).toMatchObject([
        { what: 'kill-switch', passed: true, ...place },
        { what: 'dead-man', passed: true, ...place },
      ]);
      const { orders } = made.server.control.truth(account);
      expect(orders.filter(({ status }) => status === 'open' || status === 'untriggered')).toEqual([]);
    },
    60_000,
  );
});

describe('a rehearsal that fails', () => {
  it('is that of a halt that nobody carries out, and of one that says so while an order is open', async () => {
    const never = stage(() => false);
    const refused = await played(
      never.clock,
      rehearseKillSwitch(never, () => Promise.resolve({ done: false, error: 'it hangs' })),
    );
    expect(refused).toMatchObject({ passed: false, tookMs: null, text: 'The halt was not carried out: it hangs.' });
    const lied = await played(
      never.clock,
      rehearseKillSwitch(never, () => Promise.resolve({ done: true, error: null })),
    );
    expect(lied).toMatchObject({ passed: false, tookMs: null });
    expect(lied.text).toContain('still listed an order');
  });

  it('is that of an order that filled instead of being taken back', async () => {
    for (const hasFilled of [true, false]) {
      let isGone = false;
      const halted = { ...stage(() => isGone), hasFilled: () => hasFilled };
      const halt = (): Promise<{ done: boolean; error: null }> => {
        isGone = true;
        return Promise.resolve({ done: true, error: null });
      };
      expect(await played(halted.clock, rehearseKillSwitch(halted, halt))).toMatchObject({ passed: !hasFilled });
    }
  });

  it('leaves nothing at the venue without saying so', async () => {
    const never = stage(() => false);
    expect(await leftBehind(never.asking)).toBeNull();
    await never.place();
    expect(await leftBehind(never.asking)).toContain('Still open');
    expect(await leftBehind({ openOrders: () => Promise.reject(new Error('gone')) })).toContain('does not say');
  });

  it('is that of a venue without a timer, of a timer that nobody winds up, and of one that does not run out', async () => {
    for (const [isWound, text] of [
      [null, 'has no timer'],
      [false, 'did not wind up'],
      [true, 'still listed'],
    ] as const) {
      const never = stage(() => false);
      const result = await played(never.clock, rehearseDeadMan(never, mortal(isWound), 10_000));
      expect(result).toMatchObject({ passed: false, tookMs: null });
      expect(result.text).toContain(text);
    }
  });

  it('is that of an order that was gone before anything was tried', async () => {
    const soon = stage(now => now > 0);
    const slow = { ...mortal(true), isWound: false, die: () => Promise.resolve() };
    soon.clock.after(5_000, () => (slow.isWound = true));
    expect(await played(soon.clock, rehearseDeadMan(soon, slow as MortalTransport, 10_000))).toMatchObject({ passed: false });
  });

  it('is none of one that the venue ends in time: then it says when', async () => {
    const ends = stage(now => now >= 10_000);
    expect(await played(ends.clock, rehearseDeadMan(ends, mortal(true), 10_000))).toMatchObject({ passed: true, tookMs: 10_000 });
  });
});

describe('quantai rehearse at a real venue', () => {
  it('asks for a sentence that names account and venue before anything is sent', async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'quantai-rehearse-'));
    closers.push(() => rm(workspace, { recursive: true, force: true }));
    const words = ['rehearse', '--workspace', workspace, '--account', 'main', '--venue', 'bybit', '--symbol', SYMBOL];
    for (const more of [[], ['--confirm', 'rehearse with other at bybit']]) {
      const { code, err } = await quantai([...words, ...more]);
      expect(code).toBe(4);
      expect(err).toContain('rehearse with main at bybit');
    }
  });
});
