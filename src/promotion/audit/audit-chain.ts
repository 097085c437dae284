import { createHash } from 'node:crypto';
import { canonicalJson } from '../../datasets/canonical-json.js';
import type { AuditRecord, AuditWord } from './audit-record.js';

/** The first record that is not as it was written. `seq` is the number that is due at its place, `line` counts from 1. */
export interface AuditFault {
  readonly seq: number;
  readonly line: number;
  readonly reason: string;
}

/** A place in the chain: what the next record follows. */
export interface ChainEnd {
  /** Of the last record; -1 before the first. */
  readonly seq: number;
  readonly hash: string;
}

/** Before the first record. */
export const ORIGIN: ChainEnd = { seq: -1, hash: '0'.repeat(64) };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The next line of the chain, with its line break. */
export const auditLine = (end: ChainEnd, at: number, actor: string, word: AuditWord): { readonly line: string; readonly end: ChainEnd } => {
  const content = { seq: end.seq + 1, at, actor, word, prev: end.hash };
  const hash = sha256(canonicalJson(content));
  return { line: `${canonicalJson({ ...content, hash })}\n`, end: { seq: content.seq, hash } };
};

const FIELDS = ['actor', 'at', 'hash', 'prev', 'seq', 'word'];

const isRecord = (value: unknown): value is AuditRecord => {
  if (typeof value !== 'object' || value === null || Object.keys(value).sort().join() !== FIELDS.join()) return false;
  const { seq, at, actor, word, prev, hash } = value as Record<string, unknown>;
  return (
    typeof seq === 'number' &&
    typeof at === 'number' &&
    typeof actor === 'string' &&
    typeof prev === 'string' &&
    typeof hash === 'string' &&
    typeof word === 'object' &&
    word !== null &&
    'type' in word &&
    typeof word.type === 'string'
  );
};

const parsed = (line: Buffer): AuditRecord | null => {
  const text = line.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  // One content has one spelling: a space more is a change too. Bytes that are no UTF-8 would be read as others.
  return isRecord(value) && canonicalJson(value) === text && Buffer.from(text).equals(line) ? value : null;
};

/** What is wrong with a record at its place; null when nothing is. */
const wrongIn = (record: AuditRecord, line: Buffer, before: ChainEnd): string | null => {
  const { hash } = record;
  const due = before.seq + 1;
  // The line is canonical: without its hash it is what the hash was taken of.
  if (sha256(line.toString('utf8').replace(`"hash":${JSON.stringify(hash)},`, () => '')) !== hash)
    return 'its content is not what its hash was taken of';
  if (record.seq !== due)
    return record.seq > due
      ? `record ${record.seq} stands in its place: something was removed, or moved`
      : `record ${record.seq} stands here again`;
  if (record.prev !== before.hash)
    return due === 0 ? 'it does not begin a chain' : `it does not follow record ${due - 1}: one of the two was changed, or put in`;
  return null;
};

/** Records as far as they are a chain. */
export interface ReadChain {
  readonly records: readonly AuditRecord[];
  /** Byte after each record's line. */
  readonly ends: readonly number[];
  /** Bytes behind the last line break: a line torn by a crash, or nothing. */
  readonly rest: Buffer;
  readonly fault: AuditFault | null;
}

/** Walks lines from a place in the chain, up to the first that is not what was written. */
export const readChain = (bytes: Buffer, from: ChainEnd = ORIGIN): ReadChain => {
  const records: AuditRecord[] = [];
  const ends: number[] = [];
  let end = from;
  let at = 0;
  for (let next = bytes.indexOf(10, at); next >= 0; next = bytes.indexOf(10, at)) {
    const line = bytes.subarray(at, next);
    const record = parsed(line);
    const reason = record === null ? 'it is no record as one is written' : wrongIn(record, line, end);
    if (record === null || reason !== null)
      return { records, ends, rest: Buffer.alloc(0), fault: { seq: end.seq + 1, line: end.seq + 2, reason: reason ?? '' } };
    records.push(record);
    end = record;
    at = next + 1;
    ends.push(at);
  }
  return { records, ends, rest: bytes.subarray(at), fault: null };
};
