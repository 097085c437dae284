import type { Lake } from './lake.js';

/** Bytes of one part on their way. */
export interface Transfer {
  /** First byte that comes: what was asked for, or 0 from a source that cannot begin in the middle. */
  readonly from: number;
  /** Size of the whole part; null where the source does not say. */
  readonly total: number | null;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A lake that can begin in the middle of a part, so that what broke off goes on. */
export interface RemoteLake extends Lake {
  /**
   * The bytes of a part from `from` on, not verified. Rejects as `get` does when the lake says no; anything else that it rejects with, or that the chunks
   * break off with, may be tried again.
   */
  transfer(hash: string, from: number, signal?: AbortSignal): Promise<Transfer>;
}
