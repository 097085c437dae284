import { listOf, recordOf } from '../research/unknown-json.js';

/** Shares of the approved size where nobody set others: `promotion.ramp.steps`. */
export const DEFAULT_STEPS: readonly number[] = [0.01, 0.1, 0.5, 1];

/** Steps of the ramp as the workspace set them; null while its settings are not known. */
export const rampSteps = (settings: readonly { readonly key: string; readonly value?: unknown }[] | null): readonly number[] | null => {
  if (settings === null) return null;
  const value = (key: string): unknown => settings.find(setting => setting.key === key)?.value;
  const set = value('promotion.ramp.steps') ?? recordOf(value('promotion.ramp')).steps ?? recordOf(recordOf(value('promotion')).ramp).steps;
  const steps = listOf(set).filter(each => typeof each === 'number');
  return steps.length === 0 ? DEFAULT_STEPS : steps;
};

/** Where a promotion stands on its ramp: index of the step that its share is on (−1 below the first), and the next share, or null at the top. */
export const rampPlace = (
  share: number,
  steps: readonly number[] = DEFAULT_STEPS,
): { readonly step: number; readonly next: number | null } => {
  const step = steps.reduce((found, each, i) => (share >= each - 1e-9 ? i : found), -1);
  return { step, next: steps[step + 1] ?? null };
};
