import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { commandEnvironment } from '../../src/commands/dashboard/command-environment.js';
import { createPlatform } from '../../src/commands/dashboard/create-platform.js';
import { peopleFolder } from '../../src/commands/audit-options.js';
import { workspaceAudit } from '../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import type { CommandProgress, Platform } from '../../src/dashboard/platform.js';
import { openJobs } from '../../src/dashboard/workbench/jobs.js';
import { workbenchHandlers } from '../../src/dashboard/workbench/workbench-handlers.js';
import { Secret } from '../../src/live/secrets/secret.js';
import { gatesHash } from '../../src/promotion/approvals/gates-hash.js';
import { makeRequest } from '../../src/promotion/approvals/make-request.js';
import { makePersonKey } from '../../src/promotion/people/person-key.js';
import type { Role } from '../../src/promotion/people/role.js';
import { temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ENDLESS = 'SELECT count(*) FROM range(1000000000000) a WHERE a.range % 7 = 3';
const WALK = ['walkforward', 'sma-cross', '--dataset=sample', '--symbols=BTC/USDT:USDT', '--workers=1'];

let root = '';
let remove: () => Promise<void>;
const opened: { close(): Promise<void> }[] = [];
const open = (options: Partial<Parameters<typeof createPlatform>[0]> = {}): Platform => {
  const platform = createPlatform({ workspace: root, owner: 'owner', ...options });
  opened.push(platform);
  return platform;
};
const quiet = { progress: () => undefined, line: () => undefined };

let shared: ReturnType<typeof createPlatform>;
beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  shared = createPlatform({ workspace: root, owner: 'owner', processes: 2 });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(each => each.close()));
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await shared.close();
  await remove();
});

