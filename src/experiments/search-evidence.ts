import { canonicalJson } from '../datasets/canonical-json.js';
import type { Params } from '../engine/run-result.js';
import { estimate, noEstimate } from './estimate.js';
import type { Estimate } from './estimate.js';
import { effectiveTrials } from './overfitting/effective-trials.js';
import { falseDiscovery } from './overfitting/false-discovery.js';
import { haircutSharpe } from './overfitting/haircut-sharpe.js';
import { observedSharpe, probabilisticSharpe } from './overfitting/psr.js';
import { realityCheck } from './overfitting/reality-check.js';
import { stepwiseTest } from './overfitting/stepwise.js';
import { superiorPredictiveAbility } from './overfitting/superior-predictive-ability.js';
import { searchLogits } from './search-overfitting.js';

/** What the returns of all configurations of a search say about its best one. Everything is null with a reason where it could not be computed. */
export interface SearchEvidence {
  /** E.g. `the training windows joined, 1,204 days`: what the returns cover. */
  readonly over: string;
  readonly configurations: number;
  /** Return observations of each. */
  readonly observations: number;
  /** Effective number of independent configurations among them. */
  readonly effective: Estimate;
  /** The best by Sharpe ratio; null when none has one. */
  readonly best: { readonly params: Params; readonly sharpe: number } | null;
  readonly pbo: Estimate;
  /** One a split, for the histogram; empty where `pbo` is null. */
  readonly logits: Float64Array;
  /** p-value of White's reality check: could the best of these be as good as it is without any edge? */
  readonly realityCheck: Estimate;
  /** Hansen's consistent p-value. */
  readonly spa: Estimate;
  /** Configurations that Romano & Wolf's stepwise test, Benjamini & Hochberg and Benjamini & Yekutieli leave standing at `alpha`. */
  readonly surviving: { readonly stepwise: number; readonly falseDiscovery: number; readonly anyDependence: number } | null;
  readonly alpha: number;
  /** Annual Sharpe ratio of the best after Harvey & Liu's haircut (Holm; Benjamini, Hochberg & Yekutieli), for the trials of the ledger. */
  readonly haircut: { readonly holm: Estimate; readonly falseDiscovery: Estimate };
}

/** What a search's returns say by themselves; the number of trials, which the ledger knows once all of them are on it, is allowed for by `afterHaircut`. */
export interface JudgedSearch extends Omit<SearchEvidence, 'haircut'> {
  /** What the haircut is made of: a Sharpe ratio per return for each configuration (NaN: none), in the order of their canonical JSON. */
  readonly uncut: { readonly sharpes: readonly number[]; readonly periodsPerYear: number } | { readonly reason: string };
}

/** One configuration that was tried, with its returns per period on the dates of all the others. */
export interface SearchedConfiguration {
  readonly params: Params;
  readonly returns: Float64Array;
}

/** What is judged. */
export interface JudgedInput {
  readonly configurations: readonly SearchedConfiguration[];
  readonly periodsPerYear: number;
  /** What the returns cover, in words. */
  readonly over: string;
  readonly seed: number | string;
  /** Level of the tests that count survivors (0.05). */
  readonly alpha?: number;
  /** Resamples of each test (1,000). */
  readonly samples?: number;
}

/** With what it is to be allowed for. */
export interface SearchEvidenceInput extends JudgedInput {
  /** N of the ledger; those that are not among `configurations` count as failures in the haircut. */
  readonly trials: number;
}

/** Why a figure is missing where no returns vary. */
const FLAT = 'no configuration has returns that vary';
/** Fewest returns that are resampled. */
const FEWEST = 20;
/** Returns × configurations that a test resamples in about a second; above it days are joined, down to so many rows. */
const CELLS = 800_000;
const ROWS_KEPT = 100;

/** Sums of `step` returns each, the oldest remainder dropped. */
const sumsOf = (returns: Float64Array, step: number): Float64Array => {
  if (step === 1) return returns;
  const rows = Math.floor(returns.length / step);
  const skipped = returns.length - rows * step;
  const sums = new Float64Array(rows);
  for (let i = skipped; i < returns.length; i++) sums[Math.floor((i - skipped) / step)]! += returns[i]!;
  return sums;
};

const stepFor = (rows: number, configurations: number): number =>
  Math.max(1, Math.min(Math.ceil((rows * configurations) / CELLS), Math.floor(rows / ROWS_KEPT)));

