import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../../src/dashboard/api/endpoints.js';
import { API_ROOT, type EndpointName } from '../../../src/dashboard/api/routes.js';
import { permissionsOf } from '../../../src/promotion/people/permissions.js';
import { ROLES, type Role } from '../../../src/promotion/people/role.js';
import { sampleRequest } from './sample-requests.js';
import { testServer, type Browser, type TestServer } from './test-server.js';

const NAMES = Object.keys(ENDPOINTS) as EndpointName[];
/** Words and options of a verb as an endpoint writes it, e.g. `limits --set`. */
const rowsOf = (verb: string, more: Readonly<Record<string, unknown>> = {}) => {
  const words = verb.split(' ').filter(word => !word.startsWith('--'));
  const options = Object.fromEntries(verb.split(' ').flatMap(word => (word.startsWith('--') ? [[word.slice(2), true]] : [])));
  return permissionsOf(words, { ...options, ...more });
};
const mayAll = (rows: ReturnType<typeof permissionsOf>, role: Role): boolean => rows!.every(({ roles }) => roles.includes(role));

let server: TestServer;
const browsers = new Map<Role, Browser>();
const tokens = new Map<Role, string>();
beforeAll(async () => {
  server = await testServer();
  for (const role of ROLES) for (const name of [role, `second ${role}`]) server.people.set(name, { roles: [role] });
  server.people.set('chief', { roles: ROLES });
  for (const role of ROLES) browsers.set(role, await server.enter(role));
  const chief = await server.enter('chief');
  for (const role of ROLES) {
    const answer = await server.send(chief, 'POST', `${API_ROOT}/tokens`, { label: role, roles: [role] });
    tokens.set(role, answer.json<{ secret: string }>().secret);
  }
});
afterAll(() => server.close());

describe('who may ask for what', () => {
  it.each(NAMES.filter(name => ENDPOINTS[name].verb !== null))('%s is for the roles that its command is for', name => {
    const { verb, roles } = ENDPOINTS[name];
    const rows = rowsOf(verb!, name === 'approvals.give' ? { request: 'r1' } : {});
    expect(rows).not.toBeNull();
    expect(ROLES.filter(role => roles === 'public' || roles.some(each => each === role))).toEqual(ROLES.filter(role => mayAll(rows, role)));
  });

  it.each(NAMES)('%s: nobody without a login, each role as it is allowed, and a token of one role no more than that role', async name => {
    const { method, url, body } = sampleRequest(name);
    const { roles } = ENDPOINTS[name];
    if (roles === 'public') {
      expect((await server.send(null, method, url, body)).json()).not.toMatchObject({ error: { code: 'not-logged-in' } });
      return;
    }
    expect((await server.send(null, method, url, body)).statusCode).toBe(401);
    for (const role of ROLES) {
      // Somebody else for what ends logins.
      const browser = name === 'me.logout' || name === 'me.password' ? await server.enter(`second ${role}`) : browsers.get(role)!;
      const isAllowed = roles.some(each => each === role);
      const before = server.handled.length;
      const sent = name === 'tokens.create' ? { label: 'robot', roles: [role] } : body;
      const byBrowser = await server.send(browser, method, url, sent);
      expect([role, byBrowser.statusCode === 403]).toEqual([role, !isAllowed]);
      const byToken = await server.send(null, method, url, sent, { authorization: `Bearer ${tokens.get(role)!}` });
      // What belongs to a browser's login no token may do.
      const isOwn = name === 'me.password' || name === 'tokens.create' || name === 'tokens.revoke';
      expect([role, byToken.statusCode === 403]).toEqual([role, !isAllowed || isOwn]);
      if (!isAllowed) expect(server.handled.length).toBe(before);
    }
  });

  it('looks into what is asked: each command, job and change is for the roles of the same words on the command line', async () => {
    const researched = { strategy: 'sma-cross', dataset: 'sample' };
    const cases: readonly (readonly [name: EndpointName, body: object, words: string, options?: Record<string, unknown>])[] = [
      ['accounts.command', { command: 'halt' }, 'halt'],
      ['accounts.command', { command: 'halt', flatten: true }, 'halt', { flatten: true }],
      ['accounts.command', { command: 'reduce' }, 'halt', { reduce: true }],
      ['accounts.command', { command: 'flatten' }, 'halt', { flatten: true }],
      ['accounts.command', { command: 'cancel-all' }, 'halt'],
      ['accounts.command', { command: 'resume' }, 'halt', { resume: true }],
      ['accounts.command', { command: 'stop' }, 'halt', { stop: true }],
      ...(['backtest', 'walkforward', 'sweep', 'friction', 'train'] as const).map(
        kind => ['jobs.begin', { kind, ...researched }, kind] as const,
      ),
      ['jobs.begin', { kind: 'evidence', run: 'r' }, 'evidence'],
      ['jobs.begin', { kind: 'pull', dataset: 'd', exchange: 'binance', symbol: 'BTC/USDT:USDT' }, 'data pull'],
      ['jobs.begin', { kind: 'synth', dataset: 'd' }, 'data synth'],
      ['jobs.begin', { kind: 'check', dataset: 'd' }, 'data check'],
      ['jobs.begin', { kind: 'parity', account: 'main' }, 'parity'],
      ['promotions.change', { change: 'paper', strategy: 's', run: 'r', account: 'a', venue: 'v' }, 'promote', { to: 'paper' }],
      ['promotions.change', { change: 'live', strategy: 's', account: 'a', venue: 'v', size: 1 }, 'promote', { to: 'live' }],
      ['promotions.change', { change: 'ramp', strategy: 's' }, 'promote', { ramp: true }],
      ['promotions.change', { change: 'demote', strategy: 's', reason: 'x' }, 'promote', { demote: true }],
      ['promotions.change', { change: 'retire', strategy: 's', reason: 'x' }, 'promote', { retire: true }],
    ];
    for (const [name, body, verb, options] of cases) {
      const rows = rowsOf(verb, options);
      const { roles } = ENDPOINTS[name];
      for (const role of ROLES) {
        const { method, url } = sampleRequest(name);
        const status = (await server.send(browsers.get(role)!, method, url, body)).statusCode;
        const isAllowed = mayAll(rows, role) && roles !== 'public' && roles.some(each => each === role);
        expect([name, body, role, status]).toEqual([name, body, role, isAllowed ? 200 : 403]);
      }
    }
  });

  it('tells the work who asked, with the roles of this moment', async () => {
    await server.send(browsers.get('operator')!, 'POST', `${API_ROOT}/accounts/main/command`, { command: 'halt' });
    expect(server.handled.at(-1)).toMatchObject({
      name: 'accounts.command',
      asked: {
        caller: { name: 'operator', roles: ['operator'], by: 'session' },
        params: { account: 'main' },
        body: { reason: '', flatten: false },
      },
    });
  });
});