describe('the platform', () => {
  it('gives each of many callers the answer to what they asked', async () => {
    const { ask } = shared;
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => ask(['sql', `SELECT ${n} AS n`], 'ann')));
    expect(answers.map(answer => (answer as { rows: number[][] }).rows)).toEqual(Array.from({ length: 12 }, (_, n) => [[n]]));
  });

  it('passes on no answer so large that reading it would keep everybody waiting, and lets no query take all memory or all of the disk', async () => {
    const { ask } = shared;
    await expect(ask(['sql', "SELECT repeat('x', 40000000) AS x"], 'ann')).rejects.toMatchObject({ code: 'too-large', exitCode: 1 });
    const text = "SELECT current_setting('memory_limit') AS memory, current_setting('max_temp_directory_size') AS disk";
    const { rows } = (await ask(['sql', text], 'ann')) as { rows: string[][] };
    // DuckDB says GiB and MiB with a decimal.
    const megabytes = (size: string): number => Number.parseFloat(size) * (size.endsWith('GiB') ? 1024 : 1);
    expect(megabytes(rows[0]![0]!)).toBeLessThanOrEqual(Math.min(4096, totalmem() / 2 ** 22));
    expect(megabytes(rows[0]![1]!)).toBeLessThanOrEqual(4096);
  });

  it('leaves no process behind when its server is killed, however long its query would take', async () => {
    const worker = spawn(process.execPath, ['dist/commands/dashboard/command-worker.js'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const ended = new Promise(resolve => worker.once('exit', resolve));
    const late = setTimeout(() => worker.kill('SIGKILL'), 60_000);
    worker.send({ say: 'run', argv: ['sql', ENDLESS, '--workspace', root, '--json'], passphrase: null });
    await pause(3_000);
    expect(worker.exitCode).toBeNull();
    const begin = performance.now();
    // What a worker sees of a server that is gone.
    worker.disconnect();
    await ended;
    clearTimeout(late);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  it('lets a short question pass a long one, however many long ones wait', async () => {
    const { ask } = shared;
    const order: string[] = [];
    const slow = 'SELECT count(*) FROM range(60000000) a WHERE a.range % 7 = 3';
    const long = Array.from({ length: 3 }, () => ask(['sql', slow], 'ann').then(() => order.push('long')));
    const short = ask(['runs'], 'ann').then(() => order.push('short'));
    await Promise.all([...long, short]);
    expect(order.indexOf('short')).toBeLessThan(2);
  });

  it('passes on a refusal with its code, sentence, fix and exit code', async () => {
    const { ask, tell } = shared;
    const refusal = { name: 'UserError', code: 'unknown-dataset', exitCode: 2, fix: 'List what is there with: quantai data list' };
    await expect(ask(['data', 'list', 'smaple'], 'ann')).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('Did you mean "sample"?'),
    });
    await expect(tell(['data', 'list', 'smaple'], 'ann')).rejects.toMatchObject(refusal);
    await expect(ask(['nonsense'], 'ann')).rejects.toMatchObject({ code: 'unknown-command', exitCode: 2 });
  });

  it('gives the document of a command that found something wrong, and text to people', async () => {
    const { ask, tell } = shared;
    await writeFile(join(root, 'quantai.config.ts'), 'export default { nonsense: 1 };');
    try {
      expect(await ask(['doctor'], 'ann')).toMatchObject({ ok: false });
    } finally {
      await writeFile(join(root, 'quantai.config.ts'), 'export default {};');
    }
    expect(await tell(['data', 'list'], 'ann')).toMatch(/^dataset +symbols/);
  });

  it('replaces a process that died, and tells who waited for it', async () => {
    const platform = shared;
    await platform.ask(['runs'], 'ann');
    const workers = (): string[] =>
      readdirSync('/proc').filter(pid => {
        try {
          const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
          return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('command-worker');
        } catch {
          return false;
        }
      });
    const before = workers();
    const slow = platform.ask(['sql', ENDLESS], 'ann');
    setTimeout(() => before.forEach(pid => process.kill(Number(pid), 'SIGKILL')), 300);
    await expect(slow).rejects.toMatchObject({ code: 'command-lost', exitCode: 1 });
    expect(await platform.ask(['sql', 'SELECT 1 AS n'], 'ann')).toMatchObject({ rows: [[1]] });
    expect(workers().filter(pid => before.includes(pid))).toEqual([]);
  });

  it('does not wait longer than its patience, and goes on with another process', async () => {
    const { ask } = open({ processes: 2, patienceMs: 1500 });
    await expect(ask(['sql', ENDLESS], 'ann')).rejects.toMatchObject({ code: 'too-slow' });
    expect(await shared.ask(['sql', 'SELECT 1 AS n'], 'ann')).toMatchObject({ rows: [[1]] });
  });

  it('goes on after a process has run its number of commands', async () => {
    const { ask } = open({ processes: 2, commands: 1 });
    for (let n = 0; n < 2; n++) expect(await ask(['sql', `SELECT ${n} AS n`], 'ann')).toMatchObject({ rows: [[n]] });
  });

  it('takes neither names nor secrets of its own environment along', () => {
    const env = {
      PATH: '/bin',
      TZ: 'UTC',
      QUANTAI_USER: 'eve',
      QUANTAI_PASSPHRASE_FILE: '/x',
      BINANCE_API_KEY: 'k',
      NPM_TOKEN: 't',
      QUANTAI_HOME: '/h',
      QUANTAI_DEBUG: '1',
      PGPASSWORD: 'w',
    };
    // The registry is the workspace's, whoever asks.
    expect(commandEnvironment(env)).toEqual({ PATH: '/bin', TZ: 'UTC', QUANTAI_DEBUG: '1', PGPASSWORD: 'w' });
  });
});

