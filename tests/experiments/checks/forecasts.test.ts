import { expect, test } from 'vitest';
import { forecastRecipe } from '../../../src/engine/forecast-recipe.js';
import { missingBarsCheck } from '../../../src/experiments/checks/missing-bars.js';
import { oneBarDelay } from '../../../src/experiments/checks/one-bar-delay.js';
import { parameterJitter } from '../../../src/experiments/checks/parameter-jitter.js';
import { needsTraining, probeTapes } from '../../../src/experiments/checks/probe-tapes.js';
import { costStress } from '../../../src/experiments/checks/cost-stress.js';
import type { CheckSubject, Probe } from '../../../src/experiments/checks/check.js';
import { forecastTape } from '../../../src/experiments/forecasting.js';
import { fixedHorizon } from '../../../src/models/labels/fixed-horizon.js';
import { recipeHash } from '../../../src/models/recipe.js';
import { float, int } from '../../../src/strategies/params.js';
import { defineStrategy, type Strategy } from '../../../src/strategies/strategy.js';
import { HOUR } from '../../../src/time.js';
import { tinyRecipe } from '../../arbitraries/forecasting-strategy.js';
import { smallMarket } from '../../arbitraries/market.js';

const { chunks, instruments, config } = smallMarket(7, 500, 1);

/** Its recipe names the costs and one of its parameters; the other only decides what is done with a forecast. */
const strategy: Strategy = defineStrategy({
  name: 'costly',
  params: { horizon: int(2, 40, { default: 4 }), edge: float(0, 1, { default: 0.5 }) },
  forecasts: ({ params, roundTripCost }) =>
    tinyRecipe({ label: fixedHorizon({ horizon: params.horizon, band: { kind: 'larger', value: roundTripCost, multiple: 0.3 } }) }),
  decide: () => undefined,
});
const params = { horizon: 4, edge: 0.5 };
const recipe = forecastRecipe(strategy, params, config, 'test')!;
const subject: CheckSubject = {
  strategy,
  shared: {
    strategy: { builtin: 'none' },
    bundle: 'test',
    instruments,
    config,
    chunks,
    tapes: { [recipeHash(recipe)]: await forecastTape(recipe, config, chunks) },
  },
  steps: [{ params, window: { from: config.from, to: config.to } }],
  seed: 1,
};
const planOf = (probes: readonly Probe[] | { readonly untested: string }): readonly Probe[] => {
  if ('untested' in probes) throw new Error(probes.untested);
  return probes;
};

test('dearer costs and later orders trade on the very forecasts of the subject, though costs are in the name of the recipe', async () => {
  for (const probe of [...planOf(costStress().plan(subject)), ...planOf(oneBarDelay().plan(subject))]) {
    expect(needsTraining(subject, probe)).toBe(false);
    const own = { ...config, ...probe.config };
    const tapes = await probeTapes(strategy, subject.shared, probe, own, subject.steps);
    const wanted = recipeHash(forecastRecipe(strategy, params, own, 'test')!);
    expect(tapes).toEqual({ [wanted]: Object.values(subject.shared.tapes!)[0] });
  }
  const [dear] = planOf(costStress().plan(subject));
  expect(recipeHash(forecastRecipe(strategy, params, { ...config, ...dear!.config }, 'test')!)).not.toBe(recipeHash(recipe));
});

test('orders travel a bar longer where bars cannot be late', () => {
  const [late] = planOf(oneBarDelay().plan(subject));
  const { latency } = config;
  if (latency.kind !== 'constant') throw new Error('the market has another latency');
  expect(late!.config).toEqual({ latency: { ...latency, order: latency.order + HOUR, cancel: latency.cancel + HOUR } });
});

test('changed data ask for other models, and have none of the subject', async () => {
  for (const probe of planOf(missingBarsCheck(2).plan(subject))) {
    expect(needsTraining(subject, probe)).toBe(true);
    expect(await probeTapes(strategy, subject.shared, probe, config, subject.steps)).toEqual({});
  }
});

test('neighbours are those that no model has to be trained for', () => {
  expect(planOf(parameterJitter().plan(subject)).map(({ name }) => name)).toEqual(['edge −10%', 'edge +10%']);
});
