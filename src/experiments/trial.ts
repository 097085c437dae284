import { createHash } from 'node:crypto';
import { canonicalJson } from '../datasets/canonical-json.js';
import type { Params } from '../engine/run-result.js';
import type { Span } from './splits/fold.js';

/** What makes a trial the one it is: the same four evaluated again are the same trial. */
export interface TrialIdentity {
  /** SHA-256 of the strategy's bundle, or `builtin:<name>`. */
  readonly code: string;
  /** Hash of the data read: dataset version, symbols and timeframe. */
  readonly data: string;
  readonly params: Params;
  /** The window evaluated. */
  readonly range: Span;
}

/** SHA-256 of the identity's canonical JSON: what N counts. */
export const trialHash = ({ code, data, params, range }: TrialIdentity): string =>
  createHash('sha256')
    .update(canonicalJson({ code, data, params, from: range.from, to: range.to }))
    .digest('hex');
