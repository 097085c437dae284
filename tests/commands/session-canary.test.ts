import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { askSession } from '../../src/live/session/socket-lock.js';
import { practiceWorld } from '../../src/practice/processes/practice-world.js';
import { quantai } from './run-quantai.js';

const CLI = resolve('dist/cli.js');
const SYMBOL = 'BTC/USDT:USDT';
const ACCOUNT = 'canary';

/** The spellings in which a secret could be written: as it is, in a URL, in hexadecimal, and in base64 at each of the three places of a longer text. */
const spellings = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  const inside = [0, 1, 2].map(before => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice(before === 0 ? 0 : 4, -4);
  });
  const hex = bytes.toString('hex');
  return [
    ...new Set([
      secret,
      encodeURIComponent(secret),
      hex,
      hex.toUpperCase(),
      ...inside,
      ...inside.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
    ]),
  ];
};

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true, recursive: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));
const until = async (what: () => boolean | Promise<boolean>, ms: number): Promise<boolean> => {
  for (const end = Date.now() + ms; Date.now() < end; await pause(50)) if (await what()) return true;
  return false;
};

const STRATEGY = `
import { defineStrategy, order } from 'quantai-trad';
export default defineStrategy({
  name: 'busy',
  params: {},
  decide: ({ symbol, close }) => [
    order({ symbol, side: 'buy', quantity: 1, reason: 'in' }),
    order({ symbol, side: 'buy', quantity: 1, limit: Math.round(close * 90) / 100, reason: 'low' }),
  ],
});
`;

const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

