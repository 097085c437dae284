import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailChannel } from '../../../src/live/notify/mail-channel.js';
import { NotifyConfig } from '../../../src/live/notify/notify-config.js';
import { openChannels } from '../../../src/live/notify/open-channels.js';
import type { NoticeMessage } from '../../../src/live/notify/notice.js';
import { telegramChannel } from '../../../src/live/notify/telegram-channel.js';
import { webhookChannel } from '../../../src/live/notify/webhook-channel.js';
import { Secret } from '../../../src/live/secrets/secret.js';
import { systemClock } from '../../../src/live/system-clock.js';

const clock = systemClock();
const MESSAGE: NoticeMessage = {
  source: { account: 'main', venue: 'bybit', mode: 'live', practice: false },
  level: 'critical',
  notices: [{ subject: 'alarm:halted', state: 'raised', level: 'critical', text: 'operator: ann', ts: Date.UTC(2025, 0, 2, 3, 4, 5) }],
  omitted: 0,
};

interface Got {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('channels over HTTP', () => {
  let server: Server;
  let base: string;
  const got: Got[] = [];
  let answer: (response: ServerResponse) => void = response => void response.end('{}');
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', part => (body += String(part)));
      request.on('end', () => {
        got.push({ url: request.url ?? '', headers: request.headers, body });
        answer(response);
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('post JSON that a receiver can check by the signature', async () => {
    await webhookChannel({ url: new Secret(`${base}/hook?token=abc`), signingKey: new Secret('signing key'), clock }).send(MESSAGE);
    const { url, headers, body } = got.at(-1) as Got;
    expect(url).toBe('/hook?token=abc');
    expect(JSON.parse(body)).toMatchObject({
      account: 'main',
      venue: 'bybit',
      level: 'critical',
      omitted: 0,
      notices: [{ subject: 'alarm:halted', state: 'raised' }],
    });
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-quantai-signature'])) ?? [];
    expect(v1).toBe(createHmac('sha256', 'signing key').update(`${t}.${body}`).digest('hex'));
    expect(Math.abs(Number(t) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('send no signature without a key', async () => {
    await webhookChannel({ url: new Secret(base), signingKey: null, clock }).send(MESSAGE);
    expect(got.at(-1)?.headers['x-quantai-signature']).toBeUndefined();
  });

  it('call sendMessage as Telegram has it, and cut a text that is too long for it', async () => {
    const channel = telegramChannel({ baseUrl: `${base}/`, token: new Secret('123:TOKEN'), chat: '-100', clock });
    await channel.send({
      ...MESSAGE,
      notices: [{ ...(MESSAGE.notices[0] as (typeof MESSAGE.notices)[number]), text: 'x'.repeat(10_000) }],
    });
    const { url, body } = got.at(-1) as Got;
    expect(url).toBe('/bot123:TOKEN/sendMessage');
    const { chat_id: chat, text } = JSON.parse(body) as { chat_id: string; text: string };
    expect([chat, text.length]).toEqual(['-100', 4096]);
    expect(text).toContain('2025-01-02 03:04');
  });

  it('say whether another try is worth it and when, and never quote the address', async () => {
    const channel = telegramChannel({ baseUrl: base, token: new Secret('123:TOKEN'), chat: '1', clock });
    answer = response => void response.writeHead(429).end('{"ok":false,"parameters":{"retry_after":7}}');
    await expect(channel.send(MESSAGE)).rejects.toMatchObject({ isWorthAnother: true, afterMs: 7_000, message: 'answered 429' });
    answer = response => void response.writeHead(502, { 'retry-after': '3' }).end('<html>123:TOKEN</html>');
    await expect(channel.send(MESSAGE)).rejects.toMatchObject({ isWorthAnother: true, afterMs: 3_000, message: 'answered 502' });
    answer = response => void response.writeHead(403).end('no');
    await expect(channel.send(MESSAGE)).rejects.toMatchObject({ isWorthAnother: false, message: 'answered 403' });
    answer = response => void response.end('{}');
  });

  it('follow no redirect: the token is for one host', async () => {
    const before = got.length;
    answer = response => void response.writeHead(307, { location: `${base}/elsewhere` }).end();
    await expect(webhookChannel({ url: new Secret(base), signingKey: null, clock }).send(MESSAGE)).rejects.toMatchObject({
      isWorthAnother: false,
    });
    expect(got.length).toBe(before + 1);
    answer = response => void response.end('{}');
  });

  it('give up on a server that says nothing, and on one that is not there', async () => {
    answer = () => {};
    const silent = webhookChannel({ url: new Secret(base), signingKey: null, clock, timeoutMs: 100 });
    await expect(silent.send(MESSAGE)).rejects.toMatchObject({ isWorthAnother: true, message: 'no answer in 100 ms' });
    answer = response => void response.end('{}');
    const nobody = webhookChannel({ url: new Secret('http://127.0.0.1:1/secret-path'), signingKey: null, clock });
    const failure = await nobody.send(MESSAGE).catch((error: unknown) => error);
    expect(failure).toMatchObject({ isWorthAnother: true });
    expect(String(failure)).not.toContain('secret-path');
  });
});

describe('e-mail', () => {
  let server: TcpServer;
  /** The same under an address that is not known to be this machine's. */
  let other: TcpServer | null = null;
  let port: number;
  let refusal: string | null = null;
  const talk: string[] = [];
  beforeAll(async () => {
    const serve = (socket: Socket): void => {
      let isData = false;
      let rest = '';
      const say = (line: string): void => void socket.write(`${line}\r\n`);
      socket.on('error', () => {});
      socket.on('data', part => {
        rest += String(part);
        for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
          const line = rest.slice(0, end);
          rest = rest.slice(end + 2);
          talk.push(line);
          if (isData) {
            if (line !== '.') continue;
            isData = false;
            say('250 taken');
          } else if (line.startsWith('EHLO')) socket.write('250-here\r\n250 AUTH PLAIN\r\n');
          else if (line.startsWith('AUTH')) say(refusal ?? '235 in');
          else if (line === 'DATA') {
            isData = true;
            say('354 go on');
          } else if (line === 'QUIT') socket.end('221 bye\r\n');
          else say('250 ok');
        }
      });
      say('220 test');
    };
    server = createTcpServer(serve);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    if (process.platform !== 'linux') return;
    const second = createTcpServer(serve);
    other = second;
    await new Promise<void>(resolve => second.listen(port, '127.0.0.2', resolve));
  });
  afterAll(() => {
    server.close();
    other?.close();
  });
  const mail = (host = '127.0.0.1') =>
    mailChannel({
      host,
      port,
      secure: false,
      from: 'bot@example.org',
      to: ['ann@example.org', 'bob@example.org'],
      login: { user: new Secret('user'), password: new Secret('pass-word') },
      timeoutMs: 3_000,
    });

  it('goes to everybody named, with the headline as its subject', async () => {
    const channel = mail();
    await channel.send(MESSAGE);
    channel.close?.();
    expect(talk.filter(line => line.startsWith('RCPT'))).toEqual(['RCPT TO:<ann@example.org>', 'RCPT TO:<bob@example.org>']);
    expect(talk).toContain('Subject: [CRITICAL] main, live on bybit: alarm:halted raised');
    expect(talk.some(line => line.includes('alarm:halted raised: operator: ann'))).toBe(true);
  });

  it('whose login is refused says so without the login', async () => {
    refusal = '535 bad credentials for user pass-word';
    const failure = await mail()
      .send(MESSAGE)
      .catch((error: unknown) => error);
    refusal = null;
    expect(failure).toMatchObject({ isWorthAnother: false });
    expect(String(failure)).toBe('NoticeFailure: mail was not taken (EAUTH 535)');
  });

  it.runIf(process.platform === 'linux')('sends no password to another machine in the clear', async () => {
    const before = talk.length;
    await expect(mail('127.0.0.2').send(MESSAGE)).rejects.toMatchObject({ name: 'NoticeFailure' });
    expect(talk.slice(before).some(line => line.startsWith('EHLO'))).toBe(true);
    expect(talk.slice(before).some(line => line.startsWith('AUTH'))).toBe(false);
  });
});

describe('channels of the configuration', () => {
  it('need the keys that they name', () => {
    const config = NotifyConfig.parse({ channels: [{ kind: 'telegram', chat: 12, keys: 'bot' }] });
    expect(() => openChannels(config, () => undefined, clock)).toThrow('There are no keys "bot" for notify.telegram.');
    const keys = { name: 'bot', venue: 'telegram', key: new Secret('12'), secret: new Secret('t') };
    expect(openChannels(config, () => keys, clock).map(({ name }) => name)).toEqual(['telegram']);
  });

  it('hold no secret in clear: a token is no setting', () => {
    expect(NotifyConfig.safeParse({ channels: [{ kind: 'telegram', chat: '1', token: 'x', keys: 'bot' }] }).success).toBe(false);
    expect(NotifyConfig.safeParse({ channels: [{ kind: 'email', host: 'h', from: 'a@b', to: 'c@d', password: 'x' }] }).success).toBe(false);
  });
});
