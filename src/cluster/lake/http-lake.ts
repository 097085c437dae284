import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, UserError } from '../../errors.js';
import { isHash, partPath } from './content-hash.js';
import { namesPath, parseNames } from './dataset-names.js';
import { download, PATIENCE } from './download.js';
import { lakeFull, lakeRefused, lakeUnreachable, notInLake } from './lake-errors.js';
import type { LakeOptions, OpenLake } from './open-lake.js';

const SILENCE_MS = 20_000;

/** Larger bodies wait for the server's word before they are sent, so that a refusal costs nothing. */
const ASK_FIRST = 64 * 1024;

const ASK_MS = 2_000;

/** Bytes handed to the socket at once. */
const PIECE = 1024 * 1024;

interface Sent {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/** A server's error in its own words, at most one line of it. */
const wordsOf = async (response: IncomingMessage): Promise<string> => {
  let text = '';
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > 400) break;
    }
  } catch {
    // The status alone will do.
  }
  return text.split('\n', 1)[0]?.slice(0, 200) ?? '';
};

/** The text of a small answer. */
const textOf = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** What is worth another try: a server that is starting, overloaded or behind a proxy that lost it. */
const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/**
 * A lake behind HTTP: `quantai lake`, or any server of static files over such a folder, which can be read and not written. Connections are kept; the silence of a server, not the length of a
 * transfer, is what counts as broken, so a slow line brings a large part too.
 */
export const httpLake = (url: string, { token, silenceMs = SILENCE_MS, pauseMs = PATIENCE.pauseMs }: LakeOptions): OpenLake => {
  const base = new URL(url);
  const isTls = base.protocol === 'https:';
  // Sockets that nobody uses do not keep the process.
  const agent = isTls ? new HttpsAgent({ keepAlive: true, maxSockets: 16 }) : new HttpAgent({ keepAlive: true, maxSockets: 16 });
  const patience = { ...PATIENCE, pauseMs };

  /** One exchange; rejects with an Error that may be tried again when the connection broke. */
  const send = ({ method, path, headers = {}, body, signal }: Sent): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asksFirst = body !== undefined && body.length > ASK_FIRST;
      const options: RequestOptions = {
        method,
        agent,
        headers: {
          ...headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-length': String(body.length), 'content-type': 'application/octet-stream' }),
          ...(asksFirst ? { expect: '100-continue' } : {}),
        },
        // Behind a body the server hashes and flushes before it says anything.
        timeout: body === undefined ? silenceMs : 6 * silenceMs,
        ...(signal ? { signal } : {}),
      };
      const request = (isTls ? httpsRequest : httpRequest)(`${url}/${path}`, options);
      request.on('timeout', () => request.destroy(new Error(`it said nothing for ${Math.round(silenceMs / 1000)} s`)));
      request.on('response', response => {
        response.on('close', () => {
          // A refused body was not sent to its end: this connection is of no more use.
          if (body !== undefined && !request.writableEnded) request.destroy();
        });
        resolve(response);
      });
      request.on('error', reject);
      if (body === undefined) {
        request.end();
        return;
      }
      const pour = async (): Promise<void> => {
        for (let at = 0; at < body.length; at += PIECE) {
          // A copy, because a socket does not send from shared memory.
          if (!request.write(Buffer.from(body.subarray(at, at + PIECE))))
            await new Promise<void>(go => {
              request.once('drain', go);
              request.once('close', go);
            });
          if (request.destroyed) return;
        }
        request.end();
      };
      if (!asksFirst) void pour();
      else {
        request.flushHeaders();
        let isPouring = false;
        const begin = (): void => {
          if (isPouring || request.destroyed) return;
          isPouring = true;
          void pour();
        };
        request.once('continue', begin);
        // A server that does not know the question waits for the body.
        const anyway = setTimeout(begin, ASK_MS);
        for (const over of ['response', 'close'] as const) request.once(over, () => clearTimeout(anyway));
      }
    });

  /** What a status that is none of success means. */
  const refusal = async (response: IncomingMessage, hash?: string): Promise<Error> => {
    const status = response.statusCode ?? 0;
    const words = await wordsOf(response);
    const said = `it answers ${status}${words === '' ? '' : ` (${words})`}`;
    if (status === 404 && hash !== undefined) return notInLake(url, hash);
    if (status === 401 || status === 403 || status === 405) return lakeRefused(url, said);
    if (status === 507) return lakeFull(url);
    return isPassing(status) ? new Error(said) : lakeUnreachable(url, said);
  };

  /** Tries again what broke; gives up with `lake-unreachable`. */
  const patiently = async <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    for (let tried = 1; ; tried += 1) {
      signal?.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof UserError) throw error;
        if (tried >= patience.tries) throw lakeUnreachable(url, messageOf(error));
        await pause(Math.min(patience.pauseMs * 2 ** (tried - 1), 5_000), undefined, signal ? { signal } : {});
      }
    }
  };

  const has = (hash: string): Promise<boolean> =>
    patiently(async () => {
      const response = await send({ method: 'HEAD', path: partPath(hash) });
      response.resume();
      if (response.statusCode === 200) return true;
      if (response.statusCode === 404) return false;
      throw await refusal(response);
    });

  const put = (path: string, bytes: Uint8Array): Promise<void> =>
    patiently(async () => {
      const response = await send({ method: 'PUT', path, body: bytes });
      if (response.statusCode !== 200 && response.statusCode !== 201 && response.statusCode !== 204) throw await refusal(response);
      response.resume();
    });

  const lake: OpenLake = {
    url,
    has,
    put: async (hash, bytes) => {
      if (!(await has(hash))) await put(partPath(hash), bytes);
    },
    get: (hash, signal) => download(lake, hash, { signal, patience }),
    transfer: async (hash, from, signal) => {
      // Without If-Range: what a hash names never changes, and a static server's own ETag is not the hash.
      const headers = from === 0 ? {} : { range: `bytes=${from}-` };
      const response = await send({ method: 'GET', path: partPath(hash), headers, signal });
      const { statusCode } = response;
      if (statusCode === 200) {
        const length = response.headers['content-length'];
        // A proxy that packs what it sends says how much it sends, not how much it is.
        const isPlain = response.headers['content-encoding'] === undefined && length !== undefined;
        return { from: 0, total: isPlain ? Number(length) : null, chunks: response };
      }
      if (statusCode === 206) {
        const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers['content-range'] ?? '') ?? [];
        if (Number(first) !== from) {
          response.destroy();
          throw new Error('it sent another part of the file than was asked for');
        }
        return { from, total: Number(total), chunks: response };
      }
      // Nothing is left behind the first bytes: they are all of it, or too many.
      if (statusCode === 416) {
        response.resume();
        return { from, total: null, chunks: nothing() };
      }
      throw await refusal(response, hash);
    },
    versions: (id, signal) =>
      patiently(async () => {
        const response = await send({ method: 'GET', path: namesPath(id), signal });
        if (response.statusCode === 404) {
          response.resume();
          return [];
        }
        if (response.statusCode !== 200) throw await refusal(response);
        return parseNames(await textOf(response)).filter(isHash);
      }, signal),
    addVersion: (id, version) => put(namesPath(id), Buffer.from(version)),
  };
  return lake;
};

// eslint-disable-next-line require-yield -- an empty source
const nothing = async function* (): AsyncGenerator<Uint8Array> {};
