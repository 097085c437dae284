import { messageOf } from '../../errors.js';
import { publicKeyText } from '../people/key-pair.js';
import { readAnchor, type AnchoredHead } from './anchors.js';
import type { AuditFault } from './audit-chain.js';
import { auditFiles, readAuditFolder } from './audit-folder.js';
import type { AuditHead } from './audit-head.js';
import { findAuditKey } from './audit-key.js';
import type { AuditRecord } from './audit-record.js';
import { authorityFault } from './authority-fault.js';
import { placeOf, type AuditLogOptions } from './open-audit-log.js';

/** What the anchor says of the log. */
export interface AnchorVerdict {
  readonly place: string;
  /** Heads that were compared. */
  readonly heads: number;
  /** Last record that it vouches for; null where it has none. */
  readonly last: number | null;
  /** Records behind that. */
  readonly behind: number;
  /** Lines that are no heads, such as one torn by a crash. */
  readonly unreadable: number;
  /** Why it could not be read; null when it was. */
  readonly failure: string | null;
}

/** What came of a look at the whole log. */
export interface AuditVerdict {
  readonly ok: boolean;
  /** Records up to the first bad one. */
  readonly records: number;
  readonly head: AuditHead | null;
  readonly anchors: AnchorVerdict | null;
  readonly firstBad: AuditFault | null;
  /** What is no fault and should be known, one sentence each. */
  readonly notes: readonly string[];
}

const earliest = (faults: readonly (AuditFault | null)[]): AuditFault | null =>
  faults.reduce<AuditFault | null>((first, each) => (each !== null && (first === null || each.seq < first.seq) ? each : first), null);

/** The first record that anchored heads contradict. `count` is how many the log has; `records` those that can be compared. */
const anchorFault = (
  heads: readonly AnchoredHead[],
  records: readonly AuditRecord[],
  head: AuditHead | null,
  signers: LogToJudge['signers'],
): AuditFault | null => {
  const sorted = [...heads].sort((a, b) => a.head.seq - b.head.seq);
  let good = -1;
  for (const { head: anchored } of sorted) {
    const { seq, hash } = anchored;
    const record = records[seq];
    if (record !== undefined && record.hash === hash) {
      good = seq;
      if (head !== null && signers === 'one' && anchored.publicKey !== head.publicKey)
        return { seq, line: seq + 1, reason: 'the anchor has its head under another key than the log has now' };
      continue;
    }
    const first = Math.min(good + 1, records.length);
    const span = first === seq ? '' : `, or one up to record ${seq}`;
    return record === undefined
      ? { seq: records.length, line: records.length + 1, reason: `it is missing: the anchor has seen records up to ${seq}` }
      : { seq: first, line: first + 1, reason: `the anchor has seen another record here${span}` };
  }
  return null;
};

/** A log as far as it was read, and what it is compared with. */
export interface LogToJudge {
  readonly records: readonly AuditRecord[];
  readonly head: AuditHead | null;
  readonly fault: AuditFault | null;
  readonly anchor: string | null;
  /** As anchors name the log. */
  readonly place: string;
  /** Whether one key signs all heads, or each machine of a team its own. */
  readonly signers: 'one' | 'many';
  readonly notes: readonly string[];
}

/** The verdict on a log whose chain was walked: what anchors remember of it, and whether everybody had the right to what they did. */
export const judgeLog = async ({ records, head, fault, anchor, place, signers, notes: known }: LogToJudge): Promise<AuditVerdict> => {
  const notes = [...known];
  const faults: (AuditFault | null)[] = [fault, authorityFault(records)];
  let anchors: AnchorVerdict | null = null;
  if (anchor === null) {
    if (records.length > 0)
      notes.push(
        'No anchor is set: whoever has the signing key could write another log. Name a folder elsewhere in quantai.config.ts: audit: { anchor: … }.',
      );
  } else {
    const { heads, unreadable, failure } = await readAnchor(anchor, head?.workspace ?? null, place);
    const last = heads.reduce<number | null>((most, each) => Math.max(most ?? 0, each.head.seq), null);
    const behind = failure === null ? Math.max(0, records.length - 1 - (last ?? -1)) : 0;
    anchors = { place: anchor, heads: heads.length, last, behind, unreadable, failure };
    faults.push(anchorFault(heads, records, head, signers));
    if (failure !== null) notes.push(`The anchor ${anchor} cannot be read: ${failure}.`);
    else if (heads.length === 0 && records.length > 0)
      faults.push({
        seq: 0,
        line: 1,
        reason: `the anchor ${anchor} has never seen this log; was it set just now, run quantai audit anchor`,
      });
    else if (behind > 0) notes.push(`The anchor is ${behind} records behind; quantai audit anchor catches it up.`);
    if (unreadable > 0) notes.push(`${unreadable} lines of the anchor are no heads.`);
  }
  const firstBad = earliest(faults);
  return { ok: firstBad === null, records: firstBad === null ? records.length : firstBad.seq, head, anchors, firstBad, notes };
};

/**
 * Looks at everything: each record's content and its place in the chain, the head that signs for the end, every head that the anchor keeps, and the signatures of those who asked and approved, with the rights that they had
 * then. Names the first bad record. Throws nothing for a log that is wrong.
 */
export const verifyAuditLog = async ({ folder, anchor, hostKey }: AuditLogOptions): Promise<AuditVerdict> => {
  const notes: string[] = [];
  let publicKey: string | null = null;
  try {
    const key = await findAuditKey(hostKey ?? auditFiles(folder).key);
    publicKey = key === undefined ? null : publicKeyText(key);
  } catch (error) {
    notes.push(messageOf(error));
  }
  const { records, head, fault, torn } = await readAuditFolder(folder, publicKey);
  if (publicKey === null && records.length > 0)
    notes.push('The signing key is not here: the head was checked against the public key that it names itself.');
  if (torn?.pending) notes.push('An append was cut short; the next one completes it.');
  if (torn !== null && torn.pending === null) notes.push('The last line was torn by a crash; the next append cuts it off.');
  return judgeLog({ records, head, fault, anchor, place: await placeOf(folder), signers: 'one', notes });
};
