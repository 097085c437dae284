import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { authorise, recordedWords } from '../../src/commands/authorise.js';
import { useTerminal } from '../../src/commands/terminal.js';
import { workspaceAudit } from '../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { claimAccount } from '../../src/live/session/socket-lock-claim.js';
import type { AuditRecord } from '../../src/promotion/audit/audit-record.js';
import { ROLES } from '../../src/promotion/people/role.js';
import { quantai } from './run-quantai.js';

let root = '';
let err = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'authorise-'));
  err = '';
  process.env['QUANTAI_USER'] = 'desk';
});
afterEach(async () => {
  delete process.env['QUANTAI_USER'];
  await rm(root, { recursive: true, force: true });
});

const records = async (): Promise<readonly AuditRecord[]> => (await workspaceAudit(workspaceAt(root))).read();
/** One user of each role, named as the role. */
const setUp = async (): Promise<void> => {
  await (
    await workspaceAudit(workspaceAt(root))
  ).append(
    'approver',
    [...ROLES].reverse().map(role => ({ type: 'UserAdded' as const, user: role, roles: [role], publicKey: '' })),
  );
};
const at = (...words: string[]) => quantai([...words, '--workspace', root]);

/** What the hook does alone, without the verb. */
const hook = async (line: string, as?: string, options: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const words = line.split(' ');
  useTerminal({ argv: words, err: text => (err += text) });
  try {
    await authorise({ _: words, workspace: root, json: false, progress: false, as, ...options });
    return 'allowed';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('before every verb', () => {
  it('nothing is recorded or made for research and looking, while there is no log', async () => {
    expect((await at('runs')).code).toBe(0);
    expect((await at('backtest', 'sma-cross', '--dataset', 'nothing')).code).toBe(2);
    for (const line of ['data import', 'train', 'sweep', 'status', 'limits', 'promote', 'users', 'audit verify'])
      expect([line, await hook(line)]).toEqual([line, 'allowed']);
    expect(existsSync(join(root, 'audit'))).toBe(false);
  });

  it('what has to do with money, keys and people begins the log; then research is in it too, and looking is not', async () => {
    expect((await at('data', 'gc')).code).toBe(0);
    await hook('status');
    await hook('limits');
    await hook('limits', undefined, { set: ['maxExposure=1'] });
    await hook('backtest');
    expect((await records()).map(({ actor, word }) => [actor, word.type === 'CommandGiven' ? [word.verb, word.words] : word.type])).toEqual(
      [
        ['desk', ['data gc', ['data', 'gc', '--workspace', root]]],
        ['desk', ['limits', ['limits']]],
        ['desk', ['backtest', ['backtest']]],
      ],
    );
  });

  it('secrets of a command line are not kept', () => {
    expect(recordedWords(['practice', '--accounts', 'main:CANARY:CANARY:100', '--accounts=a:CANARY:CANARY:1', '--speed', '5'])).toEqual([
      'practice',
      '--accounts',
      '[secret]',
      '--accounts=[secret]',
      '--speed',
      '5',
    ]);
  });

  it('who lacks the role is refused with exit code 4, and that is on record', async () => {
    await setUp();
    const { code, err: said } = await at('data', 'gc', '--as', 'viewer');
    expect(code).toBe(4);
    expect(said).toContain('quantai data gc needs the role researcher or operator; viewer is viewer.');
    const asked = [
      ['halt', {}, 'nyyy'],
      ['halt', { resume: true }, 'nnyn'],
      ['limits', { set: ['maxExposure=9'] }, 'nnyn'],
      ['promote', { strategy: 'x', to: 'live' }, 'nnyn'],
      ['approve', { request: 'abcd' }, 'nnny'],
      ['users add', {}, 'nnny'],
      ['status', {}, 'yyyy'],
    ] as const;
    for (const [line, options, allowed] of asked) {
      const answers: string[] = [];
      for (const role of ROLES) answers.push((await hook(line, role, options)) === 'allowed' ? 'y' : 'n');
      expect([line, answers.join('')]).toEqual([line, allowed]);
    }
    const denied = (await records()).filter(({ word }) => word.type === 'CommandDenied');
    expect(denied).toHaveLength(1 + 1 + 3 + 3 + 3 + 3 + 3);
    expect(denied[0]).toMatchObject({ actor: 'viewer', word: { verb: 'data gc', code: 'not-permitted' } });
  });

  it('a name that is no user’s is a mistake of usage, with the nearest', async () => {
    await setUp();
    const { code, err: said } = await at('data', 'gc', '--as', 'operater');
    expect(code).toBe(2);
    expect(said).toContain('Did you mean "operator"?');
    expect((await records()).at(-1)).toMatchObject({ actor: 'operater', word: { type: 'CommandDenied', code: 'unknown-user' } });
    // Nobody is named: the environment speaks, and after it the operating system.
    expect(await hook('data gc')).toBe('unknown-user');
    process.env['QUANTAI_USER'] = 'operator';
    expect(await hook('data gc')).toBe('allowed');
    // A watchdog is started by its session, which has been asked.
    process.env['QUANTAI_USER'] = 'nobody';
    expect(await hook('watchdog', undefined, { handed: true })).toBe('allowed');
  });

  it('a broken log keeps nobody from halting, and everybody from whatever else acts', async () => {
    await setUp();
    const log = join(root, 'audit', 'log.ndjson');
    await writeFile(log, (await readFile(log, 'utf8')).replace('viewer', 'viewxr'));
    expect(await hook('halt', 'operator')).toBe('allowed');
    expect(err).toMatch(/WARNING.*goes on without/);
    expect(await hook('promote', 'operator', { strategy: 'x', demote: true })).toBe('allowed');
    for (const [line, options] of [
      ['halt', { resume: true }],
      ['live', {}],
      ['backtest', {}],
      ['data gc', {}],
    ] as const)
      expect([line, await hook(line, 'operator', options)]).toEqual([line, 'broken-audit-log']);
    expect(await hook('status', 'operator')).toBe('allowed');
    expect((await at('live', 'sma-cross', '--as', 'operator')).code).toBe(4);
    // And the halt itself runs: it says that there is no session.
    expect((await at('halt', '--as', 'operator')).err).toContain('No such session runs');
    expect((await at('audit', 'verify', '--as', 'operator')).code).toBe(4);
  });

  it('a configuration that never ends does not keep a halt from its work', async () => {
    await setUp();
    await writeFile(join(root, 'quantai.config.ts'), 'await new Promise(() => {});\nexport default {};\n');
    const began = performance.now();
    expect(await hook('halt', 'operator')).toBe('allowed');
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(err).toContain('goes on without it');
  }, 30_000);

  it('a locked log does not hold a halt up, and refuses a viewer all the same', async () => {
    await setUp();
    const claim = (await claimAccount(join(root, 'audit', 'lock')))!;
    const began = performance.now();
    expect(await hook('halt', 'operator')).toBe('allowed');
    expect(performance.now() - began).toBeLessThan(20_000);
    claim.release();
    // It gets its record when the lock is free.
    await expect
      .poll(async () => (await records()).at(-1), { timeout: 8_000 })
      .toMatchObject({ actor: 'operator', word: { verb: 'halt' } });
    // Whoever wrote it lets go of the lock a moment later.
    const again = await vi.waitFor(async () => {
      const claimed = await claimAccount(join(root, 'audit', 'lock'));
      if (claimed === null) throw new Error('still held');
      return claimed;
    });
    expect(await hook('halt', 'viewer')).toBe('not-permitted');
    again.release();
  });
});
