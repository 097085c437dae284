import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API_ROOT } from '../../../src/dashboard/api/routes.js';
import { createIdentity } from '../../../src/dashboard/identity/identity.js';
import { UserError } from '../../../src/errors.js';
import { ROLES } from '../../../src/promotion/people/role.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/time.js';
import { testServer, type Browser, type TestServer } from '../server/test-server.js';

let server: TestServer;
beforeEach(async () => {
  server = await testServer();
});
afterEach(() => server.close());

const PASSWORD = 'correct horse battery staple';
const meOf = async (browser: Browser | null, at = server) => (await at.send(browser, 'GET', `${API_ROOT}/me`)).statusCode;
const bearer = async (secret: string, url = `${API_ROOT}/me`) =>
  (await server.send(null, 'GET', url, undefined, { authorization: `Bearer ${secret}` })).statusCode;
const login = (name: string, password: string) => server.send(null, 'POST', `${API_ROOT}/login`, { name, password });
const setPassword = (browser: Browser, password: string, current?: string) =>
  server.send(browser, 'PUT', `${API_ROOT}/me/password`, { password, ...(current !== undefined && { current }) });
/** What was taken away is seen within a second. */
const aSecond = () => pause(950);

describe('a login', () => {
  it('by a link works once, and not after a quarter of an hour', async () => {
    const redeem = (token: string) => server.send(null, 'POST', `${API_ROOT}/login/link`, { token });
    const token = await server.identity.makeLink('owner');
    expect((await redeem(`${token}x`)).statusCode).toBe(401);
    expect((await redeem(token)).statusCode).toBe(200);
    expect((await redeem(token)).statusCode).toBe(401);
    const late = await server.identity.makeLink('owner');
    server.clock.now += 15 * MINUTE;
    expect((await redeem(late)).statusCode).toBe(401);
  });

  it('by one link at the same time is given to one', async () => {
    const token = await server.identity.makeLink('owner');
    const answers = await Promise.all(Array.from({ length: 6 }, () => server.send(null, 'POST', `${API_ROOT}/login/link`, { token })));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });

  it('ends after eight idle hours, and after seven days however busy', async () => {
    const idle = await server.enter('owner');
    const busy = await server.enter('owner');
    server.clock.now += 8 * HOUR - SECOND;
    expect(await meOf(busy)).toBe(200);
    server.clock.now += 2 * SECOND;
    expect(await meOf(idle)).toBe(401);
    for (let h = 16; h < 7 * 24; h += 8) {
      server.clock.now += 8 * HOUR - 10 * SECOND;
      expect([h, await meOf(busy)]).toEqual([h, 200]);
    }
    server.clock.now += 7 * HOUR;
    expect(await meOf(busy)).toBe(200);
    server.clock.now += 2 * HOUR;
    expect(await meOf(busy)).toBe(401);
  });

  it('is known to a server that was killed and began anew, the time of its last request too', async () => {
    const browser = await server.enter('owner');
    for (let hours = 0; hours < 3; hours++) {
      server.clock.now += 7 * HOUR;
      expect(await meOf(browser)).toBe(200);
      // No close of the identity: as after a kill.
      server = await server.again();
    }
    expect(await meOf(browser)).toBe(200);
    expect((await server.send(browser, 'POST', `${API_ROOT}/accounts/main/command`, { command: 'halt' })).statusCode).toBe(200);
  });

  it('ends by logging out, for that browser alone', async () => {
    const [one, other] = [await server.enter('owner'), await server.enter('owner')];
    expect((await server.send(one, 'POST', `${API_ROOT}/logout`)).statusCode).toBe(200);
    expect([await meOf(one), await meOf(other)]).toEqual([401, 200]);
  });

  it('has the roles that the audit log gives at this moment, never more than it began with, and none once the user is gone', async () => {
    server.people.set('alice', { roles: ['operator', 'viewer'] }).set('bob', { roles: ['approver'] });
    const alice = await server.enter('alice');
    const roles = async () => (await server.send(alice, 'GET', `${API_ROOT}/me`)).json<{ roles: string[] }>().roles;
    expect(await roles()).toEqual(['viewer', 'operator']);
    server.people.set('alice', { roles: ['viewer', 'approver'] });
    await aSecond();
    expect(await roles()).toEqual(['viewer']);
    server.people.delete('alice');
    await aSecond();
    expect(await meOf(alice)).toBe(401);
    // Somebody else may get the name: nothing of the first comes back.
    server.people.set('alice', { roles: ROLES });
    await aSecond();
    expect(await meOf(alice)).toBe(401);
  });
});

