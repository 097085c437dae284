import { isFactLine } from '../fact-line.js';
import type { ChainCursor } from './chain-position.js';
import { JournalDamage } from './journal-damage.js';
import { COMMIT_MARK, commitHead, commitTail, headerLine, readHeader, sealOf, SEAL_BYTES, segmentName } from './line-format.js';
import { lineByte } from './walk-segment.js';

/** What a crash left of a commit that nobody was told of. */
export interface TornTail {
  readonly bytes: number;
  /** Whole facts among them. */
  readonly facts: number;
}

/** Fewer zeros in a row may be flipped bits; a hole is a sector, or the end of the file. */
const HOLE = Buffer.alloc(8);

/** A file system may have grown the file before it wrote the data: the rest reads as zeros, which no line holds. */
const hasHole = (rest: Buffer): boolean => rest[rest.length - 1] === 0 || rest.includes(HOLE);

/**
 * What stands behind the last whole commit of a journal. Only one commit is ever under way, and its append was never answered: when the bytes are the beginning of one they are torn, and may be
 * cut. Bytes that no broken-off write leaves, so that a commit which was answered may be among them, are damage: throws `JournalDamage`. Null when nothing is there.
 */
export const tornTail = (bytes: Buffer, cursor: ChainCursor, account: string, isLast: boolean): TornTail | null => {
  const start = cursor.byte;
  const rest = bytes.subarray(start);
  if (rest.length === 0) return null;
  const damage = (index: number, fault: string): JournalDamage =>
    new JournalDamage({ segment: segmentName(cursor.segment), line: cursor.line + index + 1, byte: lineByte(bytes, start, index) }, fault);

  const mark = bytes.indexOf(COMMIT_MARK, start);
  const lines = bytes.toString('utf8', start, mark < 0 ? undefined : mark).split('\n');
  // Without a commit line the last piece is not a whole line.
  const whole = mark < 0 ? lines.slice(0, -1) : lines;
  const header = start === 0 ? headerLine(account, cursor) : null;
  const first = header === null ? 0 : 1;
  const torn = { bytes: rest.length, facts: Math.max(0, whole.length - first) };
  if (isLast && hasHole(rest) && (mark < 0 || bytes.indexOf(COMMIT_MARK, mark + 1) < 0)) return torn;

  if (header !== null && whole.length > 0 && whole[0] !== header) {
    const read = readHeader(whole[0]!);
    if (read?.newer === true) throw damage(0, 'a newer release wrote it');
    throw damage(0, read === null ? 'the header cannot be read' : 'the header does not go on where the journal before it ended');
  }
  const wrong = whole.findIndex((line, i) => i >= first && !isFactLine(line));
  if (wrong >= 0) throw damage(wrong, 'the line is no fact and no commit');
  if (mark >= 0) {
    const head = commitHead(cursor.commit + 1, whole.length - first);
    const hashed = Buffer.concat([bytes.subarray(start === 0 ? 0 : start - SEAL_BYTES, mark + 1), Buffer.from(head)]);
    const due = `${head}${commitTail(sealOf(hashed))}`;
    const found = bytes.toString('latin1', mark + 1);
    if (!due.startsWith(found) || found.length === due.length)
      throw damage(0, `from here to the line of commit ${cursor.commit + 1} the hash is not the one that was written`);
  }
  if (!isLast) throw damage(0, 'the segment breaks off, and another one follows it');
  return torn;
};
