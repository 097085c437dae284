import { climatology } from '../../../src/models/climatology.js';
import type { Forecaster } from '../../../src/models/forecaster.js';
import { logLosses } from '../../../src/models/scores/log-loss.js';
import { skillOver, type Skill, type SkillOptions } from '../../../src/models/scores/skill.js';
import type { TrainingRows } from '../../../src/models/training-rows.js';
import { forecastsOf } from '../../contracts/forecaster.js';

/** Probabilities of every row, NaN for those without a window; rows × 3. */
export const probabilitiesOf = (
  model: Forecaster,
  training: TrainingRows,
  fresh: readonly TrainingRows[],
  seed: number,
): Float64Array[] => {
  const checkpoint = model.fit(training, seed);
  return fresh.map(rows => {
    const said = new Float64Array(3 * rows.count).fill(NaN);
    for (const { row, forecast } of forecastsOf(model, checkpoint, rows)) said.set([forecast.down, forecast.flat, forecast.up], 3 * row);
    return said;
  });
};

/** Skill in log loss over climatology on rows that neither has seen. */
export const skillOf = async (
  model: Forecaster,
  training: TrainingRows,
  fresh: TrainingRows,
  seed: number,
  options: Partial<SkillOptions> = {},
): Promise<Skill> => {
  await model.prepare?.();
  const outcome = Float64Array.from(fresh.label);
  const [own, usual] = [model, climatology()].map(of => logLosses(probabilitiesOf(of, training, [fresh], seed)[0]!, outcome));
  return skillOver({ skill: { losses: own!, baseline: usual! } }, { ts: fresh.ts, horizon: 1, seed, ...options }).skill;
};
