import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workspaceAudit } from '../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { practiceWorld } from '../../src/practice/processes/practice-world.js';
import { quantai } from './run-quantai.js';

const SYMBOL = 'BTC/USDT:USDT';
const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

describe('a session of something that is not promoted', () => {
  it('is called a rehearsal by itself, its manifest, the status and the audit log, live and on paper', async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'quantai-session-'));
    closers.push(() => rm(workspace, { recursive: true, force: true }));
    const account = `unpromoted-${process.pid}`;
    const world = await practiceWorld({ seed: 5, workspace, account, symbols: [SYMBOL], speed: 240 });
    closers.unshift(() => world.close());
    const place = ['--workspace', workspace];
    const words = ['sma-cross', '--venue', 'practice', '--symbols', SYMBOL, '--no-threads', '--no-capture', '--for', '1s', '--as', 'ann'];
    for (const [mode, more] of [
      ['live', ['--no-watchdog', '--account', account]],
      ['paper', []],
    ] as const) {
      const { code, err } = await quantai([mode, ...words, ...more, ...place]);
      expect(code, err).toBe(0);
      expect(err).toContain('REHEARSAL: nothing here is promoted');
    }
    const records = await (await workspaceAudit(workspaceAt(workspace))).read();
    const of = (type: string) => records.filter(({ word }) => word.type === type).map(({ actor, word }) => ({ actor, ...word }));
    expect(of('SessionBegun')).toMatchObject([
      { actor: `session:${account}`, mode: 'live', epoch: 1, promotions: [], account, venue: world.venue, practice: true },
      { actor: 'session:paper', mode: 'paper', epoch: 1, promotions: [], account: 'paper' },
    ]);
    expect(of('SessionEnded')).toMatchObject([{ account }, { account: 'paper' }]);
    expect(of('CommandGiven').map(({ actor }) => actor)).toEqual(['ann', 'ann']);
    const { out } = await quantai(['status', ...place, '--json']);
    const { sessions } = JSON.parse(out) as { sessions: { rehearsal: boolean; promotions: unknown[] }[] };
    expect(sessions.map(({ rehearsal, promotions }) => [rehearsal, promotions])).toEqual([
      [true, []],
      [true, []],
    ]);
    expect((await quantai(['status', ...place])).out).toContain('REHEARSAL');
  }, 180_000);
});