/**
 * Judges a search by the returns of everything it tried: could the best be as good as it is by luck alone? The benchmark of all tests is a return of 0. Ties for the best are broken by
 * canonical JSON.
 *
 * Bounded cost: reality check, SPA, the stepwise test and the effective number look at all configurations, but above 800,000 returns in all they look at sums of several
 * returns each (not below 100 sums), which `over` then says; serial dependence within a sum is kept by it. With 1,000 strategies on only 365 days SPA and the stepwise test reject a
 * worthless search in about 8 % of cases at a nominal 5 %, because a normal law is reached slowly in the far tail: read a p-value just under 0.05 as doubtful there. Each
 * configuration's own p-value, which Benjamini & Hochberg and Benjamini & Yekutieli correct, is 1 less its probabilistic Sharpe ratio.
 */
export const judgeSearch = (input: JudgedInput): JudgedSearch => {
  const { periodsPerYear, seed, alpha = 0.05, samples = 1000 } = input;
  // In an order of their own, so that the order of evaluation decides nothing.
  const configurations = input.configurations
    .map(one => ({ ...one, key: canonicalJson(one.params) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const columns = configurations.map(({ returns }) => returns);
  const rows = columns[0]?.length ?? 0;
  const step = stepFor(rows, columns.length);
  const { pbo, logits } = searchLogits(columns);
  const annual = Math.sqrt(periodsPerYear);
  const base = {
    over: step === 1 ? input.over : `${input.over}; tests by resampling on sums of ${step} returns`,
    configurations: columns.length,
    observations: rows,
    pbo,
    logits,
    alpha,
  };
  const reason =
    columns.length === 0
      ? 'no configuration was evaluated in full'
      : columns.some(column => column.length !== rows)
        ? 'the configurations have returns on different dates'
        : columns.some(column => !column.every(Number.isFinite))
          ? 'a configuration has returns that are not numbers'
          : rows < FEWEST
            ? `${rows} returns are too few to resample`
            : null;
  if (reason !== null) {
    const missing = noEstimate(reason);
    return { ...base, effective: missing, realityCheck: missing, spa: missing, best: null, surviving: null, uncut: { reason } };
  }
  const observed = columns.map(observedSharpe);
  const sharpes = observed.map(({ sharpe }) => (Number.isFinite(sharpe) ? sharpe : NaN));
  const highest = sharpes.reduce((most, sharpe) => (sharpe > most ? sharpe : most), -Infinity);
  const best = sharpes.indexOf(highest);
  const resampled = columns.map(column => sumsOf(column, step));
  const options = { samples, seed };
  const effective = effectiveTrials(resampled);
  const pValues = observed.map(one => {
    const probability = 1 - probabilisticSharpe(one);
    return Number.isNaN(probability) ? 1 : probability;
  });
  const standing = (adjusted: ArrayLike<number>): number => Array.from(adjusted).filter(p => p <= alpha).length;
  return {
    ...base,
    // Shades or ideas, whichever are more: the cautious count.
    effective: estimate(Math.max(effective.byEigenvalues, effective.byClusters), FLAT),
    best: best < 0 ? null : { params: configurations[best]!.params, sharpe: highest * annual },
    realityCheck: estimate(realityCheck(resampled, options).pValue, FLAT),
    spa: estimate(superiorPredictiveAbility(resampled, options).consistent, FLAT),
    surviving: {
      stepwise: standing(stepwiseTest(resampled, options).pValues),
      falseDiscovery: standing(falseDiscovery(pValues)),
      anyDependence: standing(falseDiscovery(pValues, { dependence: 'any' })),
    },
    uncut: best < 0 ? { reason: FLAT } : { sharpes, periodsPerYear },
  };
};

/** The same with the best ratio after the haircut for `trials`, N of the ledger; those that are not among the search's configurations count as failures. */
export const afterHaircut = ({ uncut, ...judged }: JudgedSearch, trials: number): SearchEvidence => {
  if ('reason' in uncut) {
    const missing = noEstimate(uncut.reason);
    return { ...judged, haircut: { holm: missing, falseDiscovery: missing } };
  }
  const { sharpes, periodsPerYear } = uncut;
  const cut = haircutSharpe({ sharpes, observations: judged.observations, count: Math.max(trials, sharpes.length) });
  const annual = (sharpe: number): Estimate => estimate(sharpe * Math.sqrt(periodsPerYear), FLAT);
  return { ...judged, haircut: { holm: annual(cut.holm.sharpe), falseDiscovery: annual(cut.bhy.sharpe) } };
};

/** `judgeSearch` and `afterHaircut` in one. */
export const searchEvidence = ({ trials, ...input }: SearchEvidenceInput): SearchEvidence => afterHaircut(judgeSearch(input), trials);
