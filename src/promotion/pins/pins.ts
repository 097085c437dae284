import type { Params } from '../../engine/run-result.js';

/**
 * What a promotion is bound to: `promotions/<id>/pins.json`. A stage is entered, and every session of it begins, only with exactly this. New data and new checkpoints by the same recipe are no part of it.
 */
export interface Pins {
  readonly version: 1;
  readonly strategy: {
    readonly name: string;
    /** Built-in name, or null. */
    readonly builtin: string | null;
    /** Where its file lies, relative to the workspace; null for a built-in. Told, not pinned: a project may move. */
    readonly entry: string | null;
    /** SHA-256 of the bundle, or `builtin:<name>`. */
    readonly bundle: string;
    /** SHA-256 of the bytes of every file that went into the bundle, by path relative to the entry's folder; the entry first. Empty for a built-in, whose code is the platform's. */
    readonly files: readonly { readonly path: string; readonly sha256: string }[];
    readonly params: Params;
  };
  readonly platform: {
    /** E.g. `quantai-trad@0.1.0`. */
    readonly version: string;
    /** SHA-256 over all of the platform's compiled files, and of the lock file that its dependencies were installed by (null where there is none). */
    readonly code: string;
    readonly lock: { readonly path: string; readonly sha256: string } | null;
  };
  /** SHA-256 of `promotions/<id>/config.json`, the effective configuration of a session but for capital and window. */
  readonly config: string;
  /** Of the strategy's forecasts (features, labels, algorithms, schedule, seed); null for a strategy without. Its parts are in `promotions/<id>/recipe.json`. */
  readonly recipe: { readonly hash: string; readonly seed: number } | null;
  /** Saved models of that recipe, as they lay in the workspace: SHA-256 of the files' bytes by path relative to it. Models trained later are named by their own content. */
  readonly checkpoints: readonly { readonly path: string; readonly sha256: string }[];
  readonly dataset: { readonly id: string; readonly version: string; readonly synthetic: boolean };
  readonly evidence: {
    readonly run: string;
    readonly fingerprint: string;
    /** SHA-256 of the bytes of the run's `evidence.json`, of which `promotions/<id>/evidence.json` is a copy. */
    readonly sha256: string;
  };
  /** SHA-256 of `promotions/<id>/expectation.json`; null where nothing can be expected, as of a run without days out of sample. */
  readonly expectation: string | null;
}
