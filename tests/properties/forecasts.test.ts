import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { flowOver } from '../../src/cluster/flow.js';
import type { JobEngine } from '../../src/cluster/job-engine.js';
import { backgroundTrainer } from '../../src/experiments/background-trainer.js';
import type { FitShared, FitTask } from '../../src/experiments/fit.js';
import { forecastTape, panelOf } from '../../src/experiments/forecasting.js';
import { forecastRecipe } from '../../src/engine/forecast-recipe.js';
import type { RunResult } from '../../src/engine/run-result.js';
import type { Chunk } from '../../src/events/market.js';
import type { Calibrator } from '../../src/models/calibration/calibrator.js';
import { temperature } from '../../src/models/calibration/temperature.js';
import { bayesianAveraging } from '../../src/models/ensemble/bayesian-averaging.js';
import type { EnsembleRule } from '../../src/models/ensemble/ensemble-rule.js';
import type { Forecaster } from '../../src/models/forecaster.js';
import { tapeSource } from '../../src/models/forecast-tape.js';
import { fixedHorizon } from '../../src/models/labels/fixed-horizon.js';
import type { Label } from '../../src/models/labels/label.js';
import { gradientBoosting } from '../../src/models/gradient-boosting.js';
import { gru } from '../../src/models/gru.js';
import { lstm } from '../../src/models/lstm.js';
import { mixtureDensity } from '../../src/models/mixture-density.js';
import { mlp } from '../../src/models/mlp.js';
import { randomForest } from '../../src/models/random-forest.js';
import { logisticRegression } from '../../src/models/logistic.js';
import { trainModel } from '../../src/models/trained-model.js';
import { inlineTrainer, recordedTrainer, type Trainer, type TrainingJob } from '../../src/models/trainer.js';
import { allRows } from '../../src/models/training-plan.js';
import { trainingSet, type TrainingSet } from '../../src/models/training-set.js';
import { scalerRule, type ScalerRule } from '../../src/features/scalers/scaler.js';
import { backtest, type BacktestSpec } from '../../src/sim/backtest.js';
import { verifyCausality } from '../../src/sim/verify-causality.js';
import type { Strategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';
import { forecastingStrategy, tinyRecipe } from '../arbitraries/forecasting-strategy.js';
import { smallMarket, type SmallMarket } from '../arbitraries/market.js';

const play = (market: SmallMarket, strategy: Strategy, more: Partial<BacktestSpec> = {}): Promise<RunResult> =>
  backtest({
    strategy,
    params: {},
    bundle: 'test',
    config: market.config,
    instruments: market.instruments,
    feed: memoryFeed(market.chunks, { from: -Infinity, to: market.config.to }),
    ...more,
  });

const typesOf = (result: RunResult, type: string): readonly object[] => result.facts.filter(fact => fact.type === type);

describe('forecasts in a run', () => {
  const market = smallMarket(7, 700, 2);

  it('come from models that are trained on schedule, activated after the delay, and weighed by outcomes', async () => {
    const result = await play(market, forecastingStrategy(tinyRecipe()));
    const requests = result.facts.filter(fact => fact.type === 'TrainingRequested');
    const activations = result.facts.filter(fact => fact.type === 'ModelActivated');
    expect(requests.length).toBeGreaterThan(5);
    expect(activations.length).toBe(2 * requests.length);
    for (const request of requests) {
      expect(request.activateAt).toBe(request.ts + 2 * HOUR);
      for (const fact of activations.filter(({ request: of }) => of === request.request)) expect(fact.ts).toBe(request.activateAt);
    }
    // After the first, at the first bar of each stretch of 72 hours.
    for (const { ts } of requests.slice(1)) expect(ts % (72 * HOUR)).toBe(0);
    expect(typesOf(result, 'WeightsChanged').length).toBeGreaterThan(100);
    expect(typesOf(result, 'CalibrationFitted').length).toBeGreaterThan(3);
    expect(result.fills.length).toBeGreaterThan(10);
  });

  it('never learn from a row whose outcome was not known when the training was requested', async () => {
    const seen: { to: number; last: number }[] = [];
    const inner = logisticRegression();
    const spy: Forecaster = {
      ...inner,
      fit: (rows, seed, options) => {
        seen.push({ to: rows.ts[rows.count - 1]!, last: rows.count });
        return inner.fit(rows, seed, options);
      },
    };
    const result = await play(market, forecastingStrategy(tinyRecipe({}, spy)));
    const requests = result.facts.filter(fact => fact.type === 'TrainingRequested');
    expect(seen.length).toBe(requests.length);
    requests.forEach((request, k) => {
      expect(seen[k]!.last).toBe(request.rows);
      // The newest row that could have matured by the request is the horizon, four bars, older than it.
      expect(seen[k]!.to).toBe(request.ts - 4 * HOUR);
    });
  });

  it('are the same from a tape over the whole history as from models at work in the run', async () => {
    const recipe = tinyRecipe();
    const own = await play(market, forecastingStrategy(recipe));
    const tape = await forecastTape(forecastRecipe(forecastingStrategy(recipe), {}, market.config, 'test')!, market.config, market.chunks);
    const taped = await play(market, forecastingStrategy(recipe), { forecasts: tapeSource(tape) });
    expect(taped.fingerprint).toBe(own.fingerprint);
    expect(taped.forecasts!.combined).toEqual(own.forecasts!.combined);
    // A later window of the same tape says the same of its bars.
    const from = market.config.from + 400 * HOUR;
    const later = { ...market, config: { ...market.config, from } };
    const [a, b] = [
      await play(later, forecastingStrategy(recipe)),
      await play(later, forecastingStrategy(recipe), { forecasts: tapeSource(tape) }),
    ];
    expect(b.fingerprint).toBe(a.fingerprint);
    expect([...b.forecasts!.combined]).toEqual([...own.forecasts!.combined].slice(-b.forecasts!.combined.length));
  });

  it('begin a run with the models, calibrations and weights that are in force', async () => {
    const from = market.config.from + 400 * HOUR;
    const result = await play({ ...market, config: { ...market.config, from } }, forecastingStrategy(tinyRecipe()));
    const early = result.facts.filter(fact => fact.ts === from + HOUR).map(({ type }) => type);
    expect(early.filter(type => type === 'ModelActivated').length).toBe(2);
    expect(early).toContain('WeightsChanged');
    expect(early).toContain('CalibrationFitted');
  });

  it('are refused where a training could never have rows enough, and not left out in silence', async () => {
    const training = { historyLimit: 100, minimumRows: 250 };
    await expect(play(market, forecastingStrategy(tinyRecipe({ training })))).rejects.toThrow(/needs 250 rows, and 100 bars of 2 symbols/);
  });

  it('give one fingerprint whatever else runs, and another with another seed of a model that draws', async () => {
    const [a, b] = [await play(market, forecastingStrategy(tinyRecipe())), await play(market, forecastingStrategy(tinyRecipe()))];
    expect(b.fingerprint).toBe(a.fingerprint);
    expect(b.facts).toEqual(a.facts);
  });
});

describe('a trainer that works in the background', () => {
  it('gives the model that training in place would give, once it is done', async () => {
    const recipe = tinyRecipe();
    const set: TrainingSet = (() => {
      const { config, chunks } = smallMarket(5, 300, 1);
      const store = allRows(recipe, panelOf(config, chunks));
      return trainingSet(store, recipe, config.to, HOUR);
    })();
    const job: TrainingJob = { request: 0, model: 'member', recipe, seed: 1, previous: null, set: () => set };
    const own = inlineTrainer().take(job, 0)!;
    const failures: unknown[] = [];
    // The engine is asked for the handler; here it does at once what the handler would.
    const run = <P, R>(_: string, payloads: readonly P[]): Promise<R[]> => {
      const { model, set: rows, previous } = payloads[0] as FitTask;
      if (model === 'broken') return Promise.reject(new Error('out of memory'));
      return Promise.resolve([trainModel(recipe, model, rows, 1, previous) as R]);
    };
    const engine: JobEngine = { workers: 1, run, flow: flowOver(run), close: () => Promise.resolve() };
    const shared: FitShared = { strategy: { builtin: 'none' }, bundle: '', params: {}, config: smallMarket(5, 60, 1).config };
    const trainer = backgroundTrainer(engine, shared, (model, error) => failures.push([model, String(error)]));
    trainer.request(job);
    expect(trainer.take(job, 0)).toBeNull();
    await new Promise(resolve => setTimeout(resolve, 0));
    expect(trainer.take(job, 1)).toEqual(own);
    expect(trainer.take(job, 2)).toBeNull();
    trainer.request({ ...job, model: 'broken' });
    await new Promise(resolve => setTimeout(resolve, 0));
    expect(failures).toEqual([['broken', 'Error: out of memory']]);
  });
});

/** A trainer of another place: each model is ready so many bars after it was asked for. */
const slowTrainer = (bars: number): Trainer => {
  const inline = inlineTrainer();
  const asked = new Map<string, number>();
  return {
    request: () => undefined,
    take: (job, now) => {
      const name = `${job.request}/${job.model}`;
      const first = asked.get(name) ?? now;
      asked.set(name, first);
      return now >= first + bars * HOUR ? inline.take(job, now) : null;
    },
  };
};

describe('a training that is late', () => {
  const market = smallMarket(9, 600, 2);

  it('is recorded, leaves the old model in force, and is obeyed when the run is replayed', async () => {
    const strategy = forecastingStrategy(tinyRecipe());
    const late = await play(market, strategy, { trainer: slowTrainer(5) });
    const facts = late.facts.filter(fact => fact.type === 'ModelLate');
    expect(facts.length).toBeGreaterThan(4);
    const activations = late.facts.filter(fact => fact.type === 'ModelActivated');
    for (const { dueAt, request, model } of facts)
      expect(activations.find(fact => fact.request === request && fact.model === model)?.ts ?? dueAt + 5 * HOUR).toBe(dueAt + 5 * HOUR);
    const replayed = await play(market, strategy, { trainer: recordedTrainer(inlineTrainer(), late.facts) });
    expect(replayed.fingerprint).toBe(late.fingerprint);
    expect(replayed.facts).toEqual(late.facts);
    expect((await play(market, strategy)).fingerprint).not.toBe(late.fingerprint);
  });

  it('lets models expire, and without any nothing is forecast', async () => {
    let taken = 0;
    const inline = inlineTrainer();
    const trainer: Trainer = { request: () => undefined, take: (job, now) => (taken++ < 2 ? inline.take(job, now) : null) };
    const result = await play(market, forecastingStrategy(tinyRecipe({ training: { maximumAge: 100 } })), { trainer });
    const expired = result.facts.filter(fact => fact.type === 'ModelExpired');
    expect(expired.map(({ model }) => model).sort()).toEqual(['climatology', 'member']);
    const { ts, combined } = result.forecasts!;
    const end = expired[0]!.ts;
    const said = [...ts].filter((t, i) => t >= end && combined[3 * i]! >= 0);
    expect(said).toEqual([]);
    expect([...ts].filter((t, i) => t < end && combined[3 * i]! >= 0).length).toBeGreaterThan(100);
  });
});

const closesOf = (chunks: readonly Chunk[]): Map<number, number> => {
  const bars = chunks.find(({ kind }) => kind === 'bars')!;
  return new Map(Array.from(bars.ts.subarray(0, bars.rows), (t, i) => [t + HOUR, bars.columns[3]![i]!]));
};

const future = (chunks: readonly Chunk[]): number => [...closesOf(chunks).values()].at(-1)!;

describe('law 3 for models', () => {
  const market = smallMarket(11, 460, 2);
  const verify = (strategyOn: (chunks: readonly Chunk[]) => Strategy) =>
    verifyCausality({ strategyOn, params: {}, config: market.config, instruments: market.instruments, chunks: market.chunks, cuts: 3 });

  it('holds for forecasts, weights, calibrations and trainings', async () => {
    const verdict = await verify(() => forecastingStrategy(tinyRecipe()));
    expect(verdict.leaks).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(verdict.compared).toBeGreaterThan(1000);
  });

  const MEMBERS: Readonly<Record<string, () => Forecaster>> = {
    boosting: () => gradientBoosting({ trees: 8, depth: 3, minLeaf: 5, subsample: 0.7, featureFraction: 0.7 }),
    forest: () => randomForest({ trees: 8, depth: 4, minLeaf: 5 }),
    mlp: () => mlp({ epochs: 2 }),
    lstm: () => lstm({ lookback: 4, units: 4, epochs: 1 }),
    gru: () => gru({ lookback: 4, units: 4, epochs: 1 }),
    'mixture-density': () => mixtureDensity({ epochs: 2 }),
  };
  it.each(Object.keys(MEMBERS))('holds with %s among the models', async name => {
    const verdict = await verify(() => forecastingStrategy(tinyRecipe({}, MEMBERS[name]!())));
    expect(verdict.leaks).toEqual([]);
    expect(verdict.ok).toBe(true);
  });

  it('catches a model that looks beyond its rows', async () => {
    const verdict = await verify(chunks => {
      const inner = logisticRegression();
      const shift = 1e-6 * future(chunks);
      const leaking: Forecaster = {
        ...inner,
        fit: (rows, seed, options) => inner.fit({ ...rows, x: rows.x.map(value => value * (1 + shift)) }, seed, options),
      };
      return forecastingStrategy(tinyRecipe({}, leaking));
    });
    expect(verdict.ok).toBe(false);
  });

  it('catches a label that is known before its time', async () => {
    const verdict = await verify(chunks => {
      const closes = closesOf(chunks);
      const honest = fixedHorizon({ horizon: 4, band: { kind: 'volatility', multiple: 0.3 } });
      // Hands out the outcome at once, read from the future.
      const early: Label = {
        ...honest,
        create: emit => {
          let row = 0;
          return {
            push: bar => {
              const later = closes.get(bar.ts + 4 * HOUR) ?? bar.close;
              const outcome = later / bar.close - 1;
              emit({ row, openedAt: bar.ts, maturedAt: bar.ts, bars: 0, label: outcome > 0 ? 2 : 0, outcome });
              row++;
            },
            open: 0,
          };
        },
      };
      return forecastingStrategy(tinyRecipe({ label: early }));
    });
    expect(verdict.ok).toBe(false);
  });

  it('catches a scaler that is fitted on all of the data', async () => {
    const verdict = await verify(chunks => {
      const honest = scalerRule('z');
      const leaking: ScalerRule = {
        ...honest,
        fit: (x, count, width) =>
          honest.fit(
            x.map(value => value * (1 + 1e-6 * future(chunks))),
            count,
            width,
          ),
      };
      return forecastingStrategy(tinyRecipe({ scaler: leaking }));
    });
    expect(verdict.ok).toBe(false);
  });

  it('catches a calibration that has seen the end', async () => {
    const verdict = await verify(chunks => {
      const honest = temperature();
      const leaking: Calibrator = {
        ...honest,
        calibration: state => {
          const map = honest.calibration(state);
          return (p, offset) => {
            map(p, offset);
            const shift = 1e-9 * future(chunks);
            p[offset] = p[offset]! + shift;
            p[offset + 2] = p[offset + 2]! - shift;
          };
        },
      };
      return forecastingStrategy(tinyRecipe({ calibration: { members: leaking } }));
    });
    expect(verdict.ok).toBe(false);
  });

  it('catches weights that know which model will be right', async () => {
    const verdict = await verify(chunks => {
      const honest = bayesianAveraging();
      const leaking: EnsembleRule = {
        ...honest,
        create: models => {
          const inner = honest.create(models);
          return {
            learn: inner.learn.bind(inner),
            combine: inner.combine.bind(inner),
            state: inner.state.bind(inner),
            weights: (awake, out) => {
              inner.weights(awake, out);
              const shift = 1e-9 * future(chunks);
              out[0] = out[0]! + shift;
              out[1] = out[1]! - shift;
            },
          };
        },
      };
      return forecastingStrategy(tinyRecipe({ ensemble: leaking }));
    });
    expect(verdict.ok).toBe(false);
  });
});
