import { listOf, recordOf } from '../research/unknown-json.js';
import { useAnswer } from '../state/answer.js';
import { DEFAULT_STEPS } from './ramp-steps.js';

/** Steps of the ramp as the workspace set them. */
export const useRampSteps = (): readonly number[] => {
  const settings = useAnswer('settings.list', {}).value?.settings ?? [];
  const value = (key: string): unknown => settings.find(setting => setting.key === key)?.value;
  const set = value('promotion.ramp.steps') ?? recordOf(value('promotion.ramp')).steps ?? recordOf(recordOf(value('promotion')).ramp).steps;
  const steps = listOf(set).filter(each => typeof each === 'number');
  return steps.length === 0 ? DEFAULT_STEPS : steps;
};
