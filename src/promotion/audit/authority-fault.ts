import type { ApprovalRequest } from '../approvals/approval-request.js';
import { requestId, requestText } from '../approvals/request-text.js';
import { verifySigned } from '../people/key-pair.js';
import { withPerson, type Person } from '../people/people.js';
import { foldPromotions } from '../stages.js';
import type { AuditFault } from './audit-chain.js';
import type { AuditRecord } from './audit-record.js';

type Known = ReadonlyMap<string, Person>;

/** A record's time is told after it was judged: so much later it may be on the disk. */
const GRACE_MS = 60_000;

const isSignedBy = (known: Known, user: string, request: ApprovalRequest, signature: string | null): boolean => {
  const person = known.get(user);
  return person !== undefined && signature !== null && verifySigned(person.publicKey, requestText(request), signature);
};

/** What a request was followed by so far. */
interface Asked {
  readonly request: ApprovalRequest;
  readonly approvedBy: Set<string>;
}

const requestFault = ({ actor, word }: AuditRecord, known: Known, asked: ReadonlyMap<string, Asked>): string | null => {
  if (word.type !== 'ApprovalRequested') return null;
  const { request, signature = null } = word;
  if (requestId(request) !== request.id) return `the terms of request ${request.id} are not those that it is named by`;
  if (asked.has(request.id)) return `request ${request.id} was made before`;
  if (request.requestedBy !== actor) return `${actor} asks in the name of ${request.requestedBy}`;
  if (known.size > 0 && !isSignedBy(known, actor, request, signature))
    return `request ${request.id} is not signed by the key that ${actor} had`;
  return null;
};

const approvalFault = ({ at, actor, word }: AuditRecord, known: Known, asked: ReadonlyMap<string, Asked>): string | null => {
  if (word.type !== 'ApprovalGiven') return null;
  const found = asked.get(word.request);
  if (found === undefined) return `request ${word.request} was not made before it`;
  const { request, approvedBy } = found;
  if (actor === request.requestedBy) return `${actor} approves what ${actor} asked for`;
  const key = known.get(actor)?.publicKey;
  if (key !== undefined && key === known.get(request.requestedBy)?.publicKey)
    return `${actor} signs with the key of ${request.requestedBy}, who asked for it`;
  if (approvedBy.has(actor)) return `${actor} had approved request ${request.id} before`;
  if (at > request.expiresAt + GRACE_MS) return `request ${request.id} had expired`;
  if (known.get(actor)?.roles.includes('approver') !== true) return `${actor} was no approver`;
  if (!isSignedBy(known, actor, request, word.signature))
    return `its signature is not one of the key that ${actor} had, over request ${request.id}`;
  return null;
};

/** Who may change whom: approvers, and everybody their own key. The first user is made by anyone. */
const peopleFault = ({ actor, word }: AuditRecord, known: Known): string | null => {
  switch (word.type) {
    case 'UserAdded':
      if (known.has(word.user)) return `${word.user} was a user before`;
      return known.size === 0 || known.get(actor)?.roles.includes('approver') === true
        ? null
        : `${actor} was no approver and adds ${word.user}`;
    case 'UserKeyChanged':
      if (actor === word.user && known.has(actor)) return null;
      return known.get(actor)?.roles.includes('approver') === true ? null : `${actor} was no approver and changes the key of ${word.user}`;
    case 'UserRolesChanged':
    case 'UserRemoved':
      return known.get(actor)?.roles.includes('approver') === true ? null : `${actor} was no approver and changes ${word.user}`;
    default:
      return null;
  }
};

/** The first record by which a strategy takes a step that is not legal; null when all are. */
const stepFault = (records: readonly AuditRecord[]): AuditFault | null => {
  const reasonOf = (count: number): string | null => {
    try {
      foldPromotions(records.slice(0, count));
      return null;
    } catch (error) {
      return error instanceof Error ? error.message.replace(/^.*?cannot be: /, '').replace(/\.$/, '') : String(error);
    }
  };
  if (reasonOf(records.length) === null) return null;
  let [good, bad] = [0, records.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (reasonOf(middle) === null) good = middle;
    else bad = middle;
  }
  return { seq: bad - 1, line: bad, reason: reasonOf(bad) ?? '' };
};

/**
 * The first record that its author had no right to: an approval that the approver's key did not sign, by somebody who was no approver then, of one's own request, twice, or too late; a step without its approvals; a change of
 * users by somebody who was no approver. A chain that was computed anew, and a head that was signed anew with the workspace's own key, hide none of it.
 */
export const authorityFault = (records: readonly AuditRecord[]): AuditFault | null => {
  let known: Known = new Map<string, Person>();
  const asked = new Map<string, Asked>();
  let found: AuditFault | null = null;
  for (const record of records) {
    const { seq, actor, word } = record;
    const reason = requestFault(record, known, asked) ?? approvalFault(record, known, asked) ?? peopleFault(record, known);
    if (reason !== null) {
      found = { seq, line: seq + 1, reason };
      break;
    }
    if (word.type === 'ApprovalRequested') asked.set(word.request.id, { request: word.request, approvedBy: new Set() });
    if (word.type === 'ApprovalGiven') asked.get(word.request)?.approvedBy.add(actor);
    known = withPerson(known, record);
  }
  return stepFault(found === null ? records : records.slice(0, found.seq)) ?? found;
};
