import { createWriteStream, existsSync, openSync, renameSync, rmSync, statSync, type WriteStream } from 'node:fs';

/** A text file that is written at its end and begun anew at a size. */
export interface RollingLog {
  /** One line with its line break. Never throws, never waits: what a disk does not take is dropped and counted. */
  write(line: string): void;
  /** Lines that were dropped. */
  readonly dropped: number;
  close(): Promise<void>;
}

export interface RollingOptions {
  /** Size at which the file is put aside as `<path>.1`, and `.1` as `.2`. */
  readonly maxBytes?: number;
  /** Files put aside that are kept. */
  readonly keep?: number;
}

/** Bytes that may wait for the disk. */
const WAITING = 8 << 20;

const rotate = (path: string, keep: number): void => {
  rmSync(`${path}.${keep}`, { force: true });
  for (let i = keep - 1; i >= 1; i--) if (existsSync(`${path}.${i}`)) renameSync(`${path}.${i}`, `${path}.${i + 1}`);
  if (existsSync(path)) renameSync(path, `${path}.1`);
};

/** Opens a log of lines. A log must never end what it is about: a full disk costs lines. */
export const rollingLog = (path: string, { maxBytes = 16 << 20, keep = 5 }: RollingOptions = {}): RollingLog => {
  let dropped = 0;
  /** Null while the file cannot be opened. It is open when this returns: a name that changes afterwards changes nothing. */
  const opened = (): WriteStream | null => {
    try {
      // For its owner alone: what is traded is nobody else's business.
      const made = createWriteStream(path, { fd: openSync(path, 'a', 0o600) });
      made.on('error', () => {
        dropped++;
      });
      return made;
    } catch {
      return null;
    }
  };
  let size = existsSync(path) ? statSync(path).size : 0;
  let stream = opened();
  const closing = new Set<Promise<void>>();
  const end = (old: WriteStream | null): void => {
    if (old === null || old.destroyed) return;
    const closed: Promise<void> = new Promise<void>(resolve => {
      old.once('close', () => resolve());
      old.end();
    }).finally(() => closing.delete(closed));
    closing.add(closed);
  };
  const next = (): void => {
    try {
      // The open stream goes on writing to the file that now has the other name.
      rotate(path, keep);
    } catch {
      return;
    }
    end(stream);
    stream = opened();
    size = 0;
  };
  return {
    write: line => {
      if (stream === null || stream.destroyed) stream = opened();
      if (stream === null || stream.writableLength > WAITING) {
        dropped++;
        return;
      }
      const bytes = Buffer.byteLength(line);
      if (size > 0 && size + bytes > maxBytes) next();
      size += bytes;
      stream?.write(line);
    },
    get dropped() {
      return dropped;
    },
    close: async () => {
      end(stream);
      stream = null;
      await Promise.all(closing);
    },
  };
};
