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

/** What came of a trial, as far as the ledger keeps it. */
export interface TrialOutcome {
  /** What was made large; null when the configuration was not eligible or nothing was searched for. */
  readonly objective: number | null;
  /** Per return observation; null when returns do not vary or there are none. */
  readonly sharpe?: number | null;
  /** Returns of the window, from which the ledger keeps a sketch so that alike trials can be told from different ones. */
  readonly returns?: Float64Array | null;
}

/** SHA-256 of the identity's canonical JSON: what N counts. */
export const trialHash = ({ code, data, params, range }: TrialIdentity): string =>
  createHash('sha256')
    .update(canonicalJson({ code, data, params, from: range.from, to: range.to }))
    .digest('hex');
