import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import type { LiveClock } from '../live-clock.js';

/** A request as it goes over the wire. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  /** Undefined ones are left out. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Null for none. */
  readonly body: string | null;
}

/** An answer as it came: any status, any body, unpacked. */
export interface HttpResponse {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** Sends requests over connections that are kept open. */
export interface VenueHttp {
  /**
   * Resolves with whatever was answered. Rejects when no whole answer came in time (`TimeoutError`) or the connection failed (the error of the network, with its code). A request is written to one connection, once: it is never repeated
   * and no redirect is followed, so that a signed order cannot be at the venue twice.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes the connections; what is under way is answered or runs into its time-out. */
  close(): void;
}

/** How requests are sent. */
export interface VenueHttpOptions {
  readonly clock: LiveClock;
  /** Longest wait for a whole answer, from the call on; wall ms. */
  readonly timeoutMs: number;
  /** Most connections to one host; more requests than that at a time wait. */
  readonly connections?: number;
}

/** Less than the minute after which load balancers commonly close a connection that is idle: one that is closed as an order is written leaves it unknown. */
const KEEP_ALIVE_MS = 50_000;
/** The longest answer that is read, packed or not. The largest that venues have, the list of markets, is a few million bytes. */
const LONGEST_BYTES = 64 << 20;

const unpack = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), br: promisify(brotliDecompress), deflate: promisify(inflate) };

const hasPacking = (name: string | undefined): name is keyof typeof unpack => name !== undefined && Object.hasOwn(unpack, name);

const bodyOf = async (chunks: readonly Buffer[], encoding: string | undefined): Promise<string> => {
  const [first] = chunks;
  if (first === undefined) return '';
  const bytes = chunks.length === 1 ? first : Buffer.concat(chunks);
  return (hasPacking(encoding) ? await unpack[encoding](bytes, { maxOutputLength: LONGEST_BYTES }) : bytes).toString('utf8');
};

const timedOut = (): Error => Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });

/**
 * Connections to a venue, on undici's dispatcher: it has a request written in half the time of undici's `request`, which ccxt's own `fetch` uses. A connection carries one request at a time. Before one that was idle is used again, what
 * has come in on it is looked at, so that a connection closed by the venue is not written to and bytes that nobody asked for are no answer.
 */
export const venueHttp = ({ clock, timeoutMs, connections = 256 }: VenueHttpOptions): VenueHttp => {
  const agent = new Agent({
    connections,
    pipelining: 1,
    allowH2: false,
    autoSelectFamily: true,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxResponseSize: LONGEST_BYTES,
    // One time-out, set below, is for all of a request.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const send: VenueHttp['send'] = ({ url, method, headers, body }) =>
    new Promise((resolve, reject) => {
      const pathAt = url.indexOf('/', url.indexOf('//') + 2);
      const origin = pathAt < 0 ? url : url.slice(0, pathAt);
      const path = pathAt < 0 ? '/' : url.slice(pathAt);
      let controller: Dispatcher.DispatchController | null = null;
      let expired: Error | null = null;
      let status = 0;
      let answered: Record<string, string | undefined> = {};
      const chunks: Buffer[] = [];
      const cancelTimer = clock.after(timeoutMs, () => {
        expired = timedOut();
        controller?.abort(expired);
        reject(expired);
      });
      agent.dispatch(
        { origin, path, method, headers, body },
        {
          onRequestStart: started => {
            controller = started;
            // It waited for a connection, and was given up meanwhile: nothing of it is written.
            if (expired !== null) started.abort(expired);
          },
          onResponseStart: (_, code, fields) => {
            status = code;
            answered = Object.fromEntries(
              Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
            );
          },
          onResponseData: (_, chunk) => void chunks.push(chunk),
          onResponseEnd: () => {
            cancelTimer();
            const encoding = status === 204 || status === 304 ? undefined : answered['content-encoding'];
            bodyOf(chunks, encoding).then(text => resolve({ status, headers: answered, body: text }), reject);
          },
          onResponseError: (_, error) => {
            cancelTimer();
            reject(error);
          },
        },
      );
    });

  return { send, close: () => void agent.close().catch(() => {}) };
};
