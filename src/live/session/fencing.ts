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
}

export const fencing = (disk: Disk, folder: string): Fencing => {
  const path = `${folder}/${FILE}`;
  let wasTaken = false;
  return {
    take: async epoch => {
      await disk.publish(path, Buffer.from(`${epoch}\n`));
      wasTaken = true;
    },
    owner: async () => {
      // Each order waits for this: once it is there, that it is gone is a failure and no answer.
      if (!wasTaken && !(await disk.list(folder)).includes(FILE)) return 0;
      const bytes = disk.readNow === undefined ? await disk.read(path) : disk.readNow(path);
      const owner = Number(Buffer.from(bytes).toString('utf8'));
      if (!Number.isSafeInteger(owner)) throw new Error(`${path} holds no epoch`);
      return owner;
    },
  };
};