describe('a password', () => {
  it('lets its owner in, must be known to be changed, and a change ends the other logins', async () => {
    const [one, other] = [await server.enter('owner'), await server.enter('owner')];
    expect((await login('owner', PASSWORD)).statusCode).toBe(401);
    expect((await setPassword(one, 'short')).statusCode).toBe(400);
    expect((await setPassword(one, PASSWORD)).statusCode).toBe(200);
    expect([await meOf(one), await meOf(other)]).toEqual([200, 401]);
    expect((await login('owner', PASSWORD)).statusCode).toBe(200);
    expect((await setPassword(one, 'another long one')).statusCode).toBe(403);
    expect((await setPassword(one, 'another long one', 'wrong password')).statusCode).toBe(403);
    expect((await setPassword(one, 'another long one', PASSWORD)).statusCode).toBe(200);
    expect((await login('owner', PASSWORD)).statusCode).toBe(401);
    expect((await login('owner', 'another long one')).statusCode).toBe(200);
  });

  it('cannot be guessed: after five wrong ones a name waits, longer each time, right or wrong; also when they come at once', async () => {
    await setPassword(await server.enter('owner'), PASSWORD);
    const wrong = await Promise.all(Array.from({ length: 8 }, (_, i) => login('owner', `wrong password ${i}`)));
    expect(wrong.map(({ statusCode }) => statusCode).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect((await login('owner', PASSWORD)).statusCode).toBe(429);
    server.clock.now += MINUTE;
    expect((await login('owner', 'wrong password')).statusCode).toBe(401);
    server.clock.now += MINUTE;
    expect((await login('owner', PASSWORD)).statusCode).toBe(429);
    server.clock.now += MINUTE;
    expect((await login('owner', PASSWORD)).statusCode).toBe(200);
    // A link needs no guess and is not kept back.
    for (let i = 0; i < 6; i++) await login('owner', 'wrong password');
    expect(await meOf(await server.enter('owner'))).toBe(200);
  });

  it('is guessed no faster by changing the name', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await login(`name${i}`, PASSWORD)).statusCode);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429, 429]);
  });

  it('tells nobody which names there are: the same answer in about the same time', async () => {
    await setPassword(await server.enter('owner'), PASSWORD);
    const timed = async (name: string) => {
      const begin = performance.now();
      const { body } = await login(name, 'wrong password');
      return { body, ms: performance.now() - begin };
    };
    await timed('warm');
    const known = [await timed('owner'), await timed('owner'), await timed('owner')];
    const unknown = [await timed('nobody'), await timed('nobody2'), await timed('nobody3')];
    expect(new Set([...known, ...unknown].map(({ body }) => body)).size).toBe(1);
    const fastest = (all: readonly { ms: number }[]) => Math.min(...all.map(({ ms }) => ms));
    expect(fastest(unknown) / fastest(known)).toBeGreaterThan(0.3);
    expect(fastest(unknown) / fastest(known)).toBeLessThan(3);
  });
});

describe('a token', () => {
  const create = async (browser: Browser, given: object) => server.send(browser, 'POST', `${API_ROOT}/tokens`, given);

  it('has some of its owner’s roles and no more, ends, can be revoked, and needs no word of a page', async () => {
    server.people.set('alice', { roles: ['operator', 'researcher'] }).set('bob', { roles: ['approver'] });
    const alice = await server.enter('alice');
    expect((await create(alice, { label: 'x', roles: ['approver'] })).statusCode).toBe(403);
    const { secret, token } = (await create(alice, { label: 'robot', roles: ['operator'], days: 2 })).json<{
      secret: string;
      token: { id: string };
    }>();
    expect(secret).toMatch(/^qat_[\w-]{43}$/);
    expect(await bearer(secret)).toBe(200);
    expect(await bearer(`${secret}x`)).toBe(401);
    const headers = { authorization: `Bearer ${secret}` };
    expect((await server.send(null, 'POST', `${API_ROOT}/accounts/main/command`, { command: 'resume' }, headers)).statusCode).toBe(200);
    expect((await server.send(null, 'POST', `${API_ROOT}/jobs`, { kind: 'evidence', run: 'r' }, headers)).statusCode).toBe(403);
    // Its owner is an operator no more.
    server.people.set('alice', { roles: ['researcher'] });
    await aSecond();
    expect((await server.send(null, 'POST', `${API_ROOT}/accounts/main/command`, { command: 'resume' }, headers)).statusCode).toBe(403);
    const bob = await server.enter('bob');
    const listed = async (browser: Browser) =>
      (await server.send(browser, 'GET', `${API_ROOT}/tokens`)).json<{ tokens: { id: string; lastUsedAt: number | null }[] }>().tokens;
    expect(await listed(bob)).toMatchObject([{ id: token.id, lastUsedAt: server.clock.now }]);
    server.people.set('carol', { roles: ['viewer'] });
    await aSecond();
    const carol = await server.enter('carol');
    expect(await listed(carol)).toEqual([]);
    expect((await server.send(carol, 'DELETE', `${API_ROOT}/tokens/${token.id}`)).statusCode).toBe(404);
    expect((await server.send(bob, 'DELETE', `${API_ROOT}/tokens/${token.id}`)).statusCode).toBe(200);
    expect(await bearer(secret)).toBe(401);
    const short = (await create(alice, { label: 'short', roles: ['researcher'], days: 1 })).json<{ secret: string }>().secret;
    expect(await bearer(short)).toBe(200);
    server.clock.now += DAY;
    expect(await bearer(short)).toBe(401);
  });

  it('opens nothing without its prefix or scheme, and a cookie beside it does not help a wrong one', async () => {
    const browser = await server.enter('owner');
    for (const authorization of ['Bearer', 'Bearer ', 'Basic b3duZXI6eA==', 'Bearer x', `Bearer ${browser.cookie.split('=')[1]!}`])
      expect((await server.send(browser, 'GET', `${API_ROOT}/me`, undefined, { authorization })).statusCode).toBe(401);
  });
});

