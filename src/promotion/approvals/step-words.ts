import { UserError } from '../../errors.js';
import type { AuditedPlace, AuditWord, PromotableStage } from '../audit/audit-record.js';
import type { Promotions } from '../stages.js';
import type { ApprovalRequest } from './approval-request.js';

/** A stage that is to be entered. */
export interface Entry extends AuditedPlace {
  readonly promotion: string;
  readonly strategy: string;
  readonly stage: PromotableStage;
  readonly size: number;
  readonly share: number;
  /** Approval by which it is entered; null where none was asked for. */
  readonly request: string | null;
}

/**
 * What entering a stage is in the audit log. Another promotion of the same strategy that has the place is retired by it: a strategy trades one account in one version. Throws (exit code 4) when that one is live there or
 * elsewhere and would lose that with it.
 */
export const entryWords = (promotions: Promotions, { strategy, ...entry }: Entry): AuditWord[] => {
  const { stage, account, venue, practice } = entry;
  const holder = promotions.placed({ mode: stage, account, venue, practice, strategy });
  const isOther = holder !== null && holder.id !== entry.promotion;
  if (isOther && stage === 'paper' && holder.stage === 'live')
    throw new UserError(
      'place-taken',
      `${holder.id} has ${account} for paper, and is live.`,
      4,
      `Name another account with --account, or first: quantai promote ${holder.id} --retire --reason "…"`,
    );
  const superseded: AuditWord[] = isOther
    ? [{ type: 'StageLeft', promotion: holder.id, to: 'retired', code: 'superseded', text: `${entry.promotion} takes its place` }]
    : [];
  return [...superseded, { type: 'StageEntered', ...entry }];
};

/** The step that an approved request takes, in the words of the audit log: gates that it overrides, then the stage or the share. */
export const stepWords = (promotions: Promotions, request: ApprovalRequest, by: readonly string[]): AuditWord[] => {
  const { id, promotion, action, account, venue, practice, size, share, strategy } = request;
  const overridden = request.overrides.map(({ gate, reason }): AuditWord => ({
    type: 'GateOverridden',
    promotion,
    gate,
    reason,
    request: id,
  }));
  if (action !== 'ramp') {
    const place = { account, venue, practice, size, share };
    return [...overridden, ...entryWords(promotions, { ...place, promotion, strategy, stage: action, request: id })];
  }
  const from = promotions.find(promotion)?.places.live?.share ?? share;
  const text = by.length === 0 ? `confirmed by ${request.requestedBy}` : `approved by ${by.join(' and ')}`;
  return [...overridden, { type: 'RampStepped', promotion, from, to: share, code: 'approved', text, request: id }];
};
