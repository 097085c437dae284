import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/live/ccxt/failure.js';
import { venueHttp, type HttpRequest, type VenueHttp } from '../../../src/live/ccxt/venue-http.js';
import { systemClock } from '../../../src/live/system-clock.js';

/** Each closes what a test opened. */
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

/** A server, what it was asked for, and how many connections it has had. */
const listening = async (
  answer: (response: ServerResponse, n: number, request: IncomingMessage) => void,
): Promise<{ readonly origin: string; readonly asked: string[]; readonly sockets: Socket[]; readonly server: Server }> => {
  const asked: string[] = [];
  const sockets: Socket[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const n = asked.push(`${request.method} ${request.url}`);
    asked[n - 1] += ` ${await textOf(request)}`;
    answer(response, n, request);
  };
  const server = createServer((request, response) => void serve(request, response).catch(() => {}));
  server.on('connection', socket => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, sockets, server };
};

const client = (timeoutMs = 2000, connections = 256): VenueHttp => {
  const http = venueHttp({ clock: systemClock(), timeoutMs, connections });
  closing.push(http.close);
  return http;
};

const order = (origin: string, body = 'symbol=BTCUSDT'): HttpRequest => ({
  url: `${origin}/fapi/v1/order`,
  method: 'POST',
  headers: { 'X-MBX-APIKEY': 'k', 'Content-Type': 'application/x-www-form-urlencoded' },
  body,
});

/** What the broker may conclude. */
const concluded = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    const { kind, code } = failureOf(error, 'POST order', text => text);
    return `${kind} ${code}`;
  }
  return 'answered';
};

const later = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

describe('a request to a venue', () => {
  it('carries its method, path, query, headers and body as they were signed, on one connection that is kept', async () => {
    const heads: (string | undefined)[] = [];
    const { origin, asked, sockets } = await listening((response, _, { headers }) => {
      heads.push(`${String(headers['x-mbx-apikey'])} ${headers['content-type']} ${headers['content-length']}`);
      response.setHeader('Retry-After', '3').end('{"a":1}');
    });
    const http = client();
    const answer = await http.send(order(origin, 'a=%40&b=é'));
    await later(10);
    await http.send({
      url: `${origin}/x?q=1%2F2&signature=ab`,
      method: 'GET',
      headers: { 'X-MBX-APIKEY': 'k', none: undefined },
      body: null,
    });
    expect(answer).toMatchObject({ status: 200, body: '{"a":1}' });
    expect(answer.headers['retry-after']).toBe('3');
    expect(asked).toEqual(['POST /fapi/v1/order a=%40&b=é', 'GET /x?q=1%2F2&signature=ab ']);
    expect(heads).toEqual(['k application/x-www-form-urlencoded 10', 'k undefined undefined']);
    expect(sockets).toHaveLength(1);
  });

  it('is answered with any status and any body as they came', async () => {
    const page = '<html><body>Bad gateway</body></html>';
    const { origin } = await listening((response, n) => {
      if (n === 1) response.writeHead(502, { 'content-type': 'text/html' }).end(page);
      else if (n === 2) response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      else if (n === 3) response.writeHead(418, { 'Retry-After': '120' }).end('{"code":-1003,"msg":"banned"}');
      else response.writeHead(503).end();
    });
    const http = client();
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await http.send(order(origin)));
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [502, page],
      [200, page],
      [418, '{"code":-1003,"msg":"banned"}'],
      [503, ''],
    ]);
  });

  it('is answered in each packing that it offers to read, in pieces too, and not by a packed answer that breaks off', async () => {
    const text = JSON.stringify({ words: 'µ'.repeat(50_000) });
    const packed: readonly [string, Buffer][] = [
      ['gzip', gzipSync(text)],
      ['br', brotliCompressSync(text)],
      ['deflate', deflateSync(text)],
      ['identity', Buffer.from(text)],
    ];
    const { origin } = await listening((response, n) => {
      const [name, bytes] = packed[n - 1] ?? ['gzip', gzipSync(text).subarray(0, 60)];
      response.writeHead(200, { 'content-encoding': name });
      response.write(bytes.subarray(0, 33));
      setTimeout(() => response.end(bytes.subarray(33)), 20);
    });
    const http = client();
    for (const [name] of packed) expect((await http.send(order(origin))).body === text, name).toBe(true);
    expect(await concluded(http.send(order(origin)))).toMatch(/^ambiguous/);
  });

  it('is sent nowhere else when the answer points there', async () => {
    const other = await listening(response => void response.end('{}'));
    const { origin, asked } = await listening((response, n) => {
      response
        .writeHead([301, 302, 303, 307, 308][n - 1] ?? 200, { location: `${other.origin}/fapi/v1/order` })
        .end('{"code":-2013,"msg":"x"}');
    });
    const http = client();
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await http.send(order(origin))).status);
    expect(statuses).toEqual([301, 302, 303, 307, 308]);
    expect(asked).toHaveLength(5);
    expect(other.asked).toEqual([]);
  });
});

