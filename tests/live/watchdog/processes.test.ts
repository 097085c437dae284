import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { practiceWorld } from '../../../src/practice/processes/practice-world.js';
import { sessionProcess } from '../../../src/practice/processes/session-process.js';
import { quantai } from '../../commands/run-quantai.js';

const CLI = resolve('dist/cli.js');
const SYMBOL = 'BTC/USDT:USDT';

/** Bids far below the market at each close. */
const RESTING = `
import { defineStrategy, order } from 'quantai-trad';
export default defineStrategy({
  name: 'resting',
  params: {},
  decide: ({ symbol, close }) => order({ symbol, side: 'buy', quantity: 1, limit: Math.round(close * 90) / 100, reason: 'low' }),
});
`;
/** The same, and never comes back from its sixteenth decision. */
const ENDLESS = RESTING.replace('resting', 'endless')
  .replace('export default', 'let n = 0;\nexport default')
  .replace('decide: ({ symbol, close }) =>', 'decide: ({ symbol, close }) => { n++; while (n >= 16) n += 0; return')
  .replace("reason: 'low' })", "reason: 'low' }); }");

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));
const until = async (what: () => boolean | Promise<boolean>, ms: number): Promise<boolean> => {
  for (const end = Date.now() + ms; Date.now() < end; await pause(50)) if (await what()) return true;
  return false;
};

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

/** A practice exchange and a live session with open orders, with a watchdog of short patience. */
const trading = async (account: string, text: string, { after = '3s', grace = '5s', orders = 3 } = {}) => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-watchdog-'));
  const file = join(workspace, 'strategy.ts');
  await writeFile(file, text);
  const world = await practiceWorld({ seed: 1, workspace, account, symbols: [SYMBOL], speed: 120, paused: true });
  const start = () => {
    const words = ['--timeframe', '1m', '--no-capture', '--watchdog-after', after, '--watchdog-grace', grace];
    return sessionProcess({ cli: CLI, workspace, account, mode: 'live', strategies: [file], symbols: [SYMBOL], more: words });
  };
  const session = start();
  closers.push(async () => {
    session.signal('SIGKILL');
    // Its watchdog ends with the practice exchange.
    await world.close();
    await until(async () => /"msg":"ended"/.test(await log()), 5_000);
    await rm(workspace, { recursive: true, force: true });
  });
  const open = (): number => world.server.control.truth(account).orders.filter(({ status }) => status === 'open').length;
  const path = join(workspace, 'live', account, 'watchdog.log');
  const log = async (): Promise<string> => (existsSync(path) ? readFile(path, 'utf8') : '');
  await session.trading;
  // Until here the market stands: a slow start would meet many bars at once.
  world.pause(false);
  expect(await until(() => open() >= orders, 30_000)).toBe(true);
  expect(await until(async () => /"msg":"watching"/.test(await log()), 20_000)).toBe(true);
  return { workspace, account, session, start, open, log };
};

const isBuilt = existsSync(CLI);

// Each of them mostly waits: together they take little more than the longest.
describe.runIf(isBuilt)('a live session and its watchdog, as processes', { concurrent: true, timeout: 180_000 }, () => {
  it('that is stopped by a signal loses its orders within the bound, and ends when it goes on', async () => {
    const { session, open, log } = await trading('hung', RESTING);
    session.signal('SIGSTOP');
    const at = Date.now();
    await pause(1_500);
    expect(open()).toBeGreaterThan(0);
    expect(await until(() => open() === 0, 15_000)).toBe(true);
    // Three seconds without an answer, one pulse, one question that ran out of time, and the requests.
    expect(Date.now() - at).toBeLessThan(12_000);
    session.signal('SIGCONT');
    expect(await until(() => session.isOver, 20_000)).toBe(true);
    expect(open()).toBe(0);
    expect(await until(async () => /"why":"taken back"/.test(await log()), 20_000)).toBe(true);
  });

  it('that hangs is halted all the same', async () => {
    const { session, open, workspace, account } = await trading('halted', RESTING, { after: '10m' });
    session.signal('SIGSTOP');
    const { code, out } = await quantai(['halt', '--workspace', workspace, '--account', account, '--reason', 'test', '--json']);
    expect(JSON.parse(out)).toMatchObject({ sessions: [{ done: true, through: 'watchdog' }] });
    expect(code).toBe(0);
    expect(open()).toBe(0);
  });

  it('that is killed loses its orders after the grace, unless it is begun again within it', async () => {
    const { session, start, open, log } = await trading('killed', RESTING, { grace: '20s' });
    session.signal('SIGKILL');
    await session.ended;
    const second = start();
    closers.unshift(async () => {
      second.signal('SIGKILL');
      await second.ended;
    });
    await second.trading;
    expect(open()).toBeGreaterThan(0);
    expect(await log()).not.toMatch(/acting/);
    expect(await until(async () => (await log()).split('"msg":"watching"').length > 2, 20_000)).toBe(true);
    second.signal('SIGKILL');
    expect(await until(() => open() === 0, 40_000)).toBe(true);
    expect(await log()).toMatch(/its process is gone/);
  });

  it('whose strategy never comes back goes on, and is left alone', async () => {
    const { session, log } = await trading('endless', ENDLESS, { orders: 1 });
    expect(await until(() => /strategy-failed:endless/.test(session.said), 30_000)).toBe(true);
    await pause(4_000);
    expect(session.isOver).toBe(false);
    expect(await log()).not.toMatch(/acting/);
    session.signal('SIGINT');
    expect(await session.ended).not.toBe(-1);
    expect(await until(async () => /"why":"released"/.test(await log()), 5_000)).toBe(true);
  });
});
