import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queueBoard } from '../../../src/dashboard/queue/queue-board.js';
import { queueDesk, type QueueDesk } from '../../../src/dashboard/queue/queue-desk.js';
import { queueHandlers } from '../../../src/dashboard/queue/queue-handlers.js';
import { shortened } from '../../../src/dashboard/queue/shown-job.js';
import type { AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { HAS, startPostgres, type Service } from '../../cluster/queue/services.js';
import { ORIGIN, testServer, type Browser, type TestServer } from '../server/test-server.js';
import { DELAYED, FAILED, fillQueue, PASSWORD, WAITING, withPassword } from './small-queue.js';

const BOARD = '/queue/board';

describe('a payload as the board shows it', () => {
  it('keeps what is short, and cuts long texts, long lists and what is deep', () => {
    expect(shortened({ a: [1, 'x', null], b: { c: true } })).toEqual({ a: [1, 'x', null], b: { c: true } });
    expect(shortened('A'.repeat(8_000))).toBe(`${'A'.repeat(40)}… (8,000 characters)`);
    expect(shortened(Array.from({ length: 20 }, (_, i) => i))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, '… 8 more']);
    expect(JSON.stringify(shortened(JSON.parse('{"a":'.repeat(30) + '1' + '}'.repeat(30))))).toMatch(/^(\{"a":){6}"…"/);
  });
});

describe.skipIf(!HAS.postgres)("the queue's board behind the login (skipped where there is no PostgreSQL)", () => {
  let service: Service;
  let desk: QueueDesk;
  let server: TestServer;
  let viewer: Browser;
  let manager: Browser;
  let api: string;
  const audited: { actor: string; word: AuditWord }[] = [];
  const texts: string[] = [];
  /** Everything that a browser is told, so that it can be looked through for the password. */
  const send = async (...asked: Parameters<TestServer['send']>) => {
    const answer = await server.send(...asked);
    texts.push(`${JSON.stringify(answer.headers)} ${answer.body}`);
    return answer;
  };

  beforeAll(async () => {
    service = await startPostgres();
    const place = withPassword(await service.fresh());
    await fillQueue(place);
    desk = queueDesk(place);
    const board = queueBoard({
      desk,
      record: (actor, word) => {
        audited.push({ actor, word });
        return Promise.resolve();
      },
    });
    const handlers = new Proxy(queueHandlers(desk), { get: (own, name) => Reflect.get(own, name) ?? (() => Promise.resolve({})) });
    server = await testServer({ board, handlers: handlers as never, checkAnswers: false });
    server.people.set('vera', { roles: ['viewer'] });
    server.people.set('remy', { roles: ['researcher'] });
    server.people.set('abe', { roles: ['approver'] });
    [viewer, manager] = [await server.enter('vera'), await server.enter('remy')];
    api = `${BOARD}/api/queues/${encodeURIComponent(desk.name)}`;
  });
  afterAll(async () => {
    await server?.close();
    await desk?.close();
    await service?.stop();
  });

  it('shows nothing to who is not logged in', async () => {
    const page = await send(null, 'GET', `${BOARD}/`);
    expect([page.statusCode, page.headers.location]).toEqual([302, '/queue']);
    const style = /static\/css\/[\w.-]+/.exec((await send(viewer, 'GET', `${BOARD}/`)).body)![0];
    for (const [method, path] of [
      ['GET', `${BOARD}/${style}`],
      ['GET', `${BOARD}/static/locales/en-US/messages.json`],
      ['GET', `${BOARD}/api/queues`],
      ['GET', '/api/v1/queue'],
      ['PUT', `${api}/${FAILED}/retry`],
    ] as const)
      expect([path, (await send(null, method, path)).statusCode]).toEqual([path, 401]);
    expect((await send(viewer, 'GET', `${BOARD}/${style}`)).statusCode).toBe(200);
  });

  it('gives its page a policy without anything inline or evaluated, and leaves that of other pages alone', async () => {
    const [board, other] = await Promise.all([send(viewer, 'GET', `${BOARD}/`), send(null, 'GET', '/queue')]);
    const policy = String(board.headers['content-security-policy']);
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("base-uri 'self'");
    expect(policy.replace("base-uri 'self'", "base-uri 'none'").split('; ')).toEqual(
      String(other.headers['content-security-policy'])
        .split(';')
        .map(each => each.trim()),
    );
    expect(board.body).not.toMatch(/https?:|<style|style=/);
    expect(board.headers['cache-control']).toBe('no-store');
  });

  it('tells everybody the jobs by their human names, with short payloads', async () => {
    const { queues } = (
      await send(viewer, 'GET', `${BOARD}/api/queues?activeQueue=${encodeURIComponent(desk.name)}&page=1&jobsPerPage=10`)
    ).json<{
      queues: { readOnlyMode: boolean; jobs: { name: string; data: { payload: unknown } }[] }[];
    }>();
    expect(queues[0]!.readOnlyMode).toBe(true);
    const job = queues[0]!.jobs.find(({ name }) => name === 'fold 2, training, configurations 17 to 32')!;
    expect(JSON.stringify(job.data.payload)).toBe(
      JSON.stringify({ configurations: [17, 32], columns: { close: `${'QUJD'.repeat(10)}… (8,000 characters)` } }),
    );
  });

  it('tells workers, runs with their progress, quarantine and alarms as an endpoint', async () => {
    const answer = await send(viewer, 'GET', '/api/v1/queue');
    expect(answer.json()).toMatchObject({
      name: desk.name,
      paused: false,
      counts: { waiting: 1, delayed: 1, failed: 1 },
      workers: [{ name: 'ada-4711-3f', threads: 4, busy: 1, done: 1204, alive: true }],
      runs: [{ name: 'sma-cross-btc-3f9a12cd', submitter: 'ana@ada', jobs: 12, waiting: 3, done: 9 }],
      quarantined: [{ name: 'fold 1, training, configurations 1 to 16', deaths: [{}, {}, {}] }],
      alarms: [{ job: 'cd'.repeat(32) }],
    });
    const none = queueHandlers(null);
    await expect(none['queue.show']({} as never)).rejects.toMatchObject({ code: 'no-queue' });
  });

  it('lets who may only look change nothing, and keeps that on record', async () => {
    for (const browser of [viewer, await server.enter('abe')])
      for (const path of [`${api}/${FAILED}/retry`, `${api}/${DELAYED}/promote`, `${api}/clean/failed`, `${api}/pause`]) {
        const answer = await send(browser, 'PUT', path);
        expect([path, answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([path, 403, 'not-permitted']);
      }
    expect(audited.splice(0).map(({ actor, word }) => [actor, word.type])).toEqual(
      ['vera', 'abe'].flatMap(name => Array.from({ length: 4 }, () => [name, 'CommandDenied'])),
    );
  });

  it('takes a change from a page of this login alone', async () => {
    const path = `${api}/${FAILED}/retry`;
    expect((await send({ ...manager, csrf: viewer.csrf }, 'PUT', path)).json()).toMatchObject({ error: { code: 'wrong-csrf' } });
    expect((await send(manager, 'PUT', path, undefined, { origin: 'https://elsewhere.example' })).json()).toMatchObject({
      error: { code: 'wrong-origin' },
    });
    expect(
      (await send(manager, 'GET', `${BOARD}/api/queues`, undefined, { origin: ORIGIN, 'sec-fetch-site': 'cross-site' })).statusCode,
    ).toBe(403);
    expect(audited).toEqual([]);
  });

  it('offers no change that makes a job other work than its id says', async () => {
    for (const [method, path, body] of [
      ['POST', `${api}/add`, { name: 'mine', data: {}, options: {} }],
      ['PATCH', `${api}/${WAITING}/update-data`, { jobData: {} }],
      ['PUT', `${api}/obliterate`, {}],
      ['PUT', `${api}/empty`, {}],
    ] as const)
      expect([path, (await send(manager, method, path, body)).statusCode]).toEqual([path, 403]);
  });

  it('does what a manager asks for, and the audit log says who did what to which job', async () => {
    expect((await send(manager, 'PUT', `${api}/${FAILED}/retry`)).statusCode).toBe(204);
    expect((await send(manager, 'PUT', `${api}/${DELAYED}/promote`)).statusCode).toBe(204);
    expect((await send(manager, 'PUT', `${api}/clean/failed`)).statusCode).toBe(200);
    expect((await send(manager, 'PUT', `${api}/${'00'.repeat(32)}/retry`)).statusCode).toBe(404);
    const [states, outcomes] = await desk.ask(async ({ queue, records }) => [
      await Promise.all([FAILED, DELAYED].map(id => queue.getJobState(id))),
      await records.outcomes([FAILED]),
    ]);
    expect(states).toEqual(['waiting', 'waiting']);
    // Else it would be over at once with the failure that is known.
    expect(outcomes.size).toBe(0);
    const of = 'training, configurations';
    expect(audited.splice(0)).toEqual(
      [
        ['retry', FAILED, `fold 2, ${of} 17 to 32, of sma-cross-btc-3f9a12cd`],
        ['promote', DELAYED, `fold 4, ${of} 1 to 16, of sma-cross-btc-3f9a12cd`],
        ['clean', 'all', 'failed'],
      ].map(words => ({ actor: 'remy', word: { type: 'CommandGiven', verb: 'queue manage', words: ['queue', 'manage', ...words] } })),
    );
  });

  it('says that the database is away, works on without it, and finds it again', async () => {
    await service.kill();
    const answer = await send(viewer, 'GET', '/api/v1/queue');
    expect([answer.statusCode, answer.json<{ error: { message: string } }>().error.message]).toEqual([
      409,
      `PostgreSQL at 127.0.0.1:${service.port} does not answer.`,
    ]);
    expect((await send(viewer, 'GET', `${BOARD}/`)).headers.location).toBe('/queue');
    expect((await send(viewer, 'GET', `${BOARD}/api/queues`)).json<{ message: string }>().message).toContain('does not answer');
    expect((await send(manager, 'PUT', `${api}/${FAILED}/retry`)).statusCode).toBe(409);
    expect((await send(viewer, 'GET', '/api/v1/me')).statusCode).toBe(200);
    await service.start();
    await expect.poll(async () => (await send(viewer, 'GET', '/api/v1/queue')).statusCode).toBe(200);
    expect((await send(viewer, 'GET', `${BOARD}/`)).statusCode).toBe(200);
  });

  it('never tells a browser the password of the queue, nor of a lake', async () => {
    for (const path of [
      '/api/redis/stats',
      '/api/job-schedulers',
      ...['metrics', 'default-job-options', 'workers', 'rate-limit', 'job-data-schema', FAILED, `${FAILED}/logs`, `${FAILED}/flow`].map(
        each => `/api/queues/${encodeURIComponent(desk.name)}/${each}`,
      ),
    ])
      await send(manager, 'GET', `${BOARD}${path}`);
    expect(texts.length).toBeGreaterThan(40);
    expect(texts.filter(text => text.includes(PASSWORD))).toEqual([]);
    expect(server.defects).toEqual([]);
  });
});
