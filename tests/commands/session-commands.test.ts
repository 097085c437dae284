import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/commands/workspace-config.js';
import { watchdogDoor } from '../../src/commands/watchdog-door.js';
import { watchdogPlace } from '../../src/live/watchdog/watchdog-place.js';
import { handoverText, readHandover } from '../../src/commands/watchdog-handover.js';
import { NotifyConfig } from '../../src/live/notify/notify-config.js';
import { Secret } from '../../src/live/secrets/secret.js';
import { socketLock, type SocketHandler } from '../../src/live/session/socket-lock.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

/** A name that no other test of this host uses: sockets are the host's. */
const account = `told-${process.pid}`;
let workspace: Awaited<ReturnType<typeof temporaryWorkspace>>;
const places: { release(): Promise<void> }[] = [];

const answering = async (name: string, handler: SocketHandler): Promise<void> => {
  const place = socketLock('practice-venue', name, handler);
  await place.acquire();
  places.push(place);
};

beforeEach(async () => {
  workspace = await temporaryWorkspace();
  const folder = join(workspace.root, 'live', account);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'session.json'), JSON.stringify({ account, venue: 'practice-venue', mode: 'live', practice: true }));
});
afterEach(async () => {
  for (const place of places.splice(0)) await place.release();
  await workspace.remove();
});
const run = (...words: string[]) => quantai([...words, '--workspace', workspace.root]);

describe('quantai halt', () => {
  it('is done by the session where it lives', async () => {
    const asked: unknown[] = [];
    await answering(account, request => {
      asked.push(request);
      return Promise.resolve({ done: 'halt' });
    });
    const { code, out } = await run('halt', '--reason', 'test');
    expect([code, out]).toEqual([0, `${account} on practice-venue: halt is done\n`]);
    expect(asked).toMatchObject([{ ask: 'pulse' }, { ask: 'command', command: 'halt', reason: 'test', flatten: false }]);
  });

  it('is done by the watchdog where nothing answers for the session', async () => {
    const asked: unknown[] = [];
    await answering(watchdogPlace(account), request => {
      asked.push(request);
      return Promise.resolve({ done: 'halt', cancelled: 3, closed: 0 });
    });
    const { code, out } = await run('halt', '--flatten');
    expect(code).toBe(0);
    expect(out).toContain('halt is done by the watchdog');
    expect(asked).toMatchObject([{ command: 'halt', flatten: true }]);
  });

  it('says that it is not done where nobody answers, and resumes nothing through the watchdog', async () => {
    expect(await run('halt')).toMatchObject({ code: 1, out: expect.stringContaining('NOT DONE') as string });
    let isAsked = false;
    await answering(watchdogPlace(account), () => {
      isAsked = true;
      return Promise.resolve({ done: 'resume' });
    });
    expect((await run('halt', '--resume', '--reason', 'x')).code).toBe(1);
    expect(isAsked).toBe(false);
  });
});

describe('quantai limits', () => {
  it('sends what is set with who and why, as numbers, words and none', async () => {
    const asked: unknown[] = [];
    await answering(account, request => {
      asked.push(request);
      return Promise.resolve({ limits: { maxExposure: 0.5, maxDrawdown: null } });
    });
    const { code, out } = await run(
      'limits',
      '--set',
      'maxExposure=0.5',
      '--set',
      'haltFlattens=true',
      '--set',
      'maxDrawdown=off',
      '--reason',
      'calm',
    );
    expect(code).toBe(0);
    expect(asked).toMatchObject([{ ask: 'set', limits: { maxExposure: 0.5, haltFlattens: true, maxDrawdown: null }, reason: 'calm' }]);
    expect(out).toMatch(/maxDrawdown\s.*off/);
  });

  it('says why a session refuses, and what can be done', async () => {
    await answering(account, () =>
      Promise.reject(new Error('reason-needed: maxExposure would go from 0.5 to 2, which is looser: say why')),
    );
    const { code, err } = await run('limits', '--set', 'maxExposure=2');
    expect(code).toBe(1);
    expect(err).toMatch(/reason-needed[^]*--reason/);
  });

  it('refuses what is no value before anybody is asked', async () => {
    for (const text of ['maxExposure', 'maxExposure=', 'maxExposure=much', '=1'])
      expect(await run('limits', '--set', text)).toMatchObject({ code: 2 });
    expect(await run('limits', '--set', 'a=1', '--set', 'a=2')).toMatchObject({ code: 2 });
  });
});

describe('a watchdog’s socket', () => {
  it('understands what it may be asked and nothing else', async () => {
    const door = watchdogDoor(() => null);
    await expect(door({ ask: 'watchdog' })).rejects.toThrow('still connecting');
    await expect(door({ ask: 'command', command: 'resume', by: 'x', reason: '' })).rejects.toThrow();
    await expect(door('halt')).rejects.toThrow();
  });
});

describe('what a session hands to its watchdog', () => {
  const handover = {
    credentials: { key: 'k', secret: 's' },
    notify: NotifyConfig.parse({ channels: [{ kind: 'telegram', keys: 'bot' }] }),
    keys: [{ name: 'bot', venue: 'telegram', key: new Secret('12'), secret: new Secret('token') }],
  };
  it('arrives whole', () => {
    const read = readHandover(handoverText(handover));
    expect(read).toMatchObject({ credentials: handover.credentials, notify: handover.notify });
    expect(read.keys.map(set => [set.name, set.key.reveal(), set.secret.reveal()])).toEqual([['bot', '12', 'token']]);
  });
  it('that is damaged is not quoted', () => {
    expect(() => readHandover(handoverText(handover).slice(0, -1))).toThrow('what the session handed over cannot be read');
  });
});

describe('notify in quantai.config.ts', () => {
  it('is nobody where nothing is said, and names a wrong key', () => {
    expect(parseConfig({}, 'c').notify).toEqual({ channels: [], repeatMinutes: 15, burst: 5 });
    expect(() => parseConfig({ notify: { channels: [{ kind: 'telegram', keys: 'b', token: 'x' }] } }, 'c')).toThrow(
      /notify\.channels\.0\.token/,
    );
  });
});