describe('a command in a process of its own', () => {
  it('tells its progress, and ends with its document', async () => {
    const heard: CommandProgress[] = [];
    const lines: string[] = [];
    const words = [...WALK, '--to=2023-04-10', '--train=60d', '--test=20d', '--points=2'];
    const command = shared.begin(words, 'ann', { progress: each => heard.push(each), line: line => lines.push(line) });
    const { exitCode, document } = await command.ended;
    expect([exitCode, document]).toEqual([0, expect.objectContaining({ strategy: 'sma-cross', synthetic: true })]);
    const search = heard.filter(({ label }) => label === 'sma-cross');
    expect(search.at(-1)).toMatchObject({ unit: 'runs', note: '1 folds' });
    expect(search.at(-1)?.done).toBe(search.at(-1)?.total);
    expect(lines.join('\n')).toContain('Synthetic data');
  });

  it('that is cancelled ends as Ctrl-C ends it: what it has got is kept', async () => {
    const platform = shared;
    const jobs = await openJobs({ platform, file: join(root, 'dashboard', 'jobs.ndjson') });
    const { 'jobs.begin': begin, 'jobs.cancel': cancel } = workbenchHandlers({ platform, jobs });
    const caller = { name: 'ann', roles: ['researcher'], by: 'session' } as const;
    const body = { kind: 'walkforward', strategy: 'sma-cross', dataset: 'sample', symbols: [], params: {} } as const;
    const { job } = await begin({ caller, params: {}, query: {}, body: { ...body, symbols: ['BTC/USDT:USDT'] } });
    await vi.waitFor(() => expect(jobs.show(job).done).toBeGreaterThan(3), { timeout: 60_000 });
    await cancel({ caller, params: { job }, query: {}, body: {} });
    await vi.waitFor(() => expect(jobs.show(job).state).toBe('cancelled'), { timeout: 30_000 });
    expect(jobs.show(job).error?.message).toMatch(/evaluations are done and kept/);
  });

  it('that dies is told as dead', async () => {
    const command = shared.begin([...WALK, '--points=40'], 'ann', quiet);
    setTimeout(() => process.kill(command.pid!, 'SIGKILL'), 500);
    expect(await command.ended).toMatchObject({ exitCode: 1, document: null, said: expect.stringContaining('SIGKILL') });
  });

  it('that is refused says why', async () => {
    const { exitCode, document } = await shared.begin(['backtest', 'sma-cross', '--dataset=none'], 'ann', quiet).ended;
    expect([exitCode, document]).toEqual([2, { error: expect.objectContaining({ code: 'unknown-dataset' }) }]);
  });
});

