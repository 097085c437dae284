import { createHash } from 'node:crypto';
import { canonicalJson } from '../../datasets/canonical-json.js';
import type { ApprovalRequest } from './approval-request.js';

/** What is signed: canonical JSON of the whole request, so that no term of it can be exchanged under the signature. */
export const requestText = (request: ApprovalRequest): string => canonicalJson(request);

/** First 12 hex digits of the SHA-256 of the canonical JSON of everything but the id itself. */
export const requestId = (request: Omit<ApprovalRequest, 'id'>): string => {
  // Fields that are undefined are not in canonical JSON.
  const terms = { ...request, id: undefined };
  return createHash('sha256').update(canonicalJson(terms)).digest('hex').slice(0, 12);
};
