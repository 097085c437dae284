import { createHash } from 'node:crypto';
import { canonicalJson } from '../../datasets/canonical-json.js';
import type { Json } from '../forecaster.js';
import type { VersionScores } from './version-scores.js';

/** One version of a saved set of models: what it was made by and of, and what forecasts by its recipe were worth. Times are epoch ms. */
export interface ModelVersion {
  readonly format: 1;
  /** Name and version of the platform that trained it. */
  readonly platform: string;
  /** `bundle` is the SHA-256 of the strategy's code, or `builtin:<name>`. */
  readonly strategy: { readonly name: string; readonly bundle: string };
  readonly params: { readonly [name: string]: Json };
  /** SHA-256 of the recipe, and the recipe as data. */
  readonly recipe: { readonly hash: string; readonly identity: Json };
  /** The dataset's own version, a SHA-256. */
  readonly dataset: { readonly id: string; readonly version: string };
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly seed: number;
  /** When the training was requested: nothing known later went into the models. Rows are from `from` to `to`; `data` is their hash. */
  readonly training: { readonly at: number; readonly from: number; readonly to: number; readonly rows: number; readonly data: string };
  /** Names of the checkpoints by member. */
  readonly members: Readonly<Record<string, string>>;
  readonly scores: VersionScores;
}

/** SHA-256 of a version's canonical JSON: its name. The same training on the same data is the same version, whenever it is done. */
export const versionHash = (version: ModelVersion): string => createHash('sha256').update(canonicalJson(version)).digest('hex');
