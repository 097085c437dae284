import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quantai } from '../../commands/run-quantai.js';

let root = '';
const running: ChildProcess[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dashboard-'));
});
afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

interface Started {
  readonly url: string;
  readonly link: string;
  readonly pid: number;
}

/** The built command, with what it says and how it ends. */
const begin = (words: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore') => {
  const child = spawn(process.execPath, ['dist/cli.js', 'dashboard', '--workspace', root, '--json', ...words], {
    stdio: [stdin, 'pipe', 'pipe'],
  });
  running.push(child);
  const said = { out: '', err: '' };
  child.stdout!.on('data', part => (said.out += String(part)));
  child.stderr!.on('data', part => (said.err += String(part)));
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  const started = new Promise<Started>((resolve, reject) => {
    child.stdout!.on('data', () => {
      try {
        resolve(JSON.parse(said.out) as Started);
      } catch {
        // It is not whole yet.
      }
    });
    void ended.then(code => reject(new Error(`it ended with ${code}: ${said.err}`)));
  });
  started.catch(() => undefined);
  return { child, said, ended, started };
};

const post = (url: string, path: string, body: unknown) =>
  fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('quantai dashboard', () => {
  it('prints a link that logs in once; a second start hands out another for the same server; Ctrl-C ends it, and its browsers are known to the next', async () => {
    const first = begin(['--port', '0']);
    const { url, link } = await first.started;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const redeem = async (given: string) => post(url, '/login/link', { token: given.split('#once=')[1] });
    const entered = await redeem(link);
    expect(entered.status).toBe(200);
    expect((await redeem(link)).status).toBe(401);
    const { port } = new URL(url);
    const second = begin(['--port', port]);
    expect(await second.ended).toBe(0);
    expect(second.said.err).toContain(`runs already, at ${url}`);
    expect((await redeem((JSON.parse(second.said.out) as Started).link)).status).toBe(200);
    const cookie = entered.headers.getSetCookie()[0]!.split(';')[0]!;
    first.child.kill('SIGINT');
    await first.ended;
    expect((await readdir(join(root, 'dashboard'))).filter(name => name.startsWith('server-'))).toEqual([]);
    // A login alone begins no audit log.
    expect(await readdir(root)).not.toContain('audit');
    // As the child of a session, which it ends with.
    const third = begin(['--port', port, '--with-session', 'main'], 'pipe');
    const { link: another } = await third.started;
    expect((await fetch(`${url}/api/v1/me`, { headers: { cookie } })).status).toBe(200);
    const kept = await Promise.all((await readdir(join(root, 'dashboard'))).map(name => readFile(join(root, 'dashboard', name), 'utf8')));
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.some(text => text.includes(another.split('#once=')[1]!))).toBe(false);
    third.child.stdin!.end();
    expect(await third.ended).toBe(0);
  }, 120_000);

  it.each([
    [['--host', '0.0.0.0'], 'no-tls'],
    [['--tls-cert', 'none.pem'], 'no-file'],
    [['--port', '70000'], 'bad-port'],
    [['--idle', 'long'], 'bad-duration'],
  ])('refuses %s: %s', async (words, code) => {
    const refused = await quantai(['dashboard', ...words, '--workspace', root, '--json']);
    expect([refused.code, (JSON.parse(refused.out) as { error: { code: string } }).error.code]).toEqual([2, code]);
  });
});
