import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../../src/promotion/audit/open-audit-log.js';
import { verifyAuditLog } from '../../../src/promotion/audit/verify-audit-log.js';
import { buildScript } from '../../build-script.js';

// In reach of the packages that it needs.
const script = join(process.cwd(), 'node_modules', `.audit-append-${process.pid}.mjs`);
beforeAll(() => buildScript('tests/promotion/audit/appending-process.ts', script));
afterAll(() => rm(script, { force: true }));

let root = '';
let folder = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'audit-'));
  folder = join(root, 'audit');
  await mkdir(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const options = () => ({ folder, anchor: null, now: () => 7 });
const verbs = async (): Promise<string[]> =>
  (await openAuditLog(options()).read()).map(each => ('verb' in each.word ? each.word.verb : ''));

/** Starts processes; each says what it has on the disk. */
const start = (names: readonly string[], count: number) =>
  names.map(name => {
    const said: number[] = [];
    const child = spawn(process.execPath, [script, folder, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (text: Buffer) => said.push(...text.toString().trim().split('\n').map(Number)));
    const ended = new Promise<void>(resolve => child.on('exit', () => resolve()));
    return { name, said, child, ended };
  });

describe('processes that append to one log', () => {
  it('twenty of them lose nothing, and keep the order of each', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `p${i}`);
    const all = start(names, 2);
    await Promise.all(all.map(({ ended }) => ended));
    const read = await verbs();
    expect(read).toHaveLength(20 * 2 * 2);
    for (const name of names)
      expect(read.filter(verb => verb.startsWith(`${name}-`))).toEqual([0, 1].flatMap(i => [`${name}-${i}`, `${name}-${i}`]));
    expect(await verifyAuditLog(options())).toMatchObject({ ok: true, records: 80 });
  });

  it('killed at any moment they leave a log that holds, with all that was said to be on the disk, and no lock behind', async () => {
    const all = start(['a', 'b', 'c'], 0);
    while (all.some(({ said }) => said.length < 2)) await new Promise(resolve => setTimeout(resolve, 10));
    for (const { child, ended } of all) {
      child.kill('SIGKILL');
      await ended;
    }
    await openAuditLog(options()).append('after', [{ type: 'CommandGiven', verb: 'after', words: [] }]);
    const read = await verbs();
    expect(read.at(-1)).toBe('after');
    for (const { name, said } of all) for (const i of said) expect(read.filter(verb => verb === `${name}-${i}`)).toHaveLength(2);
    expect(await verifyAuditLog(options())).toMatchObject({ ok: true });
  });
});
