import { parseDuration } from '../../time.js';
import type { PromotionConfig } from '../promotion-config.js';
import type { ApprovalRequest } from './approval-request.js';
import { requestId } from './request-text.js';

/** What is asked for; when, and by how many it has to be approved, follows from the configuration. */
export type Terms = Omit<ApprovalRequest, 'id' | 'approvals' | 'requestedAt' | 'expiresAt' | 'nonce'>;

/**
 * Approvals by others that a request needs: one less than the persons that the configuration asks for (1 while no users are set up, 2 after that, where it says nothing), for the one who asks is one of them. An
 * overridden gate always needs another person.
 */
export const approvalsNeeded = (
  { persons }: Pick<PromotionConfig, 'persons'>,
  { hasUsers, overrides }: { readonly hasUsers: boolean; readonly overrides: number },
): number => Math.max((persons ?? (hasUsers ? 2 : 1)) - 1, overrides > 0 ? 1 : 0);

/** A request with its id. `at` is wall time, epoch ms; `nonce` random text. */
export const makeRequest = (
  terms: Terms,
  config: Pick<PromotionConfig, 'persons' | 'approvalExpires'>,
  { at, nonce, hasUsers }: { readonly at: number; readonly nonce: string; readonly hasUsers: boolean },
): ApprovalRequest => {
  const request = {
    ...terms,
    approvals: approvalsNeeded(config, { hasUsers, overrides: terms.overrides.length }),
    requestedAt: at,
    expiresAt: at + parseDuration(config.approvalExpires),
    nonce,
  };
  return { id: requestId(request), ...request };
};
