import type { Finding } from '../datasets/series.js';
import { decimal } from './number-text.js';
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

/** One run over data that was there when the strategy was written. */
export const inSampleEvidence = (synthetic: boolean): Evidence =>
  synthetic
    ? { verdict: 'None', reason: 'Synthetic data proves nothing about a market.' }
    : { verdict: 'In-sample only', reason: 'One run proves little; walk it forward.' };

const FEWEST_TRADES = 30;
const FEWEST_RETURNS = 60;

/**
 * The verdict on an out-of-sample result. The thresholds are conventions: 0.95 is the usual level for a deflated Sharpe ratio (Bailey & López
 * de Prado, 2014); a probability of overfitting from 0.5 says that the choice was no better than a coin.
 */
export const outOfSampleEvidence = ({ synthetic, netReturn, trades, returns, psr, dsr, pbo, trials }: EvidenceInput): Evidence => {
  if (synthetic) return { verdict: 'None', reason: 'Synthetic data proves nothing about a market.' };
  if (netReturn === null || trades < FEWEST_TRADES || returns < FEWEST_RETURNS)
    return {
      verdict: 'Too little data',
      reason: `${trades} trades and ${returns} returns; ${FEWEST_TRADES} and ${FEWEST_RETURNS} are the least to judge by.`,
    };
  if (netReturn <= 0) return { verdict: 'Against', reason: 'It lost money out of sample, after costs.' };
  if (pbo !== null && pbo >= 0.5)
    return { verdict: 'Weak', reason: `Probability of overfitting ${decimal(pbo)}: the search chose no better than a coin.` };
  if (dsr === null)
    return {
      verdict: 'Weak',
      reason: `The ${trials} configurations tried are not allowed for${psr === null ? '' : `; PSR ${decimal(psr)}`}.`,
    };
  if (dsr >= 0.95) return { verdict: 'Strong', reason: `Deflated Sharpe ${decimal(dsr)} after ${trials} configurations tried.` };
  if (dsr >= 0.8)
    return {
      verdict: 'Suggestive',
      reason: `Deflated Sharpe ${decimal(dsr)} after ${trials} configurations tried; 0.95 is the usual bar.`,
    };
  return { verdict: 'Weak', reason: `Deflated Sharpe ${decimal(dsr)} after ${trials} configurations tried: luck could explain it.` };
};

/**
 * The verdict once the data is looked at: errors found in it come before anything that a result says, because a redenomination reads like a crash and a wrong market like
 * a strategy. Synthetic data stays what it is.
 */
export const onData = (evidence: Evidence, findings: readonly Finding[]): Evidence => {
  const errors = findings.filter(finding => finding.severity === 'error' && finding.repaired === undefined);
  if (errors.length === 0) return evidence;
  const codes = [...new Set(errors.map(({ code, symbol }) => `${code} in ${symbol}`))];
  const named = codes.slice(0, 2).join(', ') + (codes.length > 2 ? ` and ${codes.length - 2} more` : '');
  return { verdict: 'Bad data', reason: `The data has errors (${named}): the result may be theirs. See the findings below.` };
};

export const evidenceTile = ({ verdict, reason }: Evidence): Tile => ({ label: 'Evidence', value: verdict, detail: reason });
