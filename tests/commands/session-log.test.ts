import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollingLog } from '../../src/commands/rolling-log.js';
import { sessionLog } from '../../src/commands/session-log.js';
import { redactor } from '../../src/live/secrets/redactor.js';
import { Secret } from '../../src/live/secrets/secret.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quantai-log-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lines = async (path: string): Promise<Record<string, unknown>[]> =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);

describe('the log of a session', () => {
  it('begins anew at its size, keeps so many old ones, and loses no line between them', async () => {
    const path = join(folder, 'rolled.log');
    const log = rollingLog(path, { maxBytes: 1000, keep: 3 });
    for (let i = 0; i < 60; i++) log.write(`${String(i).padStart(49, '0')}\n`);
    await log.close();
    const names = (await readdir(folder)).filter(name => name.startsWith('rolled.log')).sort();
    expect(names).toEqual(['rolled.log', 'rolled.log.1', 'rolled.log.2']);
    for (const name of names) expect((await stat(join(folder, name))).size).toBe(1000);
    const all = await Promise.all([...names].reverse().map(name => readFile(join(folder, name), 'utf8')));
    expect(all.join('').trimEnd().split('\n').map(Number)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it('drops the oldest file beyond those that it keeps', async () => {
    const path = join(folder, 'few.log');
    const log = rollingLog(path, { maxBytes: 100, keep: 2 });
    for (let i = 0; i < 10; i++) log.write(`${String(i).padStart(99, '0')}\n`);
    await log.close();
    expect((await readdir(folder)).filter(name => name.startsWith('few.log'))).toHaveLength(3);
    expect(Number(await readFile(`${path}.2`, 'utf8'))).toBe(7);
  });

  it('goes on at the size that it had, and is for its owner alone', async () => {
    const path = join(folder, 'again.log');
    for (let run = 0; run < 2; run++) {
      const log = rollingLog(path, { maxBytes: 150, keep: 2 });
      log.write(`${'x'.repeat(99)}\n`);
      await log.close();
    }
    expect((await stat(path)).size).toBe(100);
    expect((await stat(`${path}.1`)).size).toBe(100);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('neither throws nor waits when nothing can be written', async () => {
    const log = rollingLog(join(folder, 'no such folder', 'x.log'));
    for (let i = 0; i < 3; i++) {
      log.write('x\n');
      await new Promise(done => setTimeout(done, 20));
    }
    expect(log.dropped).toBeGreaterThan(0);
    await log.close();
  });

  it('holds no secret, in whatever spelling and depth it is given', async () => {
    const canary = 'canary/+ä-0123456789';
    const path = join(folder, 'redacted.log');
    const log = await sessionLog(path, redactor([new Secret(canary)]));
    const spelled = [
      canary,
      encodeURIComponent(canary),
      Buffer.from(canary).toString('base64'),
      Buffer.from(canary).toString('hex'),
      JSON.stringify(canary),
    ];
    for (const text of spelled)
      log.line('error', `at ${text}`, {
        deep: [{ error: new Error(`no ${text}`, { cause: new Error(text) }) }],
        [text]: 1,
        headers: { 'X-MBX-APIKEY': 'other-secret' },
      });
    log.line('info', 'GET /x?signature=deadbeef01', {});
    await log.close();
    const whole = await readFile(path, 'utf8');
    for (const text of [...spelled.map(each => each.replace(/^"|"$/g, '')), 'other-secret', 'deadbeef01'])
      expect(whole).not.toContain(text);
    expect(await lines(path)).toHaveLength(6);
  });

  it('has one object a line with time, level and text, and leaves out what is below its level', async () => {
    const path = join(folder, 'levels.log');
    const log = await sessionLog(path, redactor(), { level: 'warn' });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log.line(level, `a\n${level}`, { n: 1 });
    await log.close();
    const found = await lines(path);
    expect(found.map(({ level, msg, n }) => [level, msg, n])).toEqual([
      [40, 'a\nwarn', 1],
      [50, 'a\nerror', 1],
    ]);
    expect(Date.parse(String(found[0]?.['time']))).toBeGreaterThan(0);
  });
});