describe('people', () => {
  const CANARY = 'canary words nobody else would choose';
  const addUser = async (user: string, passphrase: string, ...roles: Role[]): Promise<void> => {
    const folder = peopleFolder(workspaceAt(root));
    const publicKey = await makePersonKey({ folder, user, passphrase: () => Promise.resolve(new Secret(passphrase)), n: 1024 });
    await (await workspaceAudit(workspaceAt(root))).append('root', [{ type: 'UserAdded', user, roles, publicKey }]);
  };
  const filesIn = async (folder: string): Promise<string[]> => {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  };

  it('are known with the roles of the audit log as soon as it says so', async () => {
    const platform = shared;
    expect(await platform.people()).toEqual(new Map());
    expect(platform.owner).toBe('owner');
    await addUser('alice', 'the words of alice', 'approver', 'operator');
    expect([...(await platform.people())].map(([name, { roles }]) => [name, roles])).toEqual([['alice', ['approver', 'operator']]]);
    await addUser('bob', CANARY, 'approver');
    expect([...(await platform.people()).keys()]).toEqual(['alice', 'bob']);
  });

  it('are refused and recorded as on the command line', async () => {
    const platform = shared;
    await addUser('vera', 'the words of vera', 'viewer');
    await expect(platform.ask(['models', 'rollback', 'x', '--reason=try'], 'vera')).rejects.toMatchObject({
      code: 'not-permitted',
      exitCode: 4,
    });
    await expect(platform.ask(['runs'], 'nobody')).rejects.toMatchObject({ code: 'unknown-user' });
    const records = await (await workspaceAudit(workspaceAt(root))).read();
    expect(records.at(-1)).toMatchObject({
      actor: 'vera',
      word: { type: 'CommandDenied', verb: 'models rollback', code: 'not-permitted' },
    });
  });

  it('sign with a passphrase that is nowhere afterwards, nor in any argument or variable', async () => {
    const log = await workspaceAudit(workspaceAt(root));
    const place = { account: 'main', venue: 'binanceusdm', practice: true };
    const terms = { promotion: 'lean-1', strategy: 'lean', action: 'live', ...place, size: 1000, share: 0.1, currency: 'USDT' } as const;
    const request = makeRequest(
      { ...terms, worstCaseLoss: 10, pins: 'p', gates: gatesHash([]), overrides: [], requestedBy: 'alice' },
      { persons: 2, approvalExpires: '1h' },
      { at: Date.now(), nonce: 'n', hasUsers: true },
    );
    await log.append('alice', [
      { type: 'CandidateNamed', promotion: 'lean-1', strategy: 'lean', run: 'r', pins: 'p' },
      { type: 'StageEntered', promotion: 'lean-1', stage: 'paper', ...place, account: 'paper', size: 1000, share: 1, request: null },
      { type: 'GatesJudged', promotion: 'lean-1', to: 'live', results: [] },
      { type: 'ApprovalRequested', request, signature: null },
    ]);
    // Whoever approves is not who started the server.
    vi.stubEnv('QUANTAI_PASSPHRASE_FILE', join(root, 'quantai.config.ts'));
    const platform = open();
    const jobs = await openJobs({ platform, file: join(root, 'dashboard', 'jobs.ndjson') });
    const handlers = workbenchHandlers({ platform, jobs });
    const caller = { name: 'bob', roles: ['approver'], by: 'session' } as const;
    const asked = { caller, params: {}, query: {}, body: {} };
    const { requests } = await handlers['approvals.list'](asked);
    expect(requests).toEqual([expect.objectContaining({ request: request.id, by: 'alice', state: 'waiting', size: 1000, loss: 10 })]);
    const [{ sentence } = { sentence: '' }] = requests;
    const give = (confirm: string, passphrase?: string) =>
      handlers['approvals.give']({
        ...asked,
        params: { request: request.id },
        body: { confirm, ...(passphrase !== undefined && { passphrase }) },
      });
    await expect(give('yes', CANARY)).rejects.toMatchObject({ code: 'wrong-sentence', exitCode: 4 });
    await expect(give(sentence)).rejects.toMatchObject({ code: 'no-passphrase' });
    await expect(give(sentence, 'other words than those')).rejects.toMatchObject({ code: 'wrong-passphrase' });
    // It is signed; that the promotion's pins are gone is seen only then.
    await expect(give(sentence, CANARY)).rejects.toMatchObject({ code: 'changed-terms' });
    for (const file of await filesIn(root)) expect(await readFile(file, 'latin1'), file).not.toContain(CANARY);
    const processes = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
    for (const pid of processes)
      for (const part of ['cmdline', 'environ'])
        expect(await readFile(`/proc/${pid}/${part}`, 'latin1').catch(() => '')).not.toContain(CANARY);
    const { records } = await handlers['audit.list']({ ...asked, query: { limit: 1000, actor: 'bob', type: 'ApprovalRefused' } });
    expect(records.map(({ text }) => text).join()).toMatch(/sentence/);
    const { promotions } = await handlers['promotions.list'](asked);
    expect(promotions).toMatchObject([{ id: 'lean-1', stage: 'paper', paper: { account: 'paper', size: 1000 }, live: null }]);
    const shown = await handlers['promotions.show']({ ...asked, params: { promotion: 'lean-1' } });
    expect(shown.gates).toMatchObject([{ to: 'live', results: [] }]);
  });
});
