import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveDemo } from '../../src/commands/demo-session.js';
import type { Check } from '../../src/commands/doctor-check.js';
import { DASHBOARD_PORT, examineMachine } from '../../src/commands/doctor-machine.js';
import { examineWorkspace } from '../../src/commands/doctor-workspace.js';
import { workspaceAt, type Workspace } from '../../src/commands/workspace.js';
import { quantai } from '../commands/run-quantai.js';

let root = '';
let workspace: Workspace;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'quantai-doctor-'));
  workspace = workspaceAt(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const named = (checks: readonly Check[], name: string): Check | undefined => checks.find(check => check.name === name);

/** The id of a process that is gone. */
const dead = (): number => spawnSync(process.execPath, ['--version']).pid;

describe('the doctor', () => {
  it('finds nothing wrong with an empty workspace', async () => {
    const checks = await examineWorkspace(workspace);
    expect(checks.filter(({ status }) => status === 'wrong')).toEqual([]);
    expect(named(checks, 'quantai.config.ts')?.status).toBe('note');
    expect(named(checks, 'locks')?.status).toBe('ok');
  });

  it('says which setting is wrong, and how to mend it', async () => {
    await writeFile(workspace.configFile, `export default { capital: -1 };\n`);
    expect(named(await examineWorkspace(workspace), 'quantai.config.ts')).toMatchObject({
      status: 'wrong',
      text: expect.stringContaining('capital') as string,
    });
  });

  it('names locks that a dead process left over, and none of a process that lives', async () => {
    await mkdir(join(root, 'datasets', 'old'), { recursive: true });
    await mkdir(join(root, 'datasets', 'new'), { recursive: true });
    await writeFile(join(root, 'datasets/old/.writer-lock'), `${dead()}.0 ${hostname()}`);
    await writeFile(join(root, 'datasets/new/.writer-lock'), `${process.pid}.0 ${hostname()}`);
    await writeFile(join(root, 'practice.json'), JSON.stringify({ pid: dead() }, undefined, 2));
    const { status, text } = named(await examineWorkspace(workspace), 'locks') ?? {};
    expect(status).toBe('note');
    expect(text).toBe(`left over: ${join('datasets', 'old', '.writer-lock')}, practice.json`);
  });

  it('names the first bad record of an audit log that was changed', async () => {
    const ran = await quantai(['users', 'list', '--workspace', root]);
    expect(ran.code, ran.err).toBe(0);
    // Anything that is always kept on record begins the log.
    await quantai(['data', 'gc', '--workspace', root, '--as', 'ann']);
    expect(named(await examineWorkspace(workspace), 'audit log')).toMatchObject({ status: 'ok' });
    const file = join(root, 'audit/log.ndjson');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"ann"', '"eve"'));
    expect(named(await examineWorkspace(workspace), 'audit log')).toMatchObject({
      status: 'wrong',
      text: expect.stringMatching(/^record \d/) as string,
    });
  });

  it('says that the port of the dashboard is taken while something listens there', async () => {
    const server = createServer();
    const isOurs = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(false));
      server.listen(DASHBOARD_PORT, '127.0.0.1', () => resolve(true));
    });
    const name = `port ${DASHBOARD_PORT}`;
    expect(named(await examineMachine(workspace), name)?.status).toBe('note');
    if (!isOurs) return;
    await new Promise(resolve => server.close(resolve));
    expect(named(await examineMachine(workspace), name)?.status).toBe('ok');
  });
});

describe('quantai demo --serve', () => {
  const args = { workspace: '', json: false, progress: false, serve: true, port: 4780, speed: 1800 };

  it('does not begin where an exchange runs already, nor at no speed', async () => {
    await writeFile(join(root, 'practice.json'), JSON.stringify({ pid: process.pid }));
    await expect(serveDemo({ ...args, workspace: root })).rejects.toMatchObject({ code: 'practice-runs', exitCode: 2 });
    await expect(serveDemo({ ...args, workspace: root, speed: 0 })).rejects.toMatchObject({ code: 'bad-speed', exitCode: 2 });
  });
});