describe('what is kept', () => {
  it('is for its owner’s eyes, and holds no secret', async () => {
    const browser = await server.enter('owner');
    await setPassword(browser, PASSWORD);
    const made = await server.send(browser, 'POST', `${API_ROOT}/tokens`, { label: 'robot', roles: ['viewer'] });
    const link = await server.identity.makeLink('owner');
    const secrets = [browser.cookie.split('=')[1]!, browser.csrf, PASSWORD, made.json<{ secret: string }>().secret, link];
    const folder = join(server.folder, 'dashboard');
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(['links.json', 'passwords.json', 'sessions.json', 'tokens.json']);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of names) {
      expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, 0o600]);
      const text = await readFile(join(folder, name), 'utf8');
      expect([name, secrets.filter(secret => text.includes(secret))]).toEqual([name, []]);
    }
    expect(await readFile(join(folder, 'passwords.json'), 'utf8')).toMatch(/\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const recorded = JSON.stringify(server.recorded);
    expect(secrets.filter(secret => recorded.includes(secret))).toEqual([]);
  });

  it('says in the audit log who came in and how, which tokens were made and revoked, and who was refused, but not once for each guess', async () => {
    const browser = await server.enter('owner');
    await setPassword(browser, PASSWORD);
    const { token } = (await server.send(browser, 'POST', `${API_ROOT}/tokens`, { label: 'robot', roles: ['viewer'] })).json<{
      token: { id: string };
    }>();
    await server.send(browser, 'DELETE', `${API_ROOT}/tokens/${token.id}`);
    for (let i = 0; i < 9; i++) await login('owner', `wrong ${i}`);
    for (let i = 0; i < 9; i++) await login(`my password ${i}`, 'wrong');
    server.clock.now += 2 * MINUTE;
    await login('owner', 'wrong');
    const words = server.recorded.map(({ actor, word }) => [
      actor,
      word.type,
      'verb' in word ? word.verb : '',
      'code' in word ? word.code : '',
    ]);
    expect(words.filter(([, type]) => type === 'CommandGiven').map(([actor, , verb]) => [actor, verb])).toEqual([
      ['owner', 'dashboard login'],
      ['owner', 'dashboard password'],
      ['owner', 'dashboard token create'],
      ['owner', 'dashboard token revoke'],
    ]);
    const denied = server.recorded.filter(({ word }) => word.type === 'CommandDenied');
    expect(denied.length).toBeLessThanOrEqual(6);
    expect(JSON.stringify(denied)).not.toContain('my password');
    expect(JSON.stringify(denied)).toMatch(/owner; \d more/);
  });
});

