import { UserError } from '../errors.js';
import type { ApprovalRequest } from '../promotion/approvals/approval-request.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import { foldPromotions } from '../promotion/stages.js';
import type { PromoteContext } from './promote-context.js';
import { gatesNow, keptPromotion } from './promote-gates.js';

/** What is not as it was when a step was asked for, one sentence each: pins that do not hold, gates that passed and pass no longer. A person may have thought about it for hours. */
export const changesSince = async (
  context: PromoteContext,
  request: ApprovalRequest,
  records: readonly AuditRecord[],
): Promise<readonly string[]> => {
  const state = foldPromotions(records).all.find(({ id }) => id === request.promotion);
  if (!state) return [`there is no promotion ${request.promotion}`];
  let kept;
  try {
    kept = await keptPromotion(context, state);
  } catch (error) {
    if (error instanceof UserError) return [error.message];
    throw error;
  }
  if (kept.faults.length > 0) return kept.faults.map(({ text }) => text.replace(/\.$/, ''));
  const { account, venue, practice, share, action } = request;
  const results = await gatesNow(context, { kept, action, place: { account, venue, practice }, share, records });
  return results
    .filter(({ gate, verdict }) => verdict !== 'pass' && !request.overrides.some(each => each.gate === gate))
    .map(({ gate, sentence }) => `gate ${gate} is shut now: ${sentence.replace(/\.$/, '')}`);
};
