import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { random } from '../../../src/random.js';
import { venueSocket, type VenueSocket } from '../../../src/live/ccxt/venue-socket.js';
import { systemClock } from '../../../src/live/system-clock.js';

const TIMES = { connectMs: 3000, keepAliveMs: 150, backoffMs: 20, backoffMaxMs: 80 };
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const portOf = (server: Server | WebSocketServer): number => (server.address() as AddressInfo).port;

const serve = async (options: { readonly autoPong?: boolean } = {}): Promise<WebSocketServer> => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options });
  closers.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  return server;
};

const connect = (
  address: () => Promise<string>,
  { heartbeat = null, connectMs = TIMES.connectMs }: { readonly heartbeat?: string | null; readonly connectMs?: number } = {},
): { readonly socket: VenueSocket; readonly log: string[]; readonly until: (text: string, times?: number) => Promise<void> } => {
  const log: string[] = [];
  const socket = venueSocket({
    clock: systemClock(),
    random: random(1),
    times: { ...TIMES, connectMs },
    address,
    heartbeat,
    opened: () => log.push('opened'),
    received: text => log.push(`got ${text}`),
    lost: code => log.push(`lost ${code}`),
  });
  closers.push(() => socket.close());
  const until = async (text: string, times = 1): Promise<void> => {
    for (let waited = 0; log.filter(line => line === text).length < times; waited += 5) {
      if (waited > 3000) throw new Error(`no "${text}" in ${JSON.stringify(log)}`);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };
  return { socket, log, until };
};

describe('a connection to a venue', () => {
  it('comes back after it was cut, to an address that is asked for anew', async () => {
    const server = await serve();
    let asked = 0;
    server.on('connection', (client, request) => client.send(request.url ?? ''));
    const { socket, log, until } = connect(async () => `ws://127.0.0.1:${portOf(server)}/key-${++asked}`);
    socket.start();
    socket.start();
    await until('got /key-1');
    for (const client of server.clients) client.close(1001);
    await until('got /key-2');
    expect(log).toEqual(['opened', 'got /key-1', 'lost closed-1001', 'opened', 'got /key-2']);
  });

  it('is given up after two intervals when the other side falls silent and answers no pings', async () => {
    const server = await serve({ autoPong: false });
    const { socket, until, log } = connect(async () => `ws://127.0.0.1:${portOf(server)}`);
    socket.start();
    await until('opened');
    const begun = performance.now();
    await until('lost silent');
    expect(performance.now() - begun).toBeGreaterThan(2 * TIMES.keepAliveMs - 20);
    await until('opened', 2);
    expect(log.slice(0, 3)).toEqual(['opened', 'lost silent', 'opened']);
  });

  it('stays while pings are answered, and says the venue its own heartbeat', async () => {
    const server = await serve();
    const heard: string[] = [];
    server.on('connection', client => client.on('message', data => heard.push(String(data))));
    const { socket, until, log } = connect(async () => `ws://127.0.0.1:${portOf(server)}`, { heartbeat: 'ping!' });
    socket.start();
    await until('opened');
    await new Promise(resolve => setTimeout(resolve, 5 * TIMES.keepAliveMs));
    expect(log).toEqual(['opened']);
    expect(heard.length).toBeGreaterThan(2);
    expect(new Set(heard)).toEqual(new Set(['ping!']));
  });

  it('gives up an attempt that hangs, and waits longer from one to the next', async () => {
    const held: Socket[] = [];
    const mute = createServer(socket => held.push(socket)).listen(0, '127.0.0.1');
    closers.push(() => {
      for (const socket of held) socket.destroy();
      mute.close();
    });
    await once(mute, 'listening');
    const { socket, until } = connect(async () => `ws://127.0.0.1:${portOf(mute)}`, { connectMs: 100 });
    socket.start();
    await until('lost connect-time-out', 2);
    expect(held.length).toBeLessThanOrEqual(3);
  });

  it('tries on when there is no address to be had', async () => {
    const server = await serve();
    let asked = 0;
    const { socket, until, log } = connect(async () => {
      if (++asked < 3) throw new Error('503');
      return `ws://127.0.0.1:${portOf(server)}`;
    });
    socket.start();
    await until('opened');
    expect(log).toEqual(['lost no-address', 'lost no-address', 'opened']);
  });

  it('makes at most one connection, however often it is told to renew', async () => {
    const server = await serve();
    let connections = 0;
    server.on('connection', () => connections++);
    const { socket, until, log } = connect(async () => `ws://127.0.0.1:${portOf(server)}`);
    socket.start();
    await until('opened');
    await new Promise(resolve => setTimeout(resolve, 30));
    for (let i = 0; i < 5; i++) socket.renew('again');
    await until('opened', 2);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(log).toEqual(['opened', 'lost again', 'opened']);
    expect(connections).toBe(2);
    expect(server.clients.size).toBe(1);
  });

  it('is over when it was closed', async () => {
    const server = await serve();
    const { socket, until, log } = connect(async () => `ws://127.0.0.1:${portOf(server)}`);
    socket.start();
    await until('opened');
    socket.close();
    socket.renew('again');
    socket.start();
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(log).toEqual(['opened']);
    expect(socket.send('x')).toBe(false);
  });
});
