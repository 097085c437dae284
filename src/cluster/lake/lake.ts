/**
 * Where bytes lie by the SHA-256 of their content: a folder that all machines see, or an HTTP server. What is fetched has been verified; what is put twice is kept once.
 * Layout, for any static file server: `<url>/<first two digits>/<hash>`.
 */
export interface Lake {
  /** As a worker is told it: an absolute folder, or `http://…`, `https://…`. */
  readonly url: string;
  has(hash: string): Promise<boolean>;
  /** Durable when it resolves. `hash` is the SHA-256 of `bytes` in lower-case hexadecimal. */
  put(hash: string, bytes: Uint8Array): Promise<void>;
  /**
   * The bytes, on a SharedArrayBuffer that threads read without a copy. A transfer that broke off goes on where it stopped. Rejects with a UserError `not-in-lake` when the lake does not
   * have it, `lake-unreachable` when nothing answers in time, `lake-corrupt` when what came has another hash.
   */
  get(hash: string, signal?: AbortSignal): Promise<Uint8Array<SharedArrayBuffer>>;
}
