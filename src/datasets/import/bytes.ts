import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip, createInflateRaw, constants } from 'node:zlib';
import { Unzip, UnzipInflate, UnzipPassThrough } from 'fflate';
import { badData } from '../../errors.js';
import type { ImportProgress } from './options.js';

/** A stretch of the text inside a file, unpacked. */
interface Piece {
  /** Name within a zip archive; empty for a file that is no archive. */
  readonly entry: string;
  readonly chunk?: Buffer;
  /** The entry is complete. `fault` says why it is not what it should be: `truncated` or what the unpacker said. */
  readonly end?: { readonly fault?: string };
}

/** Hash and size of the file as it lies on disk, known once it was read to its end. */
export class Meter {
  bytes = 0;
  readonly #hash = createHash('sha256');
  constructor(
    readonly file: string,
    readonly totalBytes: number,
    readonly onProgress: ((progress: ImportProgress) => void) | undefined,
  ) {}
  read(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#hash.update(chunk);
    this.onProgress?.({ file: this.file, bytes: this.bytes, totalBytes: this.totalBytes });
  }
  sha256(): string {
    return this.#hash.digest('hex');
  }
}

const CHUNK = 1 << 18;

/** Throws bad data when there is no such file. */
export const fileSize = async (file: string): Promise<number> => {
  const found = await stat(file).catch(() => undefined);
  if (!found) throw badData('no-file', `There is no file ${file}.`, 'Check the path.');
  if (!found.isFile()) throw badData('no-file', `${file} is not a file.`, 'Name the files in it.');
  return found.size;
};

/** First and last four bytes of a file. */
const ends = async (file: string, size: number): Promise<{ magic: Buffer; tail: Buffer }> => {
  const handle = await open(file);
  try {
    const magic = Buffer.alloc(4);
    const tail = Buffer.alloc(4);
    await handle.read(magic, 0, 4, 0);
    await handle.read(tail, 0, 4, Math.max(0, size - 4));
    return { magic, tail };
  } finally {
    await handle.close();
  }
};

export type Container = 'plain' | 'gzip' | 'zip' | 'parquet';

/** Told from the content, not from the name. */
export const containerOf = async (file: string): Promise<Container> => {
  const { magic } = await ends(file, 4);
  if (magic.toString('latin1', 0, 4) === 'PAR1') return 'parquet';
  if (magic[0] === 0x1f && magic[1] === 0x8b) return 'gzip';
  return magic.toString('latin1', 0, 4) === 'PK\u0003\u0004' ? 'zip' : 'plain';
};

async function* rawChunks(file: string, meter?: Meter): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    meter?.read(bytes);
    yield bytes;
  }
}

/** Whether the gzip file ends before its end, by reading it strictly to there. */
const isTruncated = async (file: string): Promise<boolean> => {
  const gunzip = createGunzip();
  const source = createReadStream(file, { highWaterMark: CHUNK });
  source.pipe(gunzip);
  try {
    for await (const _ of gunzip) continue;
    return false;
  } catch (error) {
    return error instanceof Error && error.message.includes('unexpected end');
  } finally {
    source.destroy();
  }
};

/** Bytes of a gzip header (RFC 1952): fixed part, extra field, name, comment, checksum. */
const gzipHeaderLength = async (file: string): Promise<number> => {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(4096);
    await handle.read(head, 0, head.length, 0);
    const flags = head[3] ?? 0;
    let at = 10;
    if (flags & 4) at += 2 + head.readUInt16LE(at);
    if (flags & 8) at = head.indexOf(0, at) + 1;
    if (flags & 16) at = head.indexOf(0, at) + 1;
    return flags & 2 ? at + 2 : at;
  } finally {
    await handle.close();
  }
};

/** What a damaged gzip file still gives beyond `skip` bytes of text: without its checksum, in steps small enough to lose little at the damage. */
async function* salvaged(file: string, skip: number): AsyncGenerator<Piece> {
  const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
  const source = createReadStream(file, { start: await gzipHeaderLength(file), highWaterMark: 1024 });
  source.on('error', error => inflate.destroy(error));
  source.pipe(inflate);
  let position = 0;
  try {
    for await (const chunk of inflate) {
      const bytes = Buffer.from(chunk);
      const fresh = Math.max(0, skip - position);
      position += bytes.length;
      if (fresh < bytes.length) yield { entry: '', chunk: bytes.subarray(fresh) };
    }
  } catch {
    // The damage itself: the caller knows of it already.
  } finally {
    source.destroy();
  }
}

async function* gunzipped(file: string, meter: Meter): AsyncGenerator<Piece> {
  // A lenient flush hands over every byte that a cut file still holds; the length in its trailer then tells that it was cut.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK });
  const source = createReadStream(file, { highWaterMark: CHUNK });
  source.on('data', chunk => meter.read(Buffer.from(chunk)));
  source.on('error', error => gunzip.destroy(error));
  source.pipe(gunzip);
  let length = 0;
  let fault: string | undefined;
  try {
    for await (const chunk of gunzip) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      yield { entry: '', chunk: bytes };
    }
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  } finally {
    source.destroy();
  }
  if (fault !== undefined) yield* salvaged(file, length);
  const { tail } = await ends(file, meter.totalBytes);
  if (fault === undefined && tail.readUInt32LE(0) !== length % 4294967296 && (await isTruncated(file))) fault = 'truncated';
  yield { entry: '', end: fault === undefined ? {} : { fault } };
}

async function* unzipped(file: string, meter: Meter): AsyncGenerator<Piece> {
  const queue: Piece[] = [];
  const opened = new Set<string>();
  const unzip = new Unzip(entry => {
    if (entry.name.endsWith('/') || entry.name.startsWith('__MACOSX/')) return;
    opened.add(entry.name);
    entry.ondata = (error, data, final) => {
      if (error) {
        opened.delete(entry.name);
        queue.push({ entry: entry.name, end: { fault: error.message } });
        return;
      }
      if (data.length > 0) queue.push({ entry: entry.name, chunk: Buffer.from(data.buffer, data.byteOffset, data.byteLength) });
      if (final && opened.delete(entry.name)) queue.push({ entry: entry.name, end: {} });
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  unzip.register(UnzipPassThrough);
  let fault = 'truncated';
  try {
    for await (const chunk of rawChunks(file, meter)) {
      unzip.push(chunk, false);
      yield* queue.splice(0);
    }
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  try {
    unzip.push(new Uint8Array(0), true);
  } catch {
    // Data still expected at the end of the file: the entries left open are truncated.
  }
  yield* queue.splice(0);
  for (const entry of opened) yield { entry, end: { fault } };
}

/** The text inside a plain, gzip or zip file, piece by piece; each entry ends with `end`. Damage ends an entry with a fault and does not throw. */
export async function* pieces(file: string, container: Container, meter: Meter): AsyncGenerator<Piece> {
  if (container === 'gzip') yield* gunzipped(file, meter);
  else if (container === 'zip') yield* unzipped(file, meter);
  else {
    for await (const chunk of rawChunks(file, meter)) yield { entry: '', chunk };
    yield { entry: '', end: {} };
  }
}
