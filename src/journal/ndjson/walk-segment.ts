import { isAscii } from 'node:buffer';
import type { Fact } from '../../events/fact.js';
import { factOf } from '../fact-line.js';
import type { ChainCursor } from './chain-position.js';
import { JournalDamage } from './journal-damage.js';
import { COMMIT_MARK, commitHead, commitTail, headerLine, sealOf, SEAL_BYTES, segmentName } from './line-format.js';

/** Looks at a fact on its way: a text says what is wrong with it. */
export type Inspection = (fact: Fact) => string | null;

/** How a commit line begins. */
const COMMIT = COMMIT_MARK.slice(1);

/** Byte at which the line `index` (from 0) behind `from` begins. */
export const lineByte = (bytes: Buffer, from: number, index: number): number => {
  let at = from;
  for (let i = 0; i < index; i++) at = bytes.indexOf(10, at) + 1;
  return at;
};

/** `seq` counts within a stream: the facts of a strategy, or of the account itself. */
export const takeSeq = (next: Map<string, number>, { strategy, seq }: Fact): string | null => {
  const due = next.get(strategy) ?? 0;
  if (seq !== due) return `fact ${seq} of ${strategy === '' ? 'the account' : strategy} stands where ${due} is due`;
  next.set(strategy, due + 1);
  return null;
};

/**
 * Moves the cursor over the whole and true commits of one segment and shows their facts. Stops, without an error, before the first bytes that are not one: what they are is another question.
 * Throws `JournalDamage` for facts in a wrong order.
 */
export const walkSegment = (bytes: Buffer, cursor: ChainCursor, account: string, inspect: Inspection): void => {
  // One character a byte, so that a place in the text is a place in the file, and a piece of it is a view and no copy: a year's recovery reads half a million commits.
  const text = bytes.toString('latin1');
  const isPlain = isAscii(bytes);
  const read = (from: number, to: number): string => (isPlain ? text.slice(from, to) : bytes.toString('utf8', from, to));
  /** Where the lines of the commit end. */
  const ends: number[] = [];
  for (;;) {
    const start = cursor.byte;
    let at = start;
    ends.length = 0;
    do {
      const end = text.indexOf('\n', at);
      if (end < 0) return;
      ends.push(end);
      at = end + 1;
    } while (!text.startsWith(COMMIT, at));
    const end = text.indexOf('\n', at) + 1;
    if (end === 0) return;
    const first = start === 0 ? 1 : 0;
    if (first === 1 && read(0, ends[0]!) !== headerLine(account, cursor)) return;
    const facts = ends.length - first;
    const head = commitHead(cursor.commit + 1, facts);
    const digits = at + head.length;
    if (end !== digits + SEAL_BYTES || text.slice(at, digits) !== head) return;
    const digest = sealOf(bytes.subarray(start === 0 ? 0 : start - SEAL_BYTES, digits));
    if (text.slice(digits, end) !== commitTail(digest)) return;

    for (let i = first; i < ends.length; i++) {
      const fact = factOf(read(i === 0 ? start : ends[i - 1]! + 1, ends[i]!));
      const fault = takeSeq(cursor.next, fact) ?? inspect(fact);
      if (fault !== null)
        throw new JournalDamage(
          { segment: segmentName(cursor.segment), line: cursor.line + i + 1, byte: lineByte(bytes, start, i) },
          fault,
        );
    }
    cursor.byte = end;
    cursor.line += ends.length + 1;
    cursor.commit++;
    cursor.facts += facts;
    cursor.hash = digest;
  }
};
