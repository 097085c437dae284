import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import { finiteJson, isLoopbackHost } from '../../live/health/loopback.js';
import { PracticeRefusal, type PracticeEvent } from '../practice-exchange.js';
import { act } from './act.js';
import { faultSpec } from './fault.js';
import type { PracticeControl } from './practice-control.js';
import { bodyOf, listening } from './wire-port.js';

const acknowledgement = z.strictObject({
  client: z.string().default('client'),
  upTo: z.number().optional(),
  gone: z.boolean().default(false),
});
const pace = z.strictObject({ speed: z.number().positive() });
const halt = z.strictObject({ paused: z.boolean() });
const faultChange = z.union([
  z.strictObject({ add: faultSpec }),
  z.strictObject({ clear: z.union([z.int(), z.literal('all')]) }),
  z.strictObject({ list: z.literal(true) }),
]);

/** The control port. */
export interface ControlPort {
  readonly port: number;
  /** Tells everybody who listens at `/events`. */
  tell(message: { readonly type: 'clock'; readonly state: unknown } | { readonly type: 'event'; readonly event: PracticeEvent }): void;
  close(): Promise<void>;
}

/**
 * JSON over HTTP on loopback, without keys: it belongs to whoever runs the exchange.
 * `GET /state`, `GET /truth?account=`, `POST /ack {client, upTo}` (`gone` to take part no more), `POST /speed {speed}`, `POST /pause {paused}`, `POST /faults {add} | {clear} | {list}`,
 * `POST /act`; `/events` is a websocket with each change of the clock and what happens to accounts.
 */
export const controlPort = async (control: PracticeControl, port: number): Promise<ControlPort> => {
  const sockets = new Set<Socket>();

  const answer = (method: string, url: URL, body: string): unknown => {
    const given = (): unknown => (body === '' ? {} : JSON.parse(body));
    switch (`${method} ${url.pathname}`) {
      case 'GET /state':
        return control.state();
      case 'GET /truth':
        return control.truth(url.searchParams.get('account') ?? control.state().accounts[0] ?? '');
      case 'POST /ack': {
        const { client, upTo, gone } = acknowledgement.parse(given());
        if (gone) control.forget(client);
        else control.acknowledge(client, upTo ?? control.state().market);
        return control.state();
      }
      case 'POST /speed':
        control.setSpeed(pace.parse(given()).speed);
        return control.state();
      case 'POST /pause':
        control.pause(halt.parse(given()).paused);
        return control.state();
      case 'GET /faults':
        return control.faults();
      case 'POST /faults': {
        const change = faultChange.parse(given());
        if ('add' in change) return control.addFault(change.add);
        if ('clear' in change) control.clearFaults(change.clear === 'all' ? null : change.clear);
        return control.faults();
      }
      case 'POST /act':
        control.act(act.parse(given()));
        return control.state();
      default:
        return undefined;
    }
  };

  const server = createServer((message, response) => {
    const send = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(finiteJson(value));
    };
    if (!isLoopbackHost(message.headers.host)) {
      send(403, { error: 'This port answers on loopback only.' });
      return;
    }
    bodyOf(message)
      .then(body => answer(message.method ?? 'GET', new URL(message.url ?? '/', 'http://127.0.0.1'), body))
      .then(result => (result === undefined ? send(404, { error: 'There is no such call.' }) : send(200, result)))
      .catch((error: unknown) => {
        if (error instanceof z.ZodError) send(400, { error: z.prettifyError(error) });
        else if (error instanceof PracticeRefusal) send(409, { error: error.message, code: error.code });
        else send(400, { error: error instanceof Error ? error.message : 'failed' });
      });
  });
  server.on('connection', socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (message, socket, head) => {
    if (!isLoopbackHost(message.headers.host) || message.url !== '/events') {
      socket.destroy();
      return;
    }
    upgrades.handleUpgrade(message, socket, head, client => {
      client.on('error', () => client.terminate());
      upgrades.emit('connection', client, message);
      client.send(finiteJson({ type: 'clock', state: control.state() }));
    });
  });
  const clients = new Set<WebSocket>();
  upgrades.on('connection', client => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
  });

  const opened = await listening(server, port);
  return {
    port: opened,
    tell: message => {
      if (clients.size === 0) return;
      const text = finiteJson(message);
      for (const client of clients) client.send(text);
    },
    close: () => {
      for (const client of clients) client.terminate();
      upgrades.close();
      return new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
    },
  };
};