describe.runIf(existsSync(CLI) && process.platform === 'linux')('a canary among the secrets of a session', () => {
  it('is found in no file, log, journal, capture, answer, output, command line, environment or core dump', async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'quantai-canary-'));
    closers.push(() => rm(workspace, { recursive: true, force: true }));
    const world = await practiceWorld({ seed: 3, workspace, account: ACCOUNT, symbols: [SYMBOL], speed: 120 });
    closers.unshift(() => world.close());
    const [keys] = (
      JSON.parse(await readFile(join(workspace, 'practice-keys.json'), 'utf8')) as { accounts: { key: string; secret: string }[] }
    ).accounts;
    const hook = 'canary-hook/+signing=key~0123456789';
    const token = '987654:canary-Bot_token-abcdefghij';
    const secrets = [keys?.key ?? '', keys?.secret ?? '', hook, token];
    for (const secret of secrets) expect(secret.length).toBeGreaterThan(15);

    // Takes nothing, and says what it was given: what it was given must not come back in a log.
    const heard: string[] = [];
    const rude: Server = createServer((request, response) => {
      let body = '';
      request.on('data', part => (body += String(part)));
      request.on('end', () => {
        heard.push(body);
        response.writeHead(500).end(`<html>${request.url} ${JSON.stringify(request.headers)} ${body}</html>`);
      });
    });
    await new Promise<void>(done => rude.listen(0, '127.0.0.1', done));
    closers.unshift(async () => {
      rude.closeAllConnections();
      rude.close();
    });
    const base = `http://127.0.0.1:${(rude.address() as AddressInfo).port}`;
    const channels = [
      { kind: 'webhook', url: 'http://127.0.0.1:1/nobody', keys: 'hook' },
      { kind: 'telegram', chat: '1', baseUrl: base, keys: 'bot' },
      { kind: 'webhook', url: `${base}/hook`, keys: 'hook' },
    ];
    await writeFile(join(workspace, 'quantai.config.ts'), `export default { notify: { channels: ${JSON.stringify(channels)} } };\n`);
    await writeFile(join(workspace, 'busy.ts'), STRATEGY);
    for (const body of ['<html>gone</html>', '{"code":-1000,"msg":"the request was rejected"}', ''])
      world.server.control.addFault({ kind: 'answer', status: 502, body, rate: 0.05, forMs: 600_000, afterMs: 1_000 });

    const port = 20_000 + (process.pid % 20_000);
    const words = ['live', 'busy.ts', '--venue', 'practice', '--workspace', workspace, '--account', ACCOUNT, '--symbols', SYMBOL];
    const more = [
      '--timeframe',
      '1m',
      '--metrics-port',
      String(port),
      '--watchdog-after',
      '3s',
      '--watchdog-grace',
      '3s',
      '--max-loss',
      '50%',
    ];
    const child = spawn('bash', ['-c', 'ulimit -c unlimited; exec "$0" "$@"', process.execPath, CLI, ...words, ...more], {
      cwd: workspace,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        QUANTAI_DEBUG: '1',
        ...Object.fromEntries(
          [['HOOK', 'user', hook] as const, ['BOT', '1', token] as const].flatMap(([name, key, secret]) => [
            [`QUANTAI_KEY_${name}_VENUE`, 'notify'],
            [`QUANTAI_KEY_${name}_KEY`, key],
            [`QUANTAI_KEY_${name}_SECRET`, secret],
          ]),
        ),
      },
    });
    closers.unshift(async () => void child.kill('SIGKILL'));
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', part => (said += String(part)));
    const exited = new Promise<void>(done => child.on('exit', () => done()));
    const log = join(workspace, 'live', ACCOUNT, 'watchdog.log');
    const dogLog = async (): Promise<string> => (existsSync(log) ? readFile(log, 'utf8') : '');

    expect(await until(() => /^Live session \d+/m.test(said) || child.exitCode !== null, 40_000), said).toBe(true);
    expect(child.exitCode, said).toBe(null);
    expect(await until(() => world.server.control.truth(ACCOUNT).executions.length > 0, 20_000)).toBe(true);
    expect(await until(async () => /"msg":"watching"/.test(await dogLog()), 20_000)).toBe(true);

    const seen: Record<string, string> = {};
    for (const path of ['health', 'metrics']) seen[path] = await (await fetch(`http://127.0.0.1:${port}/${path}`)).text();
    seen['status'] = JSON.stringify(await askSession(world.venue, ACCOUNT, { ask: 'status' }, 5_000));
    seen['bad request'] = JSON.stringify(await askSession(world.venue, ACCOUNT, { ask: 'keys' }, 5_000));
    const halted = await quantai(['halt', '--workspace', workspace, '--account', ACCOUNT, '--reason', 'canary']);
    seen['halt'] = halted.out + halted.err;
    // Whoever may look at processes sees their words and, of their own, the environment.
    const dogs = spawnSync('pgrep', ['-f', `watchdog --handed --account ${ACCOUNT} --workspace ${workspace}`])
      .stdout.toString()
      .split('\n')
      .filter(Boolean);
    expect(dogs.length).toBeGreaterThan(0);
    for (const dog of dogs)
      for (const what of ['cmdline', 'environ']) seen[`watchdog's ${what}`] = await readFile(`/proc/${dog}/${what}`, 'latin1');
    seen["session's cmdline"] = await readFile(`/proc/${child.pid}/cmdline`, 'latin1');
    expect(await until(() => heard.length > 1, 20_000)).toBe(true);

    child.kill('SIGABRT');
    await exited;
    expect(await until(async () => /"msg":"ended"/.test(await dogLog()), 40_000), await dogLog()).toBe(true);
    seen['stdout and stderr'] = said;
    seen['what channels were sent'] = heard.join('\n');

    // The practice exchange's own file: it is where the keys are from.
    const files = (await filesIn(workspace)).filter(path => !path.endsWith('practice-keys.json'));
    for (const name of ['session.log', 'watchdog.log', 'instruments.json', '00000001.ndjson', '000001.ndjson'])
      expect(
        files.some(path => path.endsWith(name)),
        name,
      ).toBe(true);
    expect(files.filter(path => /(^|\/)core(\.\d+)?$/.test(path))).toEqual([]);
    for (const path of files) seen[path] = await readFile(path, 'latin1');
    const found = Object.entries(seen).flatMap(([where, text]) =>
      secrets.flatMap((secret, i) =>
        spellings(secret)
          .filter(spelling => text.includes(spelling))
          .map(() => `secret ${i} in ${where}`),
      ),
    );
    expect(found).toEqual([]);
    // What was searched did hold something, and the failures that were to happen did.
    expect(seen[join(workspace, 'live', ACCOUNT, 'session.log')]).toContain('notice not sent');
    expect(Object.keys(seen).length).toBeGreaterThan(12);
  }, 180_000);

  it('would be found if it were there', () => {
    for (const secret of ['canary-key-0123456789abcdef', 'x/+ä=1234567890'])
      for (let before = 0; before < 3; before++) {
        const text = Buffer.from(`${'q'.repeat(before)}${secret}zz`).toString('base64');
        expect(spellings(secret).some(spelling => text.includes(spelling))).toBe(true);
      }
  });
});
