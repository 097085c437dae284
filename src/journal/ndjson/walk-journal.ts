import { usageError } from '../../errors.js';
import type { Disk } from '../disk.js';
import { cursorAt, START, type ChainCursor, type ChainPosition } from './chain-position.js';
import { JournalDamage } from './journal-damage.js';
import { commitTail, readHeader, SEAL_BYTES, segmentName, segmentNumber } from './line-format.js';
import { tornTail, type TornTail } from './torn-tail.js';
import { walkSegment, type Inspection } from './walk-segment.js';

/** Numbers of the segments in a folder, ascending. Throws `JournalDamage` when one is missing between them. */
const segmentsIn = async (disk: Disk, folder: string): Promise<readonly number[]> => {
  const numbers = (await disk.list(folder))
    .map(segmentNumber)
    .filter(n => !Number.isNaN(n))
    .sort((a, b) => a - b);
  numbers.forEach((n, i) => {
    if (n !== i + 1) throw new JournalDamage({ segment: segmentName(i + 1), line: 1, byte: 0 }, 'the file is missing');
  });
  return numbers;
};

/** The bytes of a segment. */
const segmentBytes = async (disk: Disk, folder: string, segment: number): Promise<Buffer> => {
  const bytes = await disk.read(`${folder}/${segmentName(segment)}`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** Whether a journal has this very commit at this very place: whoever folded everything before it may go on from there. */
export const holdsPosition = async (disk: Disk, folder: string, { segment, byte, hash }: ChainPosition): Promise<boolean> => {
  if (hash === START.hash) return true;
  if (!(await disk.list(folder)).includes(segmentName(segment)) || byte < SEAL_BYTES) return false;
  const bytes = await segmentBytes(disk, folder, segment);
  return bytes.toString('latin1', byte - SEAL_BYTES, byte) === commitTail(hash);
};

const linesIn = (bytes: Buffer): number => {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
};

export interface WalkOptions {
  /** Whose journal it must be; anybody's when left out. */
  readonly account?: string;
  /** Where to begin: behind a commit that the journal has (`holdsPosition`). What comes before is neither read nor checked. */
  readonly from?: ChainPosition;
  /** Where to end; at the last whole commit when left out. */
  readonly until?: ChainPosition;
  readonly inspect?: Inspection;
}

/** Where a walk ended. */
export interface Walked {
  readonly cursor: ChainCursor;
  readonly account: string;
  readonly torn: TornTail | null;
  /** Bytes of the last segment, its torn tail included; null when the journal has none. */
  readonly last: Buffer | null;
}

/** Walks a journal segment by segment: after each one it stops, so that whoever reads can go on with its facts before the next is read. Throws `JournalDamage`; writes nothing. */
export async function* walkJournal(
  disk: Disk,
  folder: string,
  { account: wanted, from = START, until, inspect = () => null }: WalkOptions,
): AsyncGenerator<number, Walked> {
  const segments = await segmentsIn(disk, folder);
  const cursor = cursorAt(from);
  let account = wanted ?? '';
  let torn: TornTail | null = null;
  let last: Buffer | null = null;
  const final = Math.min(until?.segment ?? segments.length, segments.length);
  /** The disk reads one segment while the one before is walked. */
  const read = (segment: number): Promise<Buffer> => {
    const bytes = segmentBytes(disk, folder, segment);
    // Whoever never comes to it never hears that it failed.
    bytes.catch(() => {});
    return bytes;
  };
  let ahead = from.segment <= final ? read(from.segment) : null;
  for (let segment = from.segment; ahead !== null; segment++) {
    if (segment !== cursor.segment) Object.assign(cursor, { segment, byte: 0, line: 0 });
    const bytes: Buffer = await ahead;
    ahead = segment < final ? read(segment + 1) : null;
    last = segment === until?.segment ? bytes.subarray(0, until.byte) : bytes;
    const end = last.indexOf(10);
    const header = end < 0 ? null : readHeader(last.toString('utf8', 0, end));
    if (wanted === undefined) account = header?.account ?? account;
    else if (cursor.byte === 0 && header !== null && header.account !== wanted)
      throw usageError(
        'journal-account',
        `${segmentName(segment)} in ${folder} is of the journal of account "${header.account}", not of "${wanted}".`,
        'Give each account a folder of its own.',
      );
    if (cursor.byte > 0) cursor.line = linesIn(last.subarray(0, cursor.byte));
    walkSegment(last, cursor, account, inspect);
    torn = tornTail(last, cursor, account, segment === segments.length);
    yield segment;
  }
  return { cursor, account, torn, last };
}
