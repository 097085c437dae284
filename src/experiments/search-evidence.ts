import type { Params } from '../engine/run-result.js';
import type { Estimate } from './estimate.js';

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
