import { UserError } from '../errors.js';
import { foldApprovals } from '../promotion/approvals/approval-state.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import { foldPromotions } from '../promotion/stages.js';
import type { Stake } from './session-confirmation.js';
import type { StartPermit } from './start-gate.js';

/** Losses are agreed to in whole cents, rounded up. */
const CENT = 0.01;

/** What people have agreed can be lost of a promotion's place on live, by the request that its share or a larger one was approved with; null where nobody was asked. */
const agreedOf = (promotion: string, records: readonly AuditRecord[]): number | null => {
  const place = foldPromotions(records).find(promotion)?.places.live;
  if (place === undefined) return null;
  const requests = foldApprovals(records);
  const by = records.findLast(
    ({ seq, word }) =>
      seq <= place.seq &&
      ((word.type === 'StageEntered' && word.stage === 'live') || word.type === 'RampStepped') &&
      word.promotion === promotion &&
      word.request !== null,
  )?.word;
  return by !== undefined && 'request' in by && typeof by.request === 'string'
    ? (requests.get(by.request)?.request.worstCaseLoss ?? null)
    : null;
};

/**
 * Throws (exit code 4) when a live session can lose more than people have agreed to: with a wider protective stop, or without the watchdog's limit, that they were told of. What nobody was asked about is not compared.
 */
export const requireAgreedLoss = (
  records: readonly AuditRecord[],
  { promoted }: StartPermit,
  { worstCaseLoss }: Pick<Stake, 'worstCaseLoss'>,
): void => {
  const agreed = promoted.map(({ promotion }) => agreedOf(promotion, records));
  if (agreed.length === 0 || agreed.includes(null)) return;
  const most = agreed.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  if (worstCaseLoss <= most + CENT) return;
  throw new UserError(
    'over-loss',
    `This session can lose ${worstCaseLoss.toFixed(2)} by its limits, and ${most} was agreed to.`,
    4,
    'Give it the --catastrophe-stop and --max-loss that were approved, or ask again: quantai promote --to live.',
  );
};
