import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, test } from 'vitest';
import { readConfig } from '../../src/commands/config-file.js';
import { hasSecret } from '../../src/commands/secret-words.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { temporaryWorkspace } from './run-quantai.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

test.each([
  [['jobs', 'list', '--on', 'postgres://quant:mysecret@db/x'], true],
  [['worker', '--on=redis://:mysecret@db'], true],
  [['worker', '--on', 'redis://:my/sec:ret@db'], true],
  [['dashboard', '--registry', 'postgres://quant:mysecret@db/x'], true],
  [['runs', '--registry=postgres://quant@db/x?sslmode=require&password=mysecret'], true],
  [['lake', '--token', 'mysecret'], true],
  [['lake', '--token=mysecret'], true],
  [['jobs', 'list', '--on', 'postgres://quant@db:5432/x', '--lake', 'http://10.0.0.5:7420'], false],
  [['backtest', 'sma-cross', '--dataset', 'btc@3f9a', '--from', '2024-01-01'], false],
])('of %j other users of the machine should not read a part: %s', (argv, is) => {
  expect(hasSecret(argv)).toBe(is);
});

it.skipIf(!existsSync('/proc/self/cmdline'))(
  'a password on the command line is out of the list of processes before the command begins, and stays out',
  async () => {
    // Answers nobody, so that the command is at work as long as it is looked at.
    const silent = createServer();
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const child = spawn(process.execPath, [CLI, 'registry', 'status', '--registry', `postgres://quant:mysecret@127.0.0.1:${port}/x`], {
      stdio: 'ignore',
    });
    try {
      const connected = new Promise<void>(resolve => silent.once('connection', () => resolve()));
      const words = (): string => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
      await connected;
      expect(words()).toMatch(/^quantai/);
      expect(words()).not.toContain('mysecret');
    } finally {
      child.kill('SIGKILL');
      silent.close();
    }
  },
);

it('of quantai.config.ts nothing is kept, for there may be a password in it', async () => {
  const { root, remove } = await temporaryWorkspace();
  try {
    const workspace = workspaceAt(root);
    const config = (on: string): Promise<void> => writeFile(workspace.configFile, `export default { cluster: { on: '${on}' } };`);
    const read = async (): Promise<unknown> => (await readConfig(workspace)).cluster.on;
    await config('redis://:mysecret@db');
    expect(await Promise.all([read(), read(), read()])).toEqual(Array(3).fill('redis://:mysecret@db'));
    await config('redis://:other@db');
    expect(await read()).toBe('redis://:other@db');
    await config('redis://:mysecret@db');
    expect(await read()).toBe('redis://:mysecret@db');
    const left = readdirSync(root, { recursive: true, withFileTypes: true }).filter(each => each.isFile());
    expect(left.map(each => join(each.parentPath, each.name))).toEqual([workspace.configFile]);
  } finally {
    await remove();
  }
});
