import type { VersionScore } from '../models/registry/version-scores.js';
import { percent } from './figures.js';

/** `1.2 % [-0.3 %, 2.7 %]`: how much better than climatology, with its 95 % interval; an en dash where there is no evidence. */
export const skillText = ({ skill }: Pick<VersionScore, 'skill'>): string =>
  skill === null ? '–' : `${percent(skill.estimate, 2)} [${percent(skill.low, 2)}, ${percent(skill.high, 2)}]`;

/** `91.2 % of 90 %`: how much the interval held of what it promised. */
export const coverageText = ({ coverage }: Pick<VersionScore, 'coverage'>): string =>
  coverage === null
    ? '–'
    : `${percent(coverage.share)} [${percent(coverage.low)}, ${percent(coverage.high)}] of ${percent(coverage.nominal, 0)} promised`;

/** Why figures are missing, each reason once. */
export const missingText = (scores: readonly VersionScore[], figures: readonly string[]): readonly string[] => {
  const reasons = scores.flatMap(({ model, missing }) =>
    model === 'climatology'
      ? []
      : figures.flatMap(figure => (missing[figure] === undefined ? [] : [`${model}: not enough samples (${missing[figure]})`])),
  );
  return [...new Set(reasons)];
};
