import type { Disk, DiskFile } from '../../journal/disk.js';
import type { Random } from '../../random.js';
import { never, type Life } from './life.js';
import type { Tally } from './tally.js';
import type { VirtualTime } from './virtual-time.js';

export type DiskOperation = 'write' | 'sync' | 'append' | 'truncate' | 'publish' | 'rename' | 'read' | 'list';

/** A fault of the disk, from `after` more operations of that kind on and for `times` of them. */
export interface DiskFault {
  readonly operation: DiskOperation;
  readonly code: 'ENOSPC' | 'EIO' | 'EROFS';
  readonly after?: number;
  readonly times?: number;
}

/** A disk that outlives the processes that write to it, and forgets what they did not sync. */
export interface SimulatedDisk {
  /** The disk as one process has it. */
  mount(life: Life): Disk;
  /** The machine lost power or the process was killed: each file keeps what was synced and, by chance, some of what was not; the rest is gone or torn. */
  crash(): void;
  fault(fault: DiskFault): void;
  heal(): void;
  /** Turns one bit of what is stored. */
  flip(path: string, byte: number, bit: number): void;
  /** Bytes of a file, the part that is not synced included; empty when there is none. */
  bytes(path: string): Uint8Array;
  /** The part of a file that no crash can take: a view, good until the next operation. */
  durable(path: string): Uint8Array;
  /** Paths, ascending. */
  paths(): readonly string[];
}

export interface SimulatedDiskOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly tally: Tally;
  /** Ms that a sync takes. */
  readonly syncMs: number;
}

interface StoredFile {
  content: Uint8Array;
  length: number;
  /** Bytes from the start that a crash cannot take. */
  durable: number;
  /** A sync failed: the kernel has dropped the dirty pages, and a later sync that succeeds says nothing about them (Rebello et al., "Can Applications Recover from fsync Failures?", 2020). */
  lost: boolean;
}

class DiskError extends Error {
  constructor(
    readonly code: string,
    operation: DiskOperation,
    path: string,
  ) {
    super(`${code}: ${operation} '${path}'`);
  }
}

