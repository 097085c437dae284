import { createHash, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { publishFile, temporaryName } from '../../durable-file.js';
import { UserError } from '../../errors.js';
import { isHash, partPath } from './content-hash.js';
import { namesPath } from './dataset-names.js';
import { folderLake } from './folder-lake.js';
import { isFull, isMissing } from './lake-errors.js';
import { missingOfVersion } from './version-parts.js';
import { touch } from './touch.js';

export interface LakeServerOptions {
  /** Folder of the lake; made when the first part comes. */
  readonly folder: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Whoever knows it may read and write. Without one everybody who reaches the server may read, and nobody may write. */
  readonly token: string | undefined;
  /** Reading needs no token either. */
  readonly openReads?: boolean;
  /** The largest part that is taken, bytes; 4 GB by default. */
  readonly maxPartBytes?: number;
  /** Told of each answer, for a log. */
  readonly onAnswer?: (answer: { readonly method: string; readonly path: string; readonly status: number; readonly bytes: number }) => void;
}

export interface LakeServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const MAX_PART = 4 * 1024 ** 3;

/** Between two bytes of a client. */
const SILENCE_MS = 60_000;

/** An answer other than the one that was hoped for. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** What a path asks for; undefined for what is none of the lake's. */
const placeOf = (url: string | undefined): { readonly part: string } | { readonly dataset: string } | undefined => {
  const [, two, hash] = /^\/([0-9a-f]{2})\/([0-9a-f]{64})$/.exec(url ?? '') ?? [];
  if (hash !== undefined && hash.startsWith(two ?? ' ')) return { part: hash };
  const [, dataset] = /^\/datasets\/([a-z0-9][a-z0-9._-]*)\.json$/i.exec(url ?? '') ?? [];
  return dataset === undefined ? undefined : { dataset };
};

/** The first byte of `Range: bytes=N-` or `bytes=N-M` and the last; null for the whole file, 416 as a Refusal for what lies behind it. Several ranges are not known, and get the whole. */
const rangeOf = (range: string | undefined, size: number): { readonly first: number; readonly last: number } | null => {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return null;
  const first = Number(from);
  const last = to === undefined || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first >= size || last < first) throw new Refusal(416, 'there is nothing behind those bytes');
  return { first, last };
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Serves a folder as a lake: `GET` and `HEAD` with ranges, `PUT` of what has the hash that its path says. Nothing but hashes and names of datasets is a path here, so no request leads out of the folder. What comes is
 * written under a temporary name, hashed on its way, and renamed when it is whole and right.
 */
export const serveLake = async (options: LakeServerOptions): Promise<LakeServer> => {
  const { folder, token, maxPartBytes = MAX_PART } = options;
  const lake = folderLake(folder);
  const expected = token === undefined ? null : digest(`Bearer ${token}`);

  const authorised = (request: IncomingMessage): boolean =>
    // Hashes of equal length: comparing takes as long for any guess.
    expected !== null && timingSafeEqual(digest(request.headers.authorization ?? ''), expected);

  const requireRead = (request: IncomingMessage): void => {
    if (expected !== null && options.openReads !== true && !authorised(request))
      throw new Refusal(403, 'reading needs the token of this lake');
  };
  const requireWrite = (request: IncomingMessage): void => {
    if (expected === null) throw new Refusal(403, 'this lake was started without a token and only reads');
    if (!authorised(request)) throw new Refusal(403, 'writing needs the token of this lake');
  };

  const answerFile = async (request: IncomingMessage, response: ServerResponse, hash: string): Promise<void> => {
    const path = join(folder, partPath(hash));
    const stats = await stat(path).catch((error: unknown) => {
      throw isMissing(error) ? new Refusal(404, 'there is no such part') : error;
    });
    await touch(path, stats);
    const etag = `"${hash}"`;
    const headers = {
      etag,
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
      // A hash never means anything else.
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    };
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const condition = request.headers['if-range'];
    const range = condition === undefined || condition === etag ? rangeOf(request.headers.range, stats.size) : null;
    const { first, last } = range ?? { first: 0, last: stats.size - 1 };
    response.writeHead(range === null ? 200 : 206, {
      ...headers,
      'content-length': last - first + 1,
      ...(range === null ? {} : { 'content-range': `bytes ${first}-${last}/${stats.size}` }),
    });
    if (request.method === 'HEAD' || stats.size === 0) {
      response.end();
      return;
    }
    await pipeline(createReadStream(path, { start: first, end: last, highWaterMark: 1024 * 1024 }), response);
  };

  const takePart = async (request: IncomingMessage, response: ServerResponse, hash: string): Promise<void> => {
    const path = join(folder, partPath(hash));
    if (await lake.has(hash)) {
      response.writeHead(204).end();
      return;
    }
    if (Number(request.headers['content-length'] ?? 0) > maxPartBytes)
      throw new Refusal(413, `a part has at most ${maxPartBytes} bytes here`);
    if (request.headers.expect !== undefined) response.writeContinue();
    await mkdir(dirname(path), { recursive: true });
    const temporary = temporaryName(path);
    try {
      const handle = await open(temporary, 'wx');
      const hashed = createHash('sha256');
      let size = 0;
      try {
        for await (const chunk of request as AsyncIterable<Buffer>) {
          size += chunk.length;
          if (size > maxPartBytes) throw new Refusal(413, `a part has at most ${maxPartBytes} bytes here`);
          hashed.update(chunk);
          await handle.writeFile(chunk);
        }
      } finally {
        await handle.close();
      }
      if (hashed.digest('hex') !== hash) throw new Refusal(422, 'what came has another hash than its path');
      await publishFile(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    response.writeHead(201).end();
  };

  const answerNames = async (request: IncomingMessage, response: ServerResponse, id: string): Promise<void> => {
    const text = await readFile(join(folder, namesPath(id))).catch((error: unknown) => {
      throw isMissing(error) ? new Refusal(404, 'there is no such dataset') : error;
    });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length, 'cache-control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : text);
  };

  const takeName = async (request: IncomingMessage, response: ServerResponse, id: string): Promise<void> => {
    let version = '';
    for await (const chunk of request as AsyncIterable<Buffer>) {
      version += chunk.toString('latin1');
      if (version.length > 64) throw new Refusal(400, 'a version is a hash');
    }
    if (!isHash(version)) throw new Refusal(400, 'a version is a hash');
    const missing = await missingOfVersion(lake, version).catch((error: unknown) => {
      throw error instanceof SyntaxError || error instanceof TypeError
        ? new Refusal(422, 'that version is no manifest of a dataset')
        : error;
    });
    if (missing.length > 0) throw new Refusal(409, `${missing.length} parts of that version are not here yet`);
    await lake.addVersion(id, version);
    response.writeHead(204).end();
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const place = placeOf(request.url);
    if (request.method === 'GET' || request.method === 'HEAD') {
      requireRead(request);
      if (place === undefined) throw new Refusal(404, 'a lake has parts by their hash, and nothing else');
      return 'part' in place ? answerFile(request, response, place.part) : answerNames(request, response, place.dataset);
    }
    if (request.method !== 'PUT') throw new Refusal(405, 'a lake knows GET, HEAD and PUT');
    requireWrite(request);
    if (place === undefined) throw new Refusal(404, 'a lake has parts by their hash, and nothing else');
    return 'part' in place ? takePart(request, response, place.part) : takeName(request, response, place.dataset);
  };

  const refuse = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
    // A client that went away is told nothing; one in the middle of a file learns by its length.
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const [status, words] =
      error instanceof Refusal
        ? [error.status, error.message]
        : isFull(error) || (error instanceof UserError && error.code === 'lake-full')
          ? [507, 'the disk of this lake is full']
          : // What the system says names paths of this machine.
            [500, 'the lake cannot do this now'];
    // What is left of a body that nobody reads would keep the connection waiting.
    const isLeft = !request.complete;
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...(isLeft ? { connection: 'close' } : {}) });
    response.end(request.method === 'HEAD' ? undefined : `${words}\n`);
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    response.on('close', () => {
      const bytes = Number(response.getHeader('content-length') ?? 0);
      options.onAnswer?.({ method: request.method ?? '', path: request.url ?? '', status: response.statusCode, bytes });
    });
    answer(request, response).catch((error: unknown) => refuse(request, response, error));
  };
  const server: Server = createServer({ keepAliveTimeout: 30_000, requestTimeout: 0, headersTimeout: 20_000 }, handle);
  server.timeout = SILENCE_MS;
  // Whoever asks first whether a body is welcome is told so once all but the body is known to be right.
  server.on('checkContinue', handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
