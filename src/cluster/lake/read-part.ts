import { open, type FileHandle } from 'node:fs/promises';
import { touch } from './touch.js';

/** One read of the system takes at most two gigabytes. */
const AT_ONCE = 64 * 1024 * 1024;

const fill = async (handle: FileHandle, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<number> => {
  for (let at = 0; at < bytes.length;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, at, Math.min(AT_ONCE, bytes.length - at), at);
    if (bytesRead === 0) return at;
    at += bytesRead;
  }
  return bytes.length;
};

/** A whole file on a SharedArrayBuffer of its size, and the file marked as used. Not verified. Rejects as the file system does. */
export const readPart = async (path: string, signal?: AbortSignal): Promise<Uint8Array<SharedArrayBuffer>> => {
  const handle = await open(path, 'r');
  try {
    const stats = await handle.stat();
    const bytes = new Uint8Array(new SharedArrayBuffer(stats.size));
    const read = await fill(handle, bytes, signal);
    await touch(path, stats);
    return bytes.subarray(0, read);
  } finally {
    await handle.close();
  }
};
