import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

const HASH = /^[0-9a-f]{64}$/;

/** Whether a text is a SHA-256 as the lake writes it: 64 lower-case hexadecimal digits, and so no path that leads elsewhere. */
export const isHash = (text: string): boolean => HASH.test(text);

/** Where a part lies within a lake or a cache, by forward slashes. Throws a RangeError for what is no hash: it comes from documents that others wrote, and might be a path that leads elsewhere. */
export const partPath = (hash: string): string => {
  if (!isHash(hash)) throw new RangeError('a part of a lake is named by a SHA-256, 64 lower-case hexadecimal digits');
  return `${hash.slice(0, 2)}/${hash}`;
};

/** A quarter of a second of hashing would keep a server or a heartbeat waiting; this is some ten milliseconds. */
const AT_ONCE = 16 * 1024 * 1024;

/** SHA-256 of bytes, lower-case hexadecimal. Other work of the thread gets its turn between. */
export const hashOf = async (bytes: Uint8Array): Promise<string> => {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    if (at > 0) await turn();
    hash.update(bytes.subarray(at, at + AT_ONCE));
  }
  return hash.digest('hex');
};
