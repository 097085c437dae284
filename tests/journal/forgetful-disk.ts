import type { Disk } from '../../src/journal/disk.js';
import type { Random } from '../../src/random.js';

interface Stored {
  bytes: number[];
  /** Bytes that survive a crash. */
  durable: number;
  /** A sync failed: later ones say nothing about what was written before. */
  lost: number;
}

export type Operation = 'write' | 'sync' | 'append' | 'publish' | 'read';

/** A disk in memory that forgets what was not synced. */
export interface ForgetfulDisk extends Disk {
  readonly files: Map<string, Stored>;
  /** How often each operation was asked for. */
  readonly asked: Record<Operation, number>;
  /** Decides what becomes of each operation but reading: `dead` never answers again, a text is the code of a failure. */
  fate: (operation: Operation) => 'fine' | 'dead' | string;
  /** Power was lost: some of what was not synced is there, the last of it perhaps as zeros. */
  crash(random: Random): void;
  /** The same content on another disk. */
  copy(): ForgetfulDisk;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export const forgetfulDisk = (files = new Map<string, Stored>()): ForgetfulDisk => {
  const operate = async <T>(operation: Operation, act: (failed: boolean) => T): Promise<T> => {
    disk.asked[operation]++;
    // As on a real disk the answer is not there at once.
    await Promise.resolve();
    const fate = disk.fate(operation);
    if (fate === 'dead') return never();
    const answer = act(fate !== 'fine');
    if (fate !== 'fine') throw Object.assign(new Error(`${fate}: ${operation}`), { code: fate });
    return answer;
  };
  const disk: ForgetfulDisk = {
    files,
    asked: { write: 0, sync: 0, append: 0, publish: 0, read: 0 },
    fate: () => 'fine',
    list: folder =>
      Promise.resolve(
        [...files.keys()]
          .filter(path => path.startsWith(`${folder}/`))
          .map(path => path.slice(folder.length + 1))
          .sort(),
      ),
    read: path => {
      disk.asked.read++;
      const file = files.get(path);
      return file === undefined ? Promise.reject(new Error(`ENOENT: ${path}`)) : Promise.resolve(Uint8Array.from(file.bytes));
    },
    readNow: path => Uint8Array.from(files.get(path)?.bytes ?? []),
    append: path =>
      operate('append', failed => {
        const file = files.get(path) ?? { bytes: [], durable: 0, lost: 0 };
        if (!failed) files.set(path, file);
        return {
          write: bytes =>
            operate('write', refused => {
              for (const byte of refused ? bytes.subarray(0, bytes.length >> 1) : bytes) file.bytes.push(byte);
            }),
          sync: () => {
            const upTo = file.bytes.length;
            return operate('sync', refused => {
              if (refused) file.lost = upTo;
              else if (file.lost === 0) file.durable = upTo;
            });
          },
          close: () => Promise.resolve(),
        };
      }),
    truncate: (path, length) => {
      files.get(path)?.bytes.splice(length);
      return Promise.resolve();
    },
    publish: (path, bytes) =>
      operate('publish', failed => {
        if (!failed) files.set(path, { bytes: [...bytes], durable: bytes.length, lost: 0 });
      }),
    rename: (from, to) => {
      const file = files.get(from);
      if (file) files.set(to, file);
      files.delete(from);
      return Promise.resolve();
    },
    crash: random => {
      for (const file of files.values()) {
        const loose = file.bytes.length - file.durable;
        const kept = file.lost > 0 ? 0 : random.int(loose + 1);
        file.bytes.splice(file.durable + kept);
        if (kept > 0 && kept < loose && random.next() < 0.3) file.bytes.fill(0, file.durable + kept - 1 - random.int(kept));
        Object.assign(file, { durable: file.bytes.length, lost: 0 });
      }
    },
    copy: () => forgetfulDisk(new Map([...files].map(([path, file]) => [path, { ...file, bytes: [...file.bytes] }]))),
  };
  return disk;
};
