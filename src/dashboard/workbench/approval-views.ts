import { foldApprovals, type ApprovalState } from '../../promotion/approvals/approval-state.js';
import { confirmationSentence } from '../../promotion/approvals/confirmation-sentence.js';
import { movedSince } from '../../promotion/approvals/judge-approval.js';
import type { AuditRecord } from '../../promotion/audit/audit-record.js';
import type { ApprovalView } from '../api/promotion-api.js';

/** `waiting`, or what became of it: `taken`, `expired`, or `void` where things moved on without it. */
const stateOf = (state: ApprovalState, records: readonly AuditRecord[], now: number): string => {
  if (state.taken !== null) return 'taken';
  if (state.request.expiresAt <= now) return 'expired';
  return movedSince(state, records) === null ? 'waiting' : 'void';
};

const termsOf = ({ request, approvals }: ApprovalState): string => {
  const { requestedBy, action, strategy, account, venue, practice, currency, worstCaseLoss, size, share, overrides } = request;
  const step = action === 'ramp' ? 'a larger share' : action;
  const opened = overrides.map(({ gate, reason }) => ` Gate ${gate} is shut and would be overridden: ${reason}`).join('');
  const given = approvals.length === 0 ? '' : ` Approved by ${approvals.map(({ by }) => by).join(' and ')}.`;
  return `${requestedBy} asks for ${step} of ${strategy} on ${account} at ${practice ? 'practice' : venue}: ${share} of ${size} ${currency}, worst-case loss ${worstCaseLoss} ${currency}.${opened}${given}`;
};

/** Every request that was made, the newest first. `now` is wall time, epoch ms. */
export const approvalViews = (records: readonly AuditRecord[], now: number): ApprovalView[] =>
  [...foldApprovals(records).values()].reverse().map(state => {
    const { id, action, promotion, requestedBy, requestedAt, expiresAt, size, share, worstCaseLoss } = state.request;
    return {
      request: id,
      kind: action,
      promotion,
      by: requestedBy,
      at: requestedAt,
      expiresAt,
      text: termsOf(state),
      sentence: confirmationSentence(state.request),
      state: stateOf(state, records, now),
      size,
      share,
      loss: worstCaseLoss,
    };
  });
