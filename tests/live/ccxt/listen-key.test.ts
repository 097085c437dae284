import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { binancePrivateStream } from '../../../src/live/ccxt/binance/binance-private-stream.js';
import type { CcxtExchange } from '../../../src/live/ccxt/ccxt-exchange.js';
import { orderIdentities } from '../../../src/live/ccxt/order-identities.js';
import { systemClock } from '../../../src/live/system-clock.js';
import { VenueFailure, type TransportEvent } from '../../../src/live/venue-transport.js';
import { random } from '../../../src/random.js';
import { symbolsOf } from './venue-messages.js';

const TIMES = { connectMs: 500, keepAliveMs: 5000, backoffMs: 10, backoffMaxMs: 50 };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A private stream at a server that hands out keys `k1`, `k2` … as `answer` lets it. */
const stream = async (answer: (method: string, count: number) => VenueFailure | null, renewMs = 60_000) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const urls: string[] = [];
  server.on('connection', (_, request) => urls.push(request.url ?? ''));
  const events: TransportEvent[] = [];
  const asked: string[] = [];
  let keys = 0;
  const clock = systemClock();
  const exchange = {
    urls: { api: { ws: { future: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws` } } },
    hostname: undefined,
  } as Pick<CcxtExchange, 'urls' | 'hostname'> as CcxtExchange;
  const made = binancePrivateStream(
    {
      exchange,
      clock,
      calls: {
        call: async (_api, method, path, _params, read) => {
          asked.push(`${method} ${path}`);
          const failure = answer(method, asked.filter(line => line.startsWith(method)).length);
          if (failure !== null) throw failure;
          return read({ listenKey: method === 'POST' ? `k${++keys}` : undefined });
        },
        within: (_, work) => work(),
        venueTime: () => clock.wall(),
        learnTime: () => {},
      },
      symbols: symbolsOf('BTCUSDT'),
      identities: orderIdentities(),
      hasKey: true,
      chosen: [],
    },
    { random: random(1), times: TIMES, sink: event => events.push(event), onRaw: () => {}, quarantine: () => {} },
    renewMs,
  );
  closers.push(() => {
    made.close();
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const until = async (what: () => boolean): Promise<void> => {
    for (let waited = 0; !what(); waited += 5) {
      if (waited > 3000) throw new Error(JSON.stringify({ urls, events, asked }));
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };
  made.listen();
  await until(() => events.some(event => event.event === 'stream' && event.up));
  return { server, urls, events, asked, until };
};

const said = (events: readonly TransportEvent[]): string[] =>
  events.map(event => (event.event === 'stream' ? `${event.up ? 'up' : 'down'} ${event.code}` : event.event));

describe('the key of the private stream of Binance', () => {
  it('is asked for anew when the venue says that it expired, though the socket stays open', async () => {
    const { server, urls, events, until } = await stream(() => null);
    for (const client of server.clients) client.send(JSON.stringify({ e: 'listenKeyExpired', E: 1, listenKey: 'k1' }));
    await until(() => urls.length === 2 && said(events).length === 3);
    expect(urls).toEqual(['/private/ws?listenKey=k1', '/private/ws?listenKey=k2']);
    expect(said(events)).toEqual(['up connected', 'down key-expired', 'up connected']);
    expect(server.clients.size).toBe(1);
  });

  it('is renewed in time, and the connection stays', async () => {
    const { asked, urls, until } = await stream(() => null, 30);
    await until(() => asked.filter(line => line === 'PUT listenKey').length >= 3);
    expect(urls).toEqual(['/private/ws?listenKey=k1']);
  });

  it('is replaced when a renewal is told that there is no such key', async () => {
    const gone = new VenueFailure('refused', 'listen-key', '-1125');
    let keys = 0;
    const { urls, events, until } = await stream(method => {
      if (method === 'POST') keys++;
      return method === 'PUT' && keys === 1 ? gone : null;
    }, 30);
    await until(() => urls.length === 2);
    expect(urls[1]).toBe('/private/ws?listenKey=k2');
    expect(said(events).slice(0, 2)).toEqual(['up connected', 'down key-lost']);
  });

  it('is kept when a renewal only had no answer', async () => {
    const lost = new VenueFailure('ambiguous', 'time-out', 'no answer');
    const { urls, asked, until } = await stream((method, count) => (method === 'PUT' && count < 3 ? lost : null), 30);
    await until(() => asked.filter(line => line === 'PUT listenKey').length >= 4);
    expect(urls).toHaveLength(1);
  });

  it('is asked for until there is one, and the outage is told once', async () => {
    const down = new VenueFailure('ambiguous', 'http-503', 'x');
    const { server, urls, events, asked, until } = await stream((method, count) =>
      method === 'POST' && count > 1 && count < 5 ? down : null,
    );
    for (const client of server.clients) client.close(1001);
    await until(() => urls.length === 2 && said(events).length === 3);
    expect(asked).toHaveLength(5);
    expect(said(events)).toEqual(['up connected', 'down closed-1001', 'up connected']);
  });
});
