import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { practiceWorld } from '../../../src/practice/processes/practice-world.js';
import { wireSession } from '../../../src/practice/processes/wire-session.js';
import { defineStrategy } from '../../../src/strategies/strategy.js';

const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];
const MINUTE = 60_000;
const RECONNECTS = 50;

/** Trades nothing. */
const watcher = defineStrategy({ name: 'watcher', params: {}, decide: () => undefined });

it('joins history and stream with no missing and no doubled bar over 50 reconnects', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-seam-'));
  const world = await practiceWorld({ seed: 6, workspace, account: `seam-${process.pid}`, symbols: SYMBOLS, speed: 200, bars: 3_000 });
  const seen = new Map<string, number[]>();
  const gaps: string[] = [];
  try {
    const session = await wireSession({
      world,
      strategies: [{ strategy: watcher, tag: 'watcher', budget: 1_000 }],
      // Three wall seconds: a bar waits as long for that of the other symbol as a reconnect may take.
      feed: { resubscribeMs: 100, slicePatienceMs: 10 * MINUTE },
      onChunk: ({ kind, symbol, ts }) => {
        if (kind === 'bars') seen.set(symbol, [...(seen.get(symbol) ?? []), ...ts]);
      },
      onFact: fact => {
        if (fact.type === 'GapFound') gaps.push(fact.code);
      },
    });
    const { control } = world.server;
    const closed = (): number => control.state().bites['close-sockets'] ?? 0;
    const end = performance.now() + 40_000;
    for (let n = 0; closed() < RECONNECTS && performance.now() < end; n++) {
      // Half of them are noticed at once; the others say nothing for a while and are closed then.
      if (n % 2 === 1) {
        control.addFault({ kind: 'silent', forMs: 120 });
        await new Promise(resolve => setTimeout(resolve, 140));
      }
      control.addFault({ kind: 'close-sockets', code: n % 3 === 0 ? 1001 : 1006 });
      await new Promise(resolve => setTimeout(resolve, 120 + 37 * (n % 7)));
    }
    // The last gap is closed before the market stands.
    const calm = world.exchange.now + 8 * MINUTE;
    while (performance.now() < end + 10_000 && SYMBOLS.some(symbol => (seen.get(symbol)?.at(-1) ?? 0) < calm))
      await new Promise(resolve => setTimeout(resolve, 50));
    await session.stop();
    expect(closed(), 'reconnects').toBeGreaterThanOrEqual(RECONNECTS);
    expect(control.state().bites['silent'] ?? 0, 'silent streams').toBeGreaterThan(0);
    expect(gaps.length, 'gaps that were found').toBeGreaterThan(0);
    expect(gaps.filter(code => code !== 'back-filled')).toEqual([]);
    for (const symbol of SYMBOLS) {
      // A bar that came after its instant was played is given apart, and later.
      const bars = (seen.get(symbol) ?? []).sort((a, b) => a - b);
      expect(bars.length, symbol).toBeGreaterThan(10);
      const first = bars[0] ?? NaN;
      expect(bars, symbol).toEqual(bars.map((_, i) => first + i * MINUTE));
    }
  } finally {
    await world.close();
    await rm(workspace, { recursive: true, force: true });
  }
}, 90_000);
