import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { usageError } from '../../errors.js';
import { finiteJson, isLoopbackHost } from './loopback.js';
import type { SessionStatus } from '../session/session-status.js';

/** What is served. */
export interface HealthSources {
  readonly health: () => SessionStatus;
  /** Prometheus text format 0.0.4. */
  readonly metrics: () => string;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `GET /health` (200 while the session trades and is ready, 503 otherwise, its status as JSON either way) and `GET /metrics` for Prometheus, on 127.0.0.1. It shows figures and takes no commands. Throws a usage error
 * when the port is taken.
 */
export const healthServer = (port: number, { health, metrics }: HealthSources): Promise<HealthServer> =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const send = (status: number, type: string, body: string): void => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
        response.end(body);
      };
      if (!isLoopbackHost(request.headers.host)) return send(421, 'text/plain', 'only by a loopback address\n');
      if (request.method !== 'GET') return send(405, 'text/plain', 'only GET\n');
      if (request.url === '/health') {
        const status = health();
        return send(status.ready ? 200 : 503, 'application/json', `${finiteJson(status)}\n`);
      }
      if (request.url === '/metrics') return send(200, 'text/plain; version=0.0.4; charset=utf-8', metrics());
      return send(404, 'text/plain', '/health or /metrics\n');
    });
    server.on('error', error =>
      reject(
        (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
          ? usageError('port-taken', `Port ${port} is taken.`, 'Choose another --metrics-port; 0 takes a free one.')
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise(done => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      }),
    );
  });
