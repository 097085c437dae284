import type { Disk } from '../../journal/disk.js';

const FILE = 'epoch';

/**
 * The fencing token of an account: the epoch of the session that owns it, in a file. A session that was stopped for a while and goes on reads a higher number than its own there, and sends nothing any more.
 */
export interface Fencing {
  /** Take the account over in the name of this epoch. */
  take(epoch: number): Promise<void>;
  /** The epoch that owns the account now; 0 before the first. */
  owner(): Promise<number>;
  /** The same at once, of an account that was taken: asked as each order leaves. Throws where it cannot be read. */
  ownerNow(): number;
}

export const fencing = (disk: Disk, folder: string): Fencing => {
  const path = `${folder}/${FILE}`;
  const ownerNow = (): number => {
    const owner = Number(Buffer.from(disk.readNow(path)).toString('utf8'));
    if (!Number.isSafeInteger(owner)) throw new Error(`${path} holds no epoch`);
    return owner;
  };
  return {
    take: epoch => disk.publish(path, Buffer.from(`${epoch}\n`)),
    owner: async () => ((await disk.list(folder)).includes(FILE) ? ownerNow() : 0),
    ownerNow,
  };
};
