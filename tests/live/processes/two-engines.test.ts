import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { orderIdIn, orderNameOf } from '../../../src/live/broker/client-id.js';
import { practiceWorld } from '../../../src/practice/processes/practice-world.js';
import { QUOTER } from '../../../src/practice/processes/busy-strategies.js';
import { sessionProcess, type SessionProcess } from '../../../src/practice/processes/session-process.js';

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

it('refuses a second process on the account, and one that was stopped and wakes up sends nothing more', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-two-'));
  const account = `two-${process.pid}`;
  const world = await practiceWorld({ seed: 17, workspace, account, speed: 100 });
  await writeFile(join(workspace, 'quoter.ts'), QUOTER);
  const { exchange } = world;
  const children: SessionProcess[] = [];
  const start = (temporary?: string): SessionProcess => {
    const child = sessionProcess({
      cli: join(process.cwd(), 'dist/cli.js'),
      workspace,
      account,
      mode: 'live',
      strategies: ['./quoter.ts'],
      symbols: ['BTC/USDT:USDT', 'ETH/USDT:USDT'],
      more: ['--no-threads', '--no-capture', '--no-watchdog'],
      ...(temporary !== undefined && { environment: { TMPDIR: temporary } }),
    });
    children.push(child);
    return child;
  };
  const epochs = (): number[] =>
    exchange.allOrders(account).flatMap(({ clientId }) => {
      const id = orderIdIn(clientId);
      const name = id === null ? null : orderNameOf(id);
      return name === null ? [] : [name.epoch];
    });
  try {
    const first = start();
    await first.trading;
    for (let n = 0; n < 100 && epochs().length === 0; n++) await wait(100);
    expect(epochs()).toContain(1);

    const second = start();
    expect(await second.ended).not.toBe(0);
    expect(second.said).toMatch(/already/);
    expect(first.isOver).toBe(false);

    // Its socket is of no help to one that looks elsewhere: the token on the disk is.
    first.signal('SIGSTOP');
    const elsewhere = join(workspace, 'tmp');
    await mkdir(elsewhere);
    const third = start(elsewhere);
    await third.trading;
    for (let n = 0; n < 100 && !epochs().includes(2); n++) await wait(100);
    expect(epochs()).toContain(2);
    const sent = epochs().filter(epoch => epoch === 1).length;
    first.signal('SIGCONT');
    await Promise.race([first.ended, wait(8_000)]);
    expect(epochs().filter(epoch => epoch === 1)).toHaveLength(sent);
    expect(first.isOver).toBe(true);
    expect(third.isOver).toBe(false);
  } finally {
    for (const child of children) {
      child.signal('SIGKILL');
      await child.ended;
    }
    await world.close();
    await rm(workspace, { recursive: true, force: true });
  }
}, 120_000);
