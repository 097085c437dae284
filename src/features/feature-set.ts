import type { Feature } from './feature.js';
import type { PanelFeature, PanelNeed } from './panel-feature.js';

/** How features are brought to one scale; fitted on training rows only, so on the past only. */
export type ScalerKind = 'none' | 'z' | 'robust' | 'rank';

/** A named, versioned list of features: what a model is trained on. */
export interface FeatureSet {
  /** Kebab-case. */
  readonly name: string;
  /** Raised when the list changes: a checkpoint names the version that it was trained on. */
  readonly version: number;
  readonly description: string;
  readonly features: readonly Feature[];
  readonly panel: readonly PanelFeature[];
  readonly scaler: ScalerKind;
}

/** Names of the set's columns, one an output: `key`, or `key.output` when a feature has several. */
export const featureNames = ({ features, panel }: Pick<FeatureSet, 'features' | 'panel'>): readonly string[] =>
  [...features, ...panel].flatMap(({ key, outputs }) => (outputs.length === 1 ? [key] : outputs.map(output => `${key}.${output}`)));

/** `name@version`. */
export const featureSetId = ({ name, version }: FeatureSet): string => `${name}@${version}`;

/** What besides bars the set can use. */
export const featureSetNeeds = ({ panel }: FeatureSet): readonly PanelNeed[] => [...new Set(panel.flatMap(({ needs }) => needs))].sort();

/** Bars until every feature of the set has a value. */
export const featureSetWarmup = ({ features, panel }: FeatureSet): number =>
  Math.max(0, ...[...features, ...panel].map(({ warmup }) => warmup));
