import type { CheckResult } from '../checks/check.js';
import type { Estimate } from '../estimate.js';
import type { SearchEvidence } from '../search-evidence.js';
import type { EvidenceThresholds } from './thresholds.js';

/** How much of a result to believe, from nothing to much. `none`: the data proves nothing about a market (synthetic, or broken). */
export type EvidenceGrade = 'none' | 'against' | 'insufficient' | 'weak' | 'suggestive' | 'strong';

/** One consideration of the verdict. */
export interface EvidenceReason {
  readonly says: 'for' | 'against' | 'neither';
  /** A plain sentence with its figure. */
  readonly sentence: string;
}

/** An interval of a headline metric by block bootstrap; nulls with the reason where it could not be had. */
export interface EvidenceInterval {
  readonly metric: string;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reason: string | null;
}

/** What was earned in one part of the time: a year, or all days of a market regime. */
export interface EvidencePeriod {
  readonly label: string;
  readonly days: number;
  readonly trades: number;
  readonly totalReturn: number | null;
  /** Annual; null under 60 days. */
  readonly sharpe: number | null;
  readonly maxDrawdown: number | null;
}

/** How often the market was asked. */
export interface TrialEvidence {
  /** The team whose trials were counted (`TrialStore.scope`); left out where they are those of a workspace by itself. */
  readonly team?: string;
  /** Distinct trials of this run, of this strategy ever, and of the latter those without a result (interrupted). */
  readonly run: number;
  readonly total: number;
  readonly unsettled: number;
  /** Independent ones among `total`. */
  readonly effective: Estimate;
  /** Sharpe ratios of trials per return observation, as far as they are known: how far they spread decides how lucky the best of them can be. */
  readonly sharpes: readonly number[];
  /** N over time, ascending: `n` distinct trials after `at`, epoch ms. Empty where the ledger was not asked. */
  readonly history: readonly { readonly at: number; readonly n: number }[];
}

/** Everything that is known about how far a run's result can be believed: `reports/<run-id>/evidence.json`. */
export interface EvidenceRecord {
  readonly version: 1;
  readonly run: {
    readonly runId: string;
    readonly kind: 'backtest' | 'walkforward' | 'sweep';
    readonly strategy: string;
    /** Hash of the strategy's code. */
    readonly code: string;
    readonly dataset: string;
    readonly fingerprint: string;
    readonly synthetic: boolean;
    /** False where parameters were chosen on the very days that are judged. */
    readonly outOfSample: boolean;
  };
  readonly grade: EvidenceGrade;
  /** The verdict in plain words. */
  readonly sentence: string;
  /** The reason that decided, by itself. */
  readonly because: string;
  readonly reasons: readonly EvidenceReason[];
  /** What was judged: the run itself, or the test windows of a walk-forward end to end. */
  readonly judged: {
    readonly from: number;
    readonly to: number;
    /** Return observations, and closed trades. */
    readonly returns: number;
    readonly trades: number;
    /** After all costs. */
    readonly netReturn: number | null;
  };
  readonly tried: TrialEvidence;
  /** Annual Sharpe ratios and probabilities of the judged returns. */
  readonly sharpe: {
    readonly annual: Estimate;
    readonly low: number | null;
    readonly high: number | null;
    readonly level: number;
    readonly psr: Estimate;
    /** Deflated by all trials (the cautious one, which the verdict uses) and by the effective number. */
    readonly dsr: Estimate;
    readonly dsrEffective: Estimate;
    /** What the best of so many worthless trials would show, annual. */
    readonly lucky: Estimate;
    /** `annual` less `lucky`: what is left. */
    readonly corrected: Estimate;
    /** Years of returns needed for 95 % confidence in a Sharpe above 0, and for the number of trials. */
    readonly minTrackRecordYears: Estimate;
    readonly minBacktestYears: Estimate;
    readonly years: number;
    /** Return observations a year: what makes a ratio per observation an annual one. */
    readonly periodsPerYear: number;
  };
  readonly intervals: readonly EvidenceInterval[];
  readonly search: SearchEvidence | null;
  /** Median over the folds of a walk-forward of each one's own probability of overfitting; null where there are no folds. */
  readonly foldPbo: Estimate | null;
  readonly years: readonly EvidencePeriod[];
  readonly regimes: readonly EvidencePeriod[];
  readonly checks: readonly CheckResult[];
  /** What could not be tested, and why. */
  readonly untested: readonly { readonly what: string; readonly why: string }[];
  readonly thresholds: EvidenceThresholds;
}