export const simulatedDisk = ({ time, random, tally, syncMs }: SimulatedDiskOptions): SimulatedDisk => {
  const files = new Map<string, StoredFile>();
  let faults: { operation: DiskOperation; code: DiskFault['code']; after: number; times: number }[] = [];
  const chance = random.fork('disk');

  const clean = (path: string): string => path.replace(/^\.?\/+/, '').replace(/\/+/g, '/');
  const failure = (operation: DiskOperation, path: string): DiskError | null => {
    for (const fault of faults) {
      if (fault.operation !== operation) continue;
      if (fault.after > 0) {
        fault.after--;
        continue;
      }
      if (fault.times <= 0) continue;
      fault.times--;
      tally.count(`disk:${operation}:${fault.code}`);
      return new DiskError(fault.code, operation, path);
    }
    return null;
  };
  const extend = (file: StoredFile, bytes: Uint8Array): void => {
    const length = file.length + bytes.length;
    if (length > file.content.length) {
      const grown = new Uint8Array(Math.max(length, 2 * file.content.length, 4096));
      grown.set(file.content.subarray(0, file.length));
      file.content = grown;
    }
    file.content.set(bytes, file.length);
    file.length = length;
  };
  const stored = (path: string, operation: DiskOperation): StoredFile => {
    const file = files.get(path);
    if (file === undefined) throw Object.assign(new Error(`ENOENT: ${operation} '${path}'`), { code: 'ENOENT' });
    return file;
  };

  const mount = (life: Life): Disk => {
    /** One operation of this process: it may be killed before, after, or fail. */
    const operate = <T>(operation: DiskOperation, path: string, act: (failed: DiskError | null) => T): Promise<T> => {
      if (!life.pass(`disk:${operation}`)) return never();
      let answer: Promise<T>;
      try {
        const failed = failure(operation, path);
        answer = Promise.resolve(act(failed));
        if (failed !== null) answer = Promise.reject(failed);
      } catch (error) {
        answer = Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
      // Nobody waits for a rejection that a dead process will never see.
      answer.catch(() => undefined);
      return life.pass(`disk:${operation}:done`) ? answer : never();
    };
    const open = (path: string, file: StoredFile): DiskFile => ({
      write: bytes =>
        operate('write', path, failed => {
          // A full disk takes a part.
          if (failed === null) extend(file, bytes);
          else if (failed.code === 'ENOSPC') extend(file, bytes.subarray(0, chance.int(bytes.length)));
        }),
      sync: () => {
        if (!life.pass('disk:sync')) return never();
        const upTo = file.length;
        return new Promise((resolve, reject) => {
          time.at(time.now + syncMs, () => {
            if (!life.alive) return;
            const failed = failure('sync', path);
            if (failed === null) {
              // Never beyond what is left of it, should somebody have cut it meanwhile.
              if (!file.lost) file.durable = Math.max(file.durable, Math.min(upTo, file.length));
            } else file.lost = true;
            if (life.pass('disk:sync:done')) life.deliver(time.now, failed === null ? resolve : () => reject(failed));
          });
        });
      },
      close: () => Promise.resolve(),
    });
    return {
      list: folder =>
        operate('list', folder, () => {
          const base = `${clean(folder).replace(/\/$/, '')}/`;
          const names = new Set<string>();
          for (const path of files.keys()) if (path.startsWith(base)) names.add(path.slice(base.length).split('/')[0] as string);
          return [...names].toSorted((a, b) => (a < b ? -1 : 1));
        }),
      read: name =>
        operate('read', name, () => {
          const file = stored(clean(name), 'read');
          return file.content.slice(0, file.length);
        }),
      readNow: name => {
        const path = clean(name);
        if (!life.pass('disk:read')) throw new Error('the process is dead');
        const failed = failure('read', path);
        if (failed !== null) throw failed;
        const file = stored(path, 'read');
        return file.content.slice(0, file.length);
      },
      append: name =>
        operate('append', name, failed => {
          const path = clean(name);
          let file = files.get(path);
          if (file === undefined && failed === null) {
            file = { content: new Uint8Array(4096), length: 0, durable: 0, lost: false };
            files.set(path, file);
          }
          return open(path, file ?? { content: new Uint8Array(0), length: 0, durable: 0, lost: true });
        }),
      truncate: (name, length) =>
        operate('truncate', name, failed => {
          if (failed !== null) return;
          const file = stored(clean(name), 'truncate');
          file.length = Math.min(file.length, length);
          file.durable = Math.min(file.durable, length);
        }),
      publish: (name, bytes) =>
        operate('publish', name, failed => {
          if (failed !== null) return;
          files.set(clean(name), { content: bytes.slice(), length: bytes.length, durable: bytes.length, lost: false });
        }),
      rename: (from, to) =>
        operate('rename', from, failed => {
          if (failed !== null) return;
          const file = stored(clean(from), 'rename');
          files.delete(clean(from));
          files.set(clean(to), file);
        }),
    };
  };

  return {
    mount,
    crash: () => {
      for (const path of [...files.keys()].toSorted((a, b) => (a < b ? -1 : 1))) {
        const file = files.get(path) as StoredFile;
        const loose = file.length - file.durable;
        if (loose > 0) {
          const kept = file.lost ? 0 : chance.int(loose + 1);
          tally.count(kept === loose ? 'disk:crash:kept' : kept === 0 ? 'disk:crash:lost' : 'disk:crash:torn');
          // A file system may have grown the file before it wrote the data: the tail reads as zeros.
          if (kept > 0 && kept < loose && chance.next() < 0.2) {
            tally.count('disk:crash:zeros');
            const zeros = 1 + chance.int(Math.min(kept, 512));
            file.content.fill(0, file.durable + kept - zeros, file.durable + kept);
          }
          file.length = file.durable + kept;
        }
        file.lost = false;
        file.durable = file.length;
      }
    },
    fault: ({ operation, code, after = 0, times = Infinity }) => {
      faults.push({ operation, code, after, times });
    },
    heal: () => {
      faults = [];
      for (const file of files.values()) file.lost = false;
    },
    flip: (path, byte, bit) => {
      const file = stored(clean(path), 'read');
      const at = byte < 0 ? file.length + byte : byte;
      file.content[at] = (file.content[at] as number) ^ (1 << bit);
      tally.count('disk:flip');
    },
    bytes: path => {
      const file = files.get(clean(path));
      return file === undefined ? new Uint8Array(0) : file.content.slice(0, file.length);
    },
    durable: path => {
      const file = files.get(clean(path));
      return file === undefined ? new Uint8Array(0) : file.content.subarray(0, file.durable);
    },
    paths: () => [...files.keys()].toSorted((a, b) => (a < b ? -1 : 1)),
  };
};
