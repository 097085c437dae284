import type { Finding } from '../datasets/series.js';
import { dataErrorsOf } from '../experiments/evidence/assemble-evidence.js';
import type { EvidenceGrade, EvidenceRecord } from '../experiments/evidence/evidence-record.js';
import { EvidenceThresholds } from '../experiments/evidence/thresholds.js';
import { verdictOf } from '../experiments/evidence/verdict.js';
import type { Tile } from './document.js';

/** How much a result should be believed, in a word and a sentence. */
export interface Evidence {
  readonly verdict: string;
  readonly reason: string;
}

/** What is known about how a result was found. Probabilities are null where they could not be computed. */
export interface EvidenceInput {
  readonly synthetic: boolean;
  readonly netReturn: number | null;
  readonly trades: number;
  /** Return observations. */
  readonly returns: number;
  readonly psr: number | null;
  readonly dsr: number | null;
  readonly pbo: number | null;
  /** Configurations tried. */
  readonly trials: number;
}

const GRADE_LABELS: Readonly<Record<EvidenceGrade, string>> = {
  none: 'None',
  against: 'Against',
  insufficient: 'Too little data',
  weak: 'Weak',
  suggestive: 'Suggestive',
  strong: 'Strong',
};

/** One run over data that was there when the strategy was written. */
export const inSampleEvidence = (synthetic: boolean): Evidence =>
  synthetic
    ? { verdict: 'None', reason: 'Synthetic data proves nothing about a market.' }
    : { verdict: 'In-sample only', reason: 'One run proves little; walk it forward.' };

/** What an evidence record says, for a headline. */
export const evidenceOf = ({ grade, because }: Pick<EvidenceRecord, 'grade' | 'because'>): Evidence => ({
  verdict: because.startsWith('The data has errors') ? 'Bad data' : GRADE_LABELS[grade],
  reason: because,
});

const known = (value: number | null) => ({ value, reason: null });

/** The verdict on an out-of-sample result of which no more is kept than these figures: without checks it is never strong. See `verdictOf`. */
export const outOfSampleEvidence = ({ psr, dsr, pbo, ...input }: EvidenceInput): Evidence =>
  evidenceOf(
    verdictOf({
      ...input,
      dataErrors: [],
      outOfSample: true,
      psr: known(psr),
      dsr: known(dsr),
      dsrEffective: known(null),
      effectiveTrials: known(null),
      search: null,
      foldPbo: known(pbo),
      checks: [],
      thresholds: EvidenceThresholds.parse({}),
    }),
  );

/**
 * The verdict once the data is looked at: errors found in it come before anything that a result says, because a redenomination reads like a crash and a wrong market like
 * a strategy. Synthetic data stays what it is.
 */
export const onData = (evidence: Evidence, findings: readonly Finding[]): Evidence => {
  const codes = dataErrorsOf(findings);
  if (codes.length === 0) return evidence;
  const named = codes.slice(0, 2).join(', ') + (codes.length > 2 ? ` and ${codes.length - 2} more` : '');
  return { verdict: 'Bad data', reason: `The data has errors (${named}): the result may be theirs. See the findings below.` };
};

export const evidenceTile = ({ verdict, reason }: Evidence): Tile => ({ label: 'Evidence', value: verdict, detail: reason });
