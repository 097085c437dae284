import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.js';
import type { Fact } from '../../events/fact.js';
import { cursorAt, START, type ChainCursor } from '../../journal/ndjson/chain-position.js';
import { COMMIT_MARK, commitTail, headerLine, readHeader, SEAL_BYTES, segmentName } from '../../journal/ndjson/line-format.js';
import { walkSegment } from '../../journal/ndjson/walk-segment.js';
import type { FactPlace } from './fact-index.js';

/** Who is told what a journal holds. */
export interface TailSink {
  /** Facts of one whole commit, or of several, in the order of the journal. */
  take(facts: readonly { readonly fact: Fact; readonly place: FactPlace }[], ends: readonly number[]): void;
  /** The journal is another one than the one that was read: what was taken belongs to nothing. It is read again from the beginning. */
  reset(code: string): void;
}

/** Follows the journal of an account that another process writes. It reads, and never writes; every commit is checked by its hash before its facts count. */
export interface JournalTail {
  /** Reads what is new. Calls while one is under way share the next. */
  refresh(): Promise<void>;
  /** Why nothing more can be read, or null: bytes that are not what was written. */
  readonly failure: string | null;
}

const COMMIT = COMMIT_MARK.slice(1);

/** Where the fact lines of whole commits lie between two bytes of a buffer, and after how many of them each commit ends. */
const linesOf = (
  bytes: Buffer,
  from: number,
  to: number,
): { readonly lines: { readonly byte: number; readonly bytes: number }[]; readonly ends: number[] } => {
  const lines: { byte: number; bytes: number }[] = [];
  const ends: number[] = [];
  for (let at = from; at < to;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) break;
    const isCommit = bytes.toString('latin1', at, Math.min(end, at + COMMIT.length)) === COMMIT;
    if (isCommit) ends.push(lines.length);
    else lines.push({ byte: at, bytes: end - at });
    at = end + 1;
  }
  return { lines, ends };
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const readAll = async (file: FileHandle, from: number, to: number): Promise<Buffer> => {
  const bytes = Buffer.allocUnsafe(Math.max(0, to - from));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
};

/** A tail at the beginning of the journal in `folder`, which need not be there yet. */
export const journalTail = (folder: string, account: string, sink: TailSink): JournalTail => {
  let cursor: ChainCursor = cursorAt(START);
  /** What the segment's file was when it was last read to its end. */
  let seen = '';
  let failure: string | null = null;
  let running: Promise<void> | null = null;
  let waiting: Promise<void> | null = null;

  const reset = (code: string): void => {
    cursor = cursorAt(START);
    seen = '';
    failure = null;
    sink.reset(code);
  };

  /** Reads on in the cursor's segment; says whether it may be asked for more. */
  const readSegment = async (): Promise<'more' | 'end' | 'reset'> => {
    let file: FileHandle;
    try {
      file = await open(join(folder, segmentName(cursor.segment)), 'r');
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (cursor.commit === 0) return 'end';
      reset('gone');
      return 'reset';
    }
    try {
      // First: a segment that has a successor is whole, and its size is final from here on.
      const isLast = await stat(join(folder, segmentName(cursor.segment + 1))).then(
        () => false,
        () => true,
      );
      const { size, ino, mtimeMs } = await file.stat();
      const now = `${ino} ${mtimeMs} ${size}`;
      if (now === seen && isLast) return 'end';
      const lead = Math.min(SEAL_BYTES, cursor.byte);
      const base = cursor.byte - lead;
      const bytes = size < cursor.byte ? Buffer.alloc(0) : await readAll(file, base, size);
      if (lead > 0 && bytes.toString('latin1', 0, lead) !== commitTail(cursor.hash)) {
        reset('replaced');
        return 'reset';
      }
      const local: ChainCursor = { ...cursor, byte: lead, line: 0, next: new Map(cursor.next) };
      let skipped = 0;
      if (cursor.byte === 0 && bytes.length > 0) {
        const end = bytes.indexOf(10);
        if (end < 0) return 'end';
        const header = bytes.toString('utf8', 0, end);
        if (header !== headerLine(account, local)) {
          const read = readHeader(header);
          if (cursor.commit > 0 && read !== null) {
            reset('replaced');
            return 'reset';
          }
          failure = `${segmentName(cursor.segment)} does not begin as a journal of account ${account}`;
          return 'end';
        }
        skipped = end + 1;
      }
      const facts: Fact[] = [];
      walkSegment(bytes, local, account, fact => {
        facts.push(fact);
        return null;
      });
      if (local.byte > lead) {
        const { lines, ends } = linesOf(bytes, Math.max(lead, skipped), local.byte);
        const { segment } = cursor;
        cursor = { ...local, byte: base + local.byte };
        sink.take(
          facts.map((fact, i) => ({ fact, place: { segment, byte: base + lines[i]!.byte, bytes: lines[i]!.bytes } })),
          ends,
        );
      }
      const mark = bytes.indexOf(COMMIT_MARK, local.byte);
      // A commit that is all there and is not accepted will never be, nor will what breaks off before another segment.
      const isDamaged = (mark >= 0 && bytes.indexOf(10, mark + 1) >= 0) || (!isLast && local.byte < bytes.length);
      failure = isDamaged ? `${segmentName(cursor.segment)} is not what was written, from byte ${cursor.byte} on` : null;
      seen = now;
      if (isLast || isDamaged || cursor.byte === 0) return 'end';
      cursor = { ...cursor, segment: cursor.segment + 1, byte: 0, line: 0 };
      seen = '';
      return 'more';
    } finally {
      await file.close();
    }
  };
  const read = async (): Promise<void> => {
    try {
      for (let resets = 0; ;) {
        const step = await readSegment();
        if (step === 'reset') resets++;
        if (step === 'end' || resets > 2) return;
      }
    } catch (error) {
      failure = messageOf(error);
    }
  };
  const refresh = (): Promise<void> => {
    if (running === null) {
      running = read().finally(() => (running = null));
      return running;
    }
    // What is under way may have looked too early.
    waiting ??= running.then(() => {
      waiting = null;
      return refresh();
    });
    return waiting;
  };
  return {
    refresh,
    get failure() {
      return failure;
    },
  };
};
