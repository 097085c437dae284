import type { AuditRecord } from '../audit/audit-record.js';
import { verifySigned } from '../people/key-pair.js';
import { people } from '../people/people.js';
import { demotedAfter, foldPromotions } from '../stages.js';
import { foldApprovals, type ApprovalState } from './approval-state.js';
import { confirmationSentence, isSentence } from './confirmation-sentence.js';
import { gatesHash } from './gates-hash.js';
import { requestText } from './request-text.js';

export type RefusalCode =
  'unknown-request' | 'replayed' | 'expired' | 'self-approval' | 'wrong-role' | 'changed-terms' | 'wrong-sentence' | 'forged-signature';

/** An approval that somebody wants to give. */
export interface OfferedApproval {
  /** Id of the request, or the beginning of it. */
  readonly request: string;
  readonly records: readonly AuditRecord[];
  readonly by: string;
  /** Wall time, epoch ms. */
  readonly at: number;
  /** What was typed. */
  readonly sentence: string;
  /** By the approver's key over the request's text; base64. */
  readonly signature: string;
  /** What is not as it was when it was asked for, one sentence each: pins that do not hold, gates that passed and pass no longer. */
  readonly changes: readonly string[];
}

export type ApprovalVerdict =
  | { readonly ok: true; readonly state: ApprovalState; /** Whether it is the last one needed. */ readonly isEnough: boolean }
  | { readonly ok: false; readonly code: RefusalCode; readonly text: string };

const no = (code: RefusalCode, text: string): ApprovalVerdict => ({ ok: false, code, text });

/** A request by its id or the beginning of it; null where none or several begin so. */
export const requestOf = (requests: ReadonlyMap<string, ApprovalState>, id: string): ApprovalState | null => {
  const exact = requests.get(id);
  if (exact) return exact;
  const found = id.length < 4 ? [] : [...requests.values()].filter(each => each.request.id.startsWith(id));
  return found.length === 1 ? (found[0] ?? null) : null;
};

/** What is not as it was when a request was made, as far as the log tells it; null where it may still be approved. */
export const movedSince = ({ request, seq }: ApprovalState, records: readonly AuditRecord[]): string | null => {
  const state = foldPromotions(records).all.find(({ id }) => id === request.promotion);
  if (!state) return `there is no promotion ${request.promotion}`;
  if (state.pins !== request.pins) return 'it was asked for with other pins';
  if (state.stage === 'retired') return `${state.id} was retired`;
  if (demotedAfter(state, seq)) return `${state.id} was demoted after it was asked for`;
  const { live } = state.places;
  if (request.action === 'ramp' && (live === undefined || live.seq > seq)) return 'its share has changed after it was asked for';
  if (request.action !== 'ramp' && (state.places[request.action]?.seq ?? -1) > seq)
    return `it has entered ${request.action} after it was asked for`;
  const judged = records.flatMap(({ word, ...record }) =>
    word.type === 'GatesJudged' && word.promotion === request.promotion && word.to === request.action
      ? [{ seq: record.seq, results: word.results }]
      : [],
  );
  const asked = judged.findLast(each => each.seq < seq && gatesHash(each.results) === request.gates);
  if (!asked) return 'its gates are not on record as it names them';
  const newest = judged.at(-1)?.results ?? [];
  const other = newest.find(({ gate, verdict }) => asked.results.find(each => each.gate === gate)?.verdict !== verdict);
  if (other) return `gate ${other.gate} was judged otherwise after it was asked for: ${other.sentence.replace(/\.$/, '')}`;
  return null;
};

/** Whether an approval that is on record was signed by its author, with the key and the role of then. */
const wasSignedBy = (
  records: readonly AuditRecord[],
  { by, seq, signature }: ApprovalState['approvals'][number],
  text: string,
): boolean => {
  const then = people(records.filter(each => each.seq < seq)).get(by);
  return then?.roles.includes('approver') === true && verifySigned(then.publicKey, text, signature);
};

/**
 * Whether an approval counts, and if not why: the same rules whoever offers it and by whatever way. A request is good for one step, in time, with the terms that it names; it is approved by people with the role, other than
 * the one who asks and each once, who have typed what they approve and signed it.
 */
export const judgeApproval = (offer: OfferedApproval): ApprovalVerdict => {
  const { records, by, at, signature, changes } = offer;
  const state = requestOf(foldApprovals(records), offer.request);
  if (!state) return no('unknown-request', `There is no request ${offer.request}.`);
  const { request, approvals } = state;
  const known = people(records);
  const text = requestText(request);
  const isSignedBy = (user: string, signed: string): boolean => {
    const person = known.get(user);
    return person !== undefined && verifySigned(person.publicKey, text, signed);
  };
  const given = approvals.filter(each => each.by !== request.requestedBy);
  const others = new Set(given.map(each => each.by));
  if (state.taken !== null || others.size >= Math.max(request.approvals, 1))
    return no('replayed', `Request ${request.id} was approved and used already: a step further is another request.`);
  if (others.has(by)) return no('replayed', `${by} has approved request ${request.id} already: another person has to.`);
  if (at >= request.expiresAt) return no('expired', `Request ${request.id} expired ${new Date(request.expiresAt).toISOString()}.`);
  if (by === request.requestedBy) return no('self-approval', `${by} has asked for it: another person has to approve.`);
  if (known.get(by)?.roles.includes('approver') !== true) return no('wrong-role', `${by} is no approver.`);
  if (known.get(by)?.publicKey === known.get(request.requestedBy)?.publicKey)
    return no('self-approval', `${by} signs with the key of ${request.requestedBy}, who has asked for it: another person has to approve.`);
  const moved = movedSince(state, records);
  const [change = moved] = changes;
  if (change !== null)
    return no('changed-terms', `Not as it was asked for: ${change}${changes.length > 1 ? `, and ${changes.length - 1} more` : ''}.`);
  if (!isSentence(offer.sentence, request)) return no('wrong-sentence', `What was typed is not "${confirmationSentence(request)}".`);
  if (state.signature === null || !isSignedBy(request.requestedBy, state.signature))
    return no('forged-signature', `The request is not signed by the key of ${request.requestedBy}.`);
  const forged = given.find(each => !wasSignedBy(records, each, text));
  if (forged) return no('forged-signature', `The approval in record ${forged.seq} is not signed by the key that ${forged.by} had.`);
  if (!isSignedBy(by, signature)) return no('forged-signature', `The signature is not one of ${by} over this request.`);
  return { ok: true, state, isEnough: others.size + 1 >= request.approvals };
};
