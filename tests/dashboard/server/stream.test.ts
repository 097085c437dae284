import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FactLine } from '../../../src/dashboard/api/accounts-api.js';
import { API_ROOT } from '../../../src/dashboard/api/routes.js';
import type { StreamSource, StreamViews } from '../../../src/dashboard/server/stream-source.js';
import { usageError } from '../../../src/errors.js';
import { testServer, type Browser, type TestServer } from './test-server.js';

/** A journal in memory, and views that are handed to whoever watches. */
const source = () => {
  const facts: FactLine[] = [];
  const wakes = new Set<() => void>();
  const watchers = new Set<(view: StreamViews['jobs']) => void>();
  let pulled = 0;
  const add = (n: number, size = 10): void => {
    for (let i = 0; i < n; i++)
      facts.push({
        position: facts.length + 1,
        seq: facts.length,
        strategy: '',
        type: 'ConnectionChanged',
        ts: 0,
        knownAt: 0,
        correlationId: 0,
        causationId: -1,
        text: '',
        payload: 'x'.repeat(size),
      } as FactLine);
    wakes.forEach(wake => wake());
  };
  const port: StreamSource = {
    lastPosition: account =>
      account === 'main' || account === 'other' ? Promise.resolve(facts.length) : Promise.reject(usageError('unknown-account', 'No.')),
    facts: async function* (_account, after, signal) {
      let at = after;
      while (!signal.aborted) {
        const batch = facts.slice(at, at + 50);
        at += batch.length;
        pulled = Math.max(pulled, at);
        if (batch.length > 0) yield { facts: batch };
        else
          await new Promise<void>(resolve => {
            wakes.add(resolve);
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
      }
    },
    watch: (topic, _of, onView) => {
      if (topic !== 'jobs') return () => undefined;
      const heard = onView as (view: StreamViews['jobs']) => void;
      watchers.add(heard);
      return () => watchers.delete(heard);
    },
  };
  return {
    port,
    add,
    facts,
    watchers,
    pulled: () => pulled,
    show: (view: StreamViews['jobs']) => watchers.forEach(watcher => watcher(view)),
  };
};

interface Message {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

let server: TestServer;
let journal: ReturnType<typeof source>;
let browser: Browser;
let open: IncomingMessage[] = [];
const PACE = { heartbeatMs: 60, checkMs: 60, paceMs: 20 };
beforeEach(async () => {
  journal = source();
  server = await testServer({ stream: journal.port, streams: PACE, port: 0 });
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const secret = await server.identity.redeem(await server.identity.makeLink('owner'), 'x');
  browser = { cookie: `quantai_session_${portOf()}=${secret.secret}`, csrf: secret.who.csrf };
});
afterEach(async () => {
  open.forEach(each => each.destroy());
  open = [];
  await server.close();
});

const portOf = (): number => {
  const address = server.app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const connect = (query: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const sent = get(
      {
        host: '127.0.0.1',
        port: portOf(),
        path: `${API_ROOT}/stream?${query}`,
        headers: { cookie: browser.cookie.replace(/_\d+=/, `_${portOf()}=`), ...headers },
      },
      answer => {
        open.push(answer);
        resolve(answer);
      },
    );
    sent.on('error', reject);
  });

/** Hears a stream; `messages` grows. */
const hear = async (query: string, headers: Record<string, string> = {}) => {
  const answer = await connect(query, headers);
  const messages: Message[] = [];
  const state = { ended: false, comments: 0, text: '' };
  answer.on('data', part => {
    state.text += String(part);
    for (let end = state.text.indexOf('\n\n'); end >= 0; end = state.text.indexOf('\n\n')) {
      const lines = state.text.slice(0, end).split('\n');
      state.text = state.text.slice(end + 2);
      const field = (name: string) => lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
      if (lines[0]?.startsWith(':') === true) state.comments++;
      else if (field('event') !== null)
        messages.push({ event: field('event')!, id: field('id'), data: JSON.parse(field('data') ?? 'null') });
    }
  });
  answer.on('close', () => (state.ended = true));
  return { answer, messages, state };
};
const until = async (isSo: () => boolean, ms = 5_000): Promise<void> => {
  for (const end = performance.now() + ms; !isSo();) {
    if (performance.now() > end) throw new Error('it never came to that');
    await pause(5);
  }
};
const positions = (messages: readonly Message[]): number[] =>
  messages.flatMap(({ event, data }) => (event === 'facts' ? (data as { facts: FactLine[] }).facts.map(({ position }) => position) : []));
const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('the stream', () => {
  it('says hello first, then every fact once and in order, with the id of the last; a beat comes when nothing happens', async () => {
    journal.add(7);
    const { messages, state, answer } = await hear('topics=facts&account=main&after=2');
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expect(answer.headers['content-encoding']).toBeUndefined();
    await until(() => positions(messages).length === 5);
    expect(messages[0]).toMatchObject({ event: 'hello', id: 'main:2', data: { account: 'main', after: 2 } });
    journal.add(120);
    await until(() => positions(messages).length === 125);
    expect(positions(messages)).toEqual(upTo(3, 127));
    expect(messages.at(-1)!.id).toBe('main:127');
    await until(() => state.comments > 1);
  });

  it('begins with what is to come, goes on where a browser was cut off, and says when that was another journal', async () => {
    journal.add(10);
    const fresh = await hear('topics=facts&account=main');
    await until(() => fresh.messages.length === 1);
    expect(fresh.messages[0]!.data).toMatchObject({ after: 10 });
    const resumed = await hear('topics=facts&account=main&after=1', { 'last-event-id': 'main:8' });
    await until(() => positions(resumed.messages).length === 2);
    expect(positions(resumed.messages)).toEqual([9, 10]);
    for (const id of ['main:11', 'other:3', 'main:x', 'main', 'main:-1', 'main:1.5']) {
      const wrong = await hear('topics=facts&account=main', { 'last-event-id': id });
      await until(() => wrong.messages.length === 2);
      expect([id, wrong.messages[1]!.event, positions(wrong.messages)]).toEqual([id, 'reset', []]);
      wrong.answer.destroy();
      await until(() => wrong.state.ended);
    }
  });

  it('loses and doubles no fact over a server that was killed and began anew', async () => {
    journal.add(30);
    const before = await hear('topics=facts&account=main&after=0');
    await until(() => positions(before.messages).length === 30);
    const last = before.messages.at(-1)!.id!;
    await server.app.close();
    await until(() => before.state.ended);
    journal.add(30);
    server = await server.again();
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    const after = await hear('topics=facts&account=main', { 'last-event-id': last });
    await until(() => positions(after.messages).length === 30);
    expect([...positions(before.messages), ...positions(after.messages)]).toEqual(upTo(1, 60));
  });

  it('sends the newest view and leaves out what came in between', async () => {
    const { messages } = await hear('topics=jobs');
    await until(() => journal.watchers.size === 1);
    for (let i = 0; i < 500; i++) journal.show({ jobs: [{ job: `j${i}` }] as never });
    await until(() => JSON.stringify(messages).includes('j499'));
    expect(messages.filter(({ event }) => event === 'jobs').length).toBeLessThan(10);
  });

  it('holds next to nothing for a reader that stands still, and gives it everything when it goes on', async () => {
    const slow = await connect('topics=facts,jobs&account=main&after=0');
    slow.pause();
    journal.add(5_000, 10_000);
    for (let i = 0; i < 200; i++) {
      journal.show({ jobs: [{ job: `j${i}`, title: 'x'.repeat(50_000) }] as never });
      await pause(1);
    }
    await pause(200);
    // The socket's buffers take some; 50 MB of facts are not among them.
    expect(journal.pulled()).toBeLessThan(2_500);
    const seen: number[] = [];
    let text = '';
    slow.on('data', part => {
      text += String(part);
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const frame = text.slice(0, end);
        text = text.slice(end + 2);
        if (frame.startsWith('event: facts')) for (const [, n] of frame.matchAll(/"position":(\d+)/g)) seen.push(Number(n));
      }
    });
    slow.resume();
    await until(() => seen.length === 5_000, 15_000);
    expect(seen).toEqual(upTo(1, 5_000));
  });

  it('ends with the login, and lets go of what it watched when the browser goes', async () => {
    const one = await hear('topics=facts,jobs&account=main');
    await until(() => journal.watchers.size === 1);
    one.answer.destroy();
    await until(() => journal.watchers.size === 0);
    const other = await hear('topics=jobs');
    await until(() => journal.watchers.size === 1);
    server.clock.now += 9 * 3_600_000;
    await until(() => other.state.ended);
    expect(journal.watchers.size).toBe(0);
  });

  it('is for eight pages of one login and refuses the ninth, unknown accounts, odd topics and nobody', async () => {
    const eight = await Promise.all(Array.from({ length: 8 }, () => hear('topics=jobs')));
    expect((await connect('topics=jobs')).statusCode).toBe(429);
    eight[0]!.answer.destroy();
    await until(() => journal.watchers.size === 7);
    expect((await connect('topics=jobs')).statusCode).toBe(200);
    eight[1]!.answer.destroy();
    await until(() => journal.watchers.size === 7);
    expect((await connect('topics=facts&account=none')).statusCode).toBe(404);
    for (const query of ['topics=all', '', 'topics=facts&account=..%2f', 'topics=facts&account=main&after=-1', 'topics=jobs&x=1'])
      expect([query, (await connect(query)).statusCode]).toEqual([query, 400]);
    expect((await connect('topics=jobs', { cookie: '' })).statusCode).toBe(401);
    // What was refused has not kept a place.
    expect((await connect('topics=jobs')).statusCode).toBe(200);
  });
});
