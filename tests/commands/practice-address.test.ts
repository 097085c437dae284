import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectSession, isHere } from '../../src/commands/session-connection.js';
import { workspaceAt } from '../../src/commands/workspace.js';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'practice-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('is of this machine, or none of a practice exchange', () => {
  for (const url of ['http://127.0.0.1:4000', 'ws://localhost:4000/ws', 'http://[::1]:1']) expect(isHere(url)).toBe(true);
  for (const url of ['https://fapi.binance.com', 'http://127.0.0.1.example.com', 'http://user:127.0.0.1@example.com', '', 'x'])
    expect(isHere(url)).toBe(false);
});

it('does not trade a real venue under the name of practice', async () => {
  const here = 'http://127.0.0.1:9';
  const file = { venue: 'binanceusdm', rest: here, ws: here, control: here, keysFile: join(root, 'keys.json'), accounts: ['main'] };
  for (const name of ['rest', 'ws', 'control']) {
    await writeFile(join(root, 'practice.json'), JSON.stringify({ ...file, [name]: 'https://fapi.binance.com' }));
    const request = { workspace: workspaceAt(root), venue: 'practice', sandbox: false, account: 'main', symbols: [], hide: () => {} };
    await expect(connectSession({ ...request, credentials: null })).rejects.toMatchObject({
      code: 'no-practice',
      message: expect.stringContaining('fapi.binance.com') as string,
    });
  }
});
