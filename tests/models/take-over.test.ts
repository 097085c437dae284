import { describe, expect, it } from 'vitest';
import { panelOf } from '../../src/experiments/forecasting.js';
import { ForecastDesk, type ForecastDeskSetup } from '../../src/models/forecast-desk.js';
import type { ForecastEvent } from '../../src/models/forecast-event.js';
import { sliceRecord } from '../../src/models/record-stretch.js';
import { walkPanel } from '../../src/models/panel-walk.js';
import { trainedHash, trainModel, type TrainedModel } from '../../src/models/trained-model.js';
import { inlineTrainer } from '../../src/models/trainer.js';
import { allRows } from '../../src/models/training-plan.js';
import { trainingSet } from '../../src/models/training-set.js';
import { HOUR } from '../../src/time.js';
import { tinyRecipe } from '../arbitraries/forecasting-strategy.js';
import { smallMarket } from '../arbitraries/market.js';

const { config, chunks } = smallMarket(3, 420, 2);
const walk = panelOf(config, chunks);
const recipe = tinyRecipe();
const AT = Date.UTC(2024, 0, 1) + 300 * HOUR;

const saved = (at: number): TrainedModel[] => {
  const set = trainingSet(allRows(recipe, walk), recipe, at, HOUR);
  return Object.keys(recipe.models).map(model => trainModel(recipe, model, set, 1, null));
};

const play = (more: Partial<ForecastDeskSetup> = {}) => {
  const desk = new ForecastDesk({ recipe, symbols: walk.symbols, barMs: HOUR, seed: 1, trainer: inlineTrainer(), ...more });
  const events: ForecastEvent[] = [];
  walkPanel(walk, (now, bars, futures) => events.push(...desk.step(now, bars, futures)));
  return { record: desk.record(-Infinity), events };
};

describe('models that take over', () => {
  const models = saved(AT);
  const own = play();
  const taken = play({ takeOver: { at: AT, models } });

  it('change nothing before their moment', () => {
    const before = (played: typeof own) => sliceRecord(played.record, -Infinity, AT - HOUR);
    const { maturedAt: a, outcome: b, realised: c, ...left } = before(own);
    const { maturedAt: d, outcome: e, realised: f, ...right } = before(taken);
    expect([d, e, f]).toEqual([a, b, c]);
    expect(left.length).toBeGreaterThan(100);
    expect(right).toEqual(left);
    expect(taken.events.filter(({ ts }) => ts < AT)).toEqual(own.events.filter(({ ts }) => ts < AT));
  });

  it('are in force from then on, under the names of their content, and nothing is trained any more', () => {
    expect(own.events.some(({ ts, type }) => ts > AT && type === 'TrainingRequested')).toBe(true);
    const after = taken.events.filter(({ ts }) => ts >= AT);
    expect(after.filter(({ type }) => type === 'TrainingRequested')).toEqual([]);
    const activated = after.flatMap(event => (event.type === 'ModelActivated' ? [[event.ts, event.model, event.checkpoint]] : []));
    expect(activated).toEqual(models.map(model => [AT, model.model, trainedHash(model)]));
  });

  it('say what they say themselves: climatology, whose calibration is none, gives its own prior', () => {
    const { record } = taken;
    const prior = models[0]!.moments.prior;
    const m = record.models.indexOf('climatology');
    let seen = 0;
    for (let i = 0; i < record.length; i++) {
      if (record.ts[i]! < AT) continue;
      seen++;
      for (let k = 0; k < 3; k++) expect(record.probability[m]![3 * i + k]).toBeCloseTo(prior[k]!, 2);
    }
    expect(seen).toBe(2 * 121);
  });

  it('are weighed and given intervals by what was learned before them', () => {
    const { record } = taken;
    const at = record.ts.indexOf(AT);
    const before = own.record.ts.indexOf(AT);
    expect(record.weight.map(weight => weight[at])).toEqual(own.record.weight.map(weight => weight[before]));
    expect(record.low[at]).toBeLessThan(record.high[at]!);
  });

  it('that the recipe does not have are refused', () => {
    const stranger = { ...models[0]!, model: 'stranger' };
    expect(() => play({ takeOver: { at: AT, models: [stranger] } })).toThrow('"stranger"');
  });
});
