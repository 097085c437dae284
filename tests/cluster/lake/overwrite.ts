import { open } from 'node:fs/promises';

/** Changes bytes of a file in place, as a bad disk does. */
export const overwrite = async (path: string, at: number, bytes: Uint8Array): Promise<void> => {
  const handle = await open(path, 'r+');
  try {
    await handle.write(bytes, 0, bytes.length, at);
  } finally {
    await handle.close();
  }
};
