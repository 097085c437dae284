import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of text or bytes, hex. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** SHA-256 of a file's bytes, hex; null where there is no such file. `onBytes` is told how many more were read. */
export const fileHash = async (path: string, onBytes?: (bytes: number) => void): Promise<string | null> => {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), async source => {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        hash.update(chunk);
        onBytes?.(chunk.length);
      }
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
  return hash.digest('hex');
};