describe('while the audit log cannot be read', () => {
  type People = Parameters<typeof createIdentity>[0]['people'];
  const USERS = new Map([
    ['vera', { roles: ['viewer'] }],
    ['olaf', { roles: ['operator'] }],
  ]);
  const broken: People = () => Promise.reject(new Error('broken'));
  let folder = '';
  let people: People;
  const identityNow = () =>
    createIdentity({
      folder,
      now: Date.now,
      people: () => people(),
      owner: 'owner',
      warn: () => undefined,
      record: () => Promise.resolve(),
    });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'identity-'));
    people = () => Promise.resolve(USERS);
    const identity = identityNow();
    for (const name of USERS.keys()) {
      const { who } = await identity.redeem(await identity.makeLink(name), 'here');
      await identity.setPassword(who, undefined, PASSWORD, 'here');
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const rolesOf = async (identity: ReturnType<typeof identityNow>, name: string) =>
    (await identity.login(name, PASSWORD, 'here')).who.caller.roles;

  it('whoever logs in has what it said last', async () => {
    const identity = identityNow();
    const { secret } = await identity.login('olaf', PASSWORD, 'here');
    people = broken;
    await aSecond();
    expect(await rolesOf(identity, 'vera')).toEqual(['viewer']);
    expect(await rolesOf(identity, 'olaf')).toEqual(['operator']);
    expect((await identity.recognise({ cookie: secret }))?.caller.roles).toEqual(['operator']);
  });

  it('and could not be since the start, whoever logs in may halt and nothing more, and who is in stays what they were', async () => {
    const { secret } = await identityNow().login('olaf', PASSWORD, 'here');
    people = broken;
    const identity = identityNow();
    expect(await rolesOf(identity, 'vera')).toEqual(['researcher']);
    expect((await identity.redeem(await identity.makeLink('vera'), 'here')).who.caller.roles).toEqual(['researcher']);
    expect((await identity.recognise({ cookie: secret }))?.caller.roles).toEqual(['operator']);
    // Once it can be read again nobody keeps what they were not given.
    const vera = await identity.login('vera', PASSWORD, 'here');
    people = () => Promise.resolve(USERS);
    await aSecond();
    expect((await identity.recognise({ cookie: vera.secret }))?.caller.roles).toEqual([]);
  });

  it('because the registry does not let the dashboard in, an old login may halt and nothing more', async () => {
    const [olaf, vera] = [await identityNow().login('olaf', PASSWORD, 'here'), await identityNow().login('vera', PASSWORD, 'here')];
    people = () => Promise.reject(new UserError('registry-login', 'no', 1));
    const identity = identityNow();
    expect((await identity.recognise({ cookie: olaf.secret }))?.caller.roles).toEqual(['researcher']);
    expect((await identity.recognise({ cookie: vera.secret }))?.caller.roles).toEqual(['viewer']);
  });

  it('now, a password is forgotten for those alone who are gone for certain', async () => {
    let gone = false;
    const identity = createIdentity({
      folder,
      now: Date.now,
      people: () => people(),
      isGone: () => Promise.resolve(gone),
      owner: 'owner',
      warn: () => undefined,
      record: () => Promise.resolve(),
    });
    people = () => Promise.resolve(new Map([['vera', { roles: ['viewer'] }]]));
    await expect(identity.login('olaf', PASSWORD, 'here')).rejects.toMatchObject({ code: 'wrong-login' });
    expect(await identity.hasPassword('olaf')).toBe(true);
    gone = true;
    await expect(identity.login('olaf', PASSWORD, 'here')).rejects.toMatchObject({ code: 'wrong-login' });
    expect(await identity.hasPassword('olaf')).toBe(false);
  });

  it('for it does not answer at all, nobody waits for it long', async () => {
    const { secret } = await identityNow().login('olaf', PASSWORD, 'here');
    people = () => new Promise(() => undefined);
    const begin = performance.now();
    expect((await identityNow().recognise({ cookie: secret }))?.caller.roles).toEqual(['operator']);
    expect(performance.now() - begin).toBeLessThan(15_000);
  });
});

describe('a disk on which nothing can be kept', () => {
  it('keeps no login and no token from a halt', async () => {
    const browser = await server.enter('owner');
    const made = await server.send(browser, 'POST', `${API_ROOT}/tokens`, { label: 'robot', roles: ['operator'] });
    const { secret } = made.json<{ secret: string }>();
    // Its holder lives, and will never let go.
    for (const name of ['sessions', 'tokens'])
      await writeFile(join(server.folder, 'dashboard', `${name}.json.lock`), `${process.ppid}.0 ${hostname()}`);
    server.clock.now += HOUR;
    const begin = performance.now();
    const url = `${API_ROOT}/accounts/main/command`;
    expect((await server.send(browser, 'POST', url, { command: 'halt' })).statusCode).toBe(200);
    const headers = { authorization: `Bearer ${secret}` };
    expect((await server.send(null, 'POST', url, { command: 'halt' }, headers)).statusCode).toBe(200);
    expect(performance.now() - begin).toBeLessThan(15_000);
  });
});
