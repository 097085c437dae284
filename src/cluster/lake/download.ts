import { createHash, type Hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, UserError } from '../../errors.js';
import { lakeCorrupt, lakeUnreachable } from './lake-errors.js';
import type { RemoteLake } from './transfer.js';

/** Where the bytes of a download are kept beside memory, so that a later one can go on with them. */
export interface Draft {
  /** What an earlier download left. */
  readonly begun: Uint8Array;
  append(bytes: Uint8Array): Promise<void>;
  /** Begin anew. */
  clear(): Promise<void>;
}

/** When a download is given up: after so many tries in a row that brought nothing. */
export interface Patience {
  readonly tries: number;
  /** Before the second try; doubles from try to try up to five seconds. */
  readonly pauseMs: number;
}

/** A server that is started anew is back within these fifteen seconds. */
export const PATIENCE: Patience = { tries: 8, pauseMs: 200 };

/** Room for a part whose size is known or not. */
class Landing {
  #bytes = new Uint8Array(new SharedArrayBuffer(0));
  length = 0;

  reserve(total: number): void {
    if (this.#bytes.length >= total) return;
    const larger = new Uint8Array(new SharedArrayBuffer(total));
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
  }

  append(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.#bytes.length) this.reserve(Math.max(this.length + chunk.length, this.#bytes.length * 2));
    this.#bytes.set(chunk, this.length);
    this.length += chunk.length;
  }

  /** The bytes on a buffer of exactly their size: columns are views of it from its first byte to its last. */
  bytes(): Uint8Array<SharedArrayBuffer> {
    if (this.#bytes.length === this.length) return this.#bytes;
    const exact = new Uint8Array(new SharedArrayBuffer(this.length));
    exact.set(this.#bytes.subarray(0, this.length));
    return exact;
  }
}

/**
 * Brings one part, verified. A transfer that breaks off goes on where it stopped, as long as tries bring something; what came with another hash is fetched once more from its beginning,
 * because it may have been joined from two halves.
 */
export const download = async (
  lake: Pick<RemoteLake, 'url' | 'transfer'>,
  hash: string,
  {
    draft,
    signal,
    patience = PATIENCE,
  }: { readonly draft?: Draft; readonly signal?: AbortSignal | undefined; readonly patience?: Patience } = {},
): Promise<Uint8Array<SharedArrayBuffer>> => {
  let landing = new Landing();
  let digest: Hash = createHash('sha256');
  let isJoined = false;
  const take = (bytes: Uint8Array): void => {
    landing.append(bytes);
    digest.update(bytes);
  };
  const restart = async (): Promise<void> => {
    landing = new Landing();
    digest = createHash('sha256');
    isJoined = false;
    await draft?.clear();
  };
  if (draft !== undefined && draft.begun.length > 0) {
    take(draft.begun);
    isJoined = true;
  }
  for (let idle = 0; ;) {
    signal?.throwIfAborted();
    const before = landing.length;
    let why: string;
    try {
      const { from, total, chunks } = await lake.transfer(hash, before, signal);
      if (from !== before) await restart();
      if (total !== null) landing.reserve(total);
      for await (const chunk of chunks) {
        take(chunk);
        await draft?.append(chunk);
      }
      if (total !== null && landing.length < total) throw new Error(`it ended after ${landing.length} of ${total} bytes`);
      if (digest.digest('hex') === hash) return landing.bytes();
      const wasJoined = isJoined;
      await restart();
      if (!wasJoined) throw lakeCorrupt(lake.url, hash);
      continue;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UserError) throw error;
      why = messageOf(error);
    }
    if (landing.length > before) {
      idle = 0;
      isJoined = true;
    }
    idle += 1;
    if (idle >= patience.tries) throw lakeUnreachable(lake.url, why);
    await pause(Math.min(patience.pauseMs * 2 ** (idle - 1), 5_000), undefined, signal ? { signal } : {});
  }
};