describe('an order whose answer is not heard', () => {
  it('is unknown, and was sent once, when the kept connection is reset as it arrives', async () => {
    const { origin, asked, sockets } = await listening((response, n) => {
      if (n === 1) response.end('{}');
      else response.socket?.resetAndDestroy();
    });
    const http = client();
    await http.send(order(origin));
    await later(20);
    expect(await concluded(http.send(order(origin)))).toBe('ambiguous connection');
    await later(50);
    expect(asked).toHaveLength(2);
    expect(sockets).toHaveLength(1);
  });

  it('is unknown, and was sent once, when the connection ends without an answer or amid one', async () => {
    const { origin, asked } = await listening((response, n) => {
      if (n === 1) response.socket?.end();
      else {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"orderId":');
        setTimeout(() => response.destroy(), 10);
      }
    });
    const http = client();
    expect(await concluded(http.send(order(origin)))).toBe('ambiguous connection');
    expect(await concluded(http.send(order(origin)))).toBe('ambiguous connection');
    await later(50);
    expect(asked).toHaveLength(2);
  });

  it('is unknown when no answer, or not all of it, comes in time, and the late one is no answer to the next', async () => {
    const { origin, asked, sockets } = await listening((response, n) => {
      if (n === 1) setTimeout(() => response.end('{"late":true}'), 120);
      else if (n === 2) {
        response.write('{"half":');
        setTimeout(() => response.end('1}'), 120);
      } else response.end(`{"n":${n}}`);
    });
    const http = client(60);
    expect(await concluded(http.send(order(origin)))).toBe('ambiguous time-out');
    expect(await concluded(http.send(order(origin)))).toBe('ambiguous time-out');
    await later(150);
    expect((await http.send(order(origin))).body).toBe('{"n":3}');
    expect(asked).toHaveLength(3);
    // What they were sent on is closed, so that nothing late can come on it.
    expect(sockets.slice(0, 2).map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });

  it('never leaves once it was given up while it waited for a connection', async () => {
    const held: ServerResponse[] = [];
    const { origin, asked } = await listening(response => void held.push(response));
    const waits: (() => void)[] = [];
    const http = venueHttp({
      clock: {
        ...systemClock(),
        after: (_, action) => {
          waits.push(action);
          return () => {};
        },
      },
      timeoutMs: 1000,
      connections: 1,
    });
    closing.push(http.close);
    const first = http.send(order(origin, 'first'));
    while (held.length === 0) await later(5);
    const second = concluded(http.send(order(origin, 'second')));
    waits[1]?.();
    expect(await second).toBe('ambiguous time-out');
    held[0]?.end('{"n":1}');
    expect((await first).body).toBe('{"n":1}');
    const third = http.send(order(origin, 'third'));
    while (held.length === 1) await later(5);
    held[1]?.end('{"n":3}');
    expect((await third).body).toBe('{"n":3}');
    expect(asked).toEqual(['POST /fapi/v1/order first', 'POST /fapi/v1/order third']);
  });
});

describe('a connection to a venue', () => {
  it('that the venue closed while it was idle is not written to: the order goes over a new one', async () => {
    const { origin, asked, sockets } = await listening(response => void response.end('{}'));
    const http = client();
    await http.send(order(origin));
    sockets[0]?.end();
    // The end has arrived and nobody has looked: this turn of the event loop has not ended.
    const until = performance.now() + 30;
    while (performance.now() < until);
    expect((await http.send(order(origin))).status).toBe(200);
    expect(asked).toHaveLength(2);
    expect(sockets).toHaveLength(2);
  });

  it('on which something came that nobody asked for is given up: it is no answer to the next order', async () => {
    let n = 0;
    const server = createTcpServer(socket => {
      socket.on('error', () => {});
      socket.on('data', () => {
        n++;
        const body = `{"n":${n}}`;
        const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
        socket.write(answer);
        if (n === 1) setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"stray":'), 10);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const http = client();
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await http.send(order(origin))).body).toBe('{"n":1}');
    await later(40);
    expect((await http.send(order(origin))).body).toBe('{"n":2}');
  });

  it('that cannot be made leaves the order unsent', async () => {
    const { origin, server } = await listening(response => void response.end('{}'));
    server.close();
    await once(server, 'close');
    expect(await concluded(client().send(order(origin)))).toBe('unavailable unreachable');
  });
});
