import { join, relative } from 'node:path';
import { openDataset, type Dataset } from '../../datasets/catalogue.js';
import { UserError } from '../../errors.js';
import { fileHash } from './file-hash.js';
import type { PinFault } from './pin-fault.js';
import type { Pins } from './pins.js';

/** Files that are read at a time. */
const AT_ONCE = 4;

const opened = async (root: string, name: string): Promise<Dataset | string> => {
  try {
    return await openDataset(root, name);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
};

/**
 * Whether the dataset version that the evidence was computed on is there, byte by byte: its manifest and every part of it. A newer version beside it is no fault, unless it cannot be read.
 */
export const checkDataset = async (
  { id, version }: Pins['dataset'],
  root: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<readonly PinFault[]> => {
  const name = `${id}@${version.slice(0, 12)}`;
  const pinned = await opened(root, `${id}@${version}`);
  if (typeof pinned === 'string') return [{ pin: 'dataset', name, text: pinned }];
  const faults: PinFault[] = [];
  const newest = await opened(root, id);
  if (typeof newest === 'string') faults.push({ pin: 'dataset', name: id, text: newest });
  const files = [...new Map(pinned.entries.flatMap(({ files: parts }) => parts).map(part => [part.path, part])).values()];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  let next = 0;
  const found: (PinFault | null)[] = files.map(() => null);
  const work = async (): Promise<void> => {
    while (next < files.length) {
      const k = next++;
      const { path, sha256 } = files[k]!;
      const own = join(pinned.folder, path);
      const now = await fileHash(own, bytes => onProgress((done += bytes), total));
      if (now === sha256) continue;
      const shown = relative(root, own).startsWith('..') ? own : relative(root, own);
      found[k] = {
        pin: 'dataset',
        name: shown,
        text: now === null ? `${shown} of dataset ${name} is gone.` : `The bytes of ${shown} differ from what dataset ${name} says of it.`,
      };
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, work));
  return [...faults, ...found.filter(fault => fault !== null)];
};
