import { afterEach, describe, expect, it } from 'vitest';
import { commandAccount, mayCommand, type AuditAppend } from '../../../src/dashboard/accounts/command-account.js';
import { COMMANDS } from '../../../src/dashboard/api/accounts-api.js';
import { socketLock, type SocketHandler } from '../../../src/live/session/socket-lock.js';
import { watchdogPlace } from '../../../src/live/watchdog/watchdog-place.js';
import type { AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { ROLES } from '../../../src/promotion/people/role.js';

const account = `pressed-${process.pid}`;
const named = { account, venue: 'pressed-venue', mode: 'live', practice: true } as const;
const places: { release(): Promise<void> }[] = [];
const answering = async (name: string, handler: SocketHandler): Promise<void> => {
  const place = socketLock(named.venue, name, handler);
  await place.acquire();
  places.push(place);
};
afterEach(async () => {
  for (const place of places.splice(0)) await place.release();
});

const asked = (command: (typeof COMMANDS)[number], reason = '') => ({ command, reason, flatten: false });

describe('a command from the dashboard', () => {
  it('that halts is done whatever the audit log does: it never answers, and it fails', async () => {
    const seen: unknown[] = [];
    await answering(account, request => {
      seen.push(request);
      return Promise.resolve({ done: 'halt' });
    });
    const never: AuditAppend = () => new Promise(() => {});
    expect(await commandAccount(named, asked('halt', 'look'), 'ann', never)).toEqual({ done: true, through: 'session', error: null });
    expect(await commandAccount(named, asked('halt'), 'ann', () => Promise.reject(new Error('locked')))).toMatchObject({ done: true });
    expect(seen[1]).toEqual({ ask: 'command', command: 'halt', by: 'ann', reason: 'look', flatten: false });
  });

  it('that halts is recorded as the command line would record it', async () => {
    await answering(account, () => Promise.resolve({ done: 'halt' }));
    const said: [string, readonly AuditWord[]][] = [];
    await commandAccount(named, asked('halt', 'look'), 'ann', (by, words) => Promise.resolve(said.push([by, words])));
    expect(said).toEqual([['ann', [{ type: 'CommandGiven', verb: 'halt', words: ['halt', '--account', account, '--reason', 'look'] }]]]);
  });

  it('that resumes is recorded before it is done, and is not done where it cannot be recorded or has no reason', async () => {
    let told = 0;
    await answering(account, () => {
      told++;
      return Promise.resolve({ done: 'resume' });
    });
    await expect(commandAccount(named, asked('resume', 'fine'), 'ann', () => Promise.reject(new Error('locked')))).rejects.toThrow(
      'locked',
    );
    await expect(commandAccount(named, asked('resume', '  '), 'ann', () => Promise.resolve())).rejects.toMatchObject({ code: 'no-reason' });
    expect(told).toBe(0);
    expect(await commandAccount(named, asked('resume', 'fine'), 'ann', () => Promise.resolve())).toMatchObject({ done: true });
  });

  it('that halts or closes everything goes to the watchdog where the session is dead, and the log says so', async () => {
    const seen: unknown[] = [];
    await answering(watchdogPlace(account), request => {
      seen.push(request);
      return Promise.resolve({ done: 'halt' });
    });
    const words: AuditWord[] = [];
    const audit: AuditAppend = (_, said) => Promise.resolve(words.push(...said));
    expect(await commandAccount(named, asked('flatten', 'gone'), 'ann', audit)).toMatchObject({ done: true, through: 'watchdog' });
    expect(seen).toMatchObject([{ command: 'halt', flatten: true, by: 'ann' }]);
    expect(words.map(({ type }) => type)).toEqual(['CommandGiven', 'RiskChanged']);
    expect(await commandAccount(named, asked('cancel-all'), 'ann', audit)).toMatchObject({ done: false, through: 'session' });
  });

  it('is for those who may give it on the command line', () => {
    const may = (role: (typeof ROLES)[number]): string[] =>
      COMMANDS.filter(command => {
        try {
          mayCommand({ name: 'ann', roles: [role] }, command);
          return true;
        } catch {
          return false;
        }
      });
    const anybody = ['halt', 'reduce', 'flatten', 'cancel-all'];
    expect(Object.fromEntries(ROLES.map(role => [role, may(role)]))).toEqual({
      viewer: [],
      researcher: anybody,
      operator: [...COMMANDS],
      approver: anybody,
    });
  });
});
