import type { Fact } from '../../events/fact.js';
import { factOf } from '../fact-line.js';
import type { ChainCursor } from './chain-position.js';
import { JournalDamage } from './journal-damage.js';
import { COMMIT_MARK, commitHead, commitTail, headerLine, sealOf, SEAL_BYTES, segmentName } from './line-format.js';

/** Looks at a fact on its way: a text says what is wrong with it. */
export type Inspection = (fact: Fact) => string | null;

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
  for (;;) {
    const start = cursor.byte;
    const mark = bytes.indexOf(COMMIT_MARK, start);
    if (mark < 0) return;
    const end = bytes.indexOf(10, mark + 1) + 1;
    if (end === 0) return;
    const lines = bytes.toString('utf8', start, mark).split('\n');
    const first = start === 0 ? 1 : 0;
    if (first === 1 && lines[0] !== headerLine(account, cursor)) return;
    const facts = lines.length - first;
    const head = commitHead(cursor.commit + 1, facts);
    const digits = mark + 1 + head.length;
    if (bytes.toString('latin1', mark + 1, digits) !== head) return;
    const digest = sealOf(bytes.subarray(start === 0 ? 0 : start - SEAL_BYTES, digits));
    if (bytes.toString('latin1', digits, end) !== commitTail(digest)) return;

    for (let i = first; i < lines.length; i++) {
      const fact = factOf(lines[i]!);
      const fault = takeSeq(cursor.next, fact) ?? inspect(fact);
      if (fault !== null)
        throw new JournalDamage(
          { segment: segmentName(cursor.segment), line: cursor.line + i + 1, byte: lineByte(bytes, start, i) },
          fault,
        );
    }
    cursor.byte = end;
    cursor.line += lines.length + 1;
    cursor.commit++;
    cursor.facts += facts;
    cursor.hash = digest;
  }
};
