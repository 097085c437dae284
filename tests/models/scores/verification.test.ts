import { beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import type { ForecastRecord } from '../../../src/models/forecast-record.js';
import { verify, type ForecastScores, type ModelScores } from '../../../src/models/scores/verification.js';
import { random } from '../../../src/random.js';
import { normalCdf } from '../../../src/statistics/normal.js';

const HOUR = 3_600_000;
const HORIZON = 4;
const BAND = 0.01;

interface Made {
  readonly bars?: number;
  readonly models?: readonly string[];
  readonly unmatured?: number;
}

/**
 * Two symbols whose returns over four bars have a mean that changes and that `seer` knows; `climatology` knows the law of all of them; `sleeper` is the seer for the second
 * half only. The ensemble is the seer; before calibration it is twice as timid.
 */
const record = ({ bars = 600, models = ['climatology', 'seer', 'sleeper'], unmatured = HORIZON }: Made = {}): ForecastRecord => {
  const draw = random('record');
  const length = bars * 2;
  const column = () => new Float64Array(length).fill(NaN);
  const wide = () => new Float64Array(3 * length).fill(NaN);
  const out = {
    ts: column(),
    symbol: column(),
    maturedAt: column(),
    outcome: column(),
    realised: column(),
    combinedMean: column(),
    combinedSd: column(),
    low: column(),
    high: column(),
    novelty: column(),
    regime: column(),
    combined: wide(),
    uncalibrated: wide(),
    probability: models.map(wide),
    mean: models.map(column),
    sd: models.map(column),
    weight: models.map(column),
  };
  const say = (probability: Float64Array, i: number, mean: number, sd: number): void => {
    const down = normalCdf((-BAND - mean) / sd);
    const up = 1 - normalCdf((BAND - mean) / sd);
    probability.set([down, 1 - down - up, up], 3 * i);
  };
  const steps = Array.from({ length: 2 }, () => Array.from({ length: bars + HORIZON }, () => 0.01 * draw.normal()));
  const drift = Array.from({ length: bars }, (_, b) => (Math.floor(b / 20) % 2 === 0 ? 0.02 : -0.02));
  for (let i = 0; i < length; i++) {
    const [bar, symbol] = [Math.floor(i / 2), i % 2];
    const sum = steps[symbol]!.slice(bar + 1, bar + 1 + HORIZON).reduce((a, b) => a + b, 0);
    const realised = drift[bar]! + sum;
    out.ts[i] = bar * HOUR;
    out.symbol[i] = symbol;
    out.regime[i] = bar % 3;
    if (bar < bars - unmatured) {
      out.maturedAt[i] = (bar + HORIZON) * HOUR;
      out.realised[i] = realised;
      out.outcome[i] = realised > BAND ? 2 : realised < -BAND ? 0 : 1;
    }
    models.forEach((model, k) => {
      if (model === 'sleeper' && bar < bars / 2) return;
      const [mean, sd] = model === 'climatology' ? [0, Math.sqrt(0.0008)] : [drift[bar]!, 0.02];
      say(out.probability[k]!, i, mean, sd);
      out.mean[k]![i] = mean;
      out.sd[k]![i] = sd;
    });
    say(out.combined, i, drift[bar]!, 0.02);
    say(out.uncalibrated, i, drift[bar]! / 2, 0.028);
    out.combinedMean[i] = drift[bar]!;
    out.combinedSd[i] = 0.02;
    out.low[i] = drift[bar]! - 1.6449 * 0.02;
    out.high[i] = drift[bar]! + 1.6449 * 0.02;
  }
  return {
    horizon: HORIZON,
    label: 'test',
    symbols: ['BTC', 'ETH'],
    models,
    length,
    coverage: 0.9,
    trainings: [],
    drifts: [],
    importances: [],
    ...out,
  };
};

let made: ForecastRecord;
let scores: ForecastScores;
const of = (model: string, from = scores): ModelScores => from.models.find(m => m.model === model)!;
const options = { samples: 100 };

beforeAll(() => {
  made = record();
  scores = verify(made, {}, options);
});

describe('the verification of forecasts', () => {
  test('looks at matured rows only, and says which they were', () => {
    expect(scores).toMatchObject({ horizon: HORIZON, label: 'test', rows: 1192, from: 0, to: 595 * HOUR });
    expect(of('seer')).toMatchObject({ rows: 1192, spans: 149 });
    expect(of('sleeper')).toMatchObject({ rows: 592, spans: 74 });
  });
  test('has the mean of each score, worked out row by row', () => {
    let [log, brier, rps, rows] = [0, 0, 0, 0];
    const p = made.probability[0]!;
    for (let i = 0; i < made.length; i++) {
      const c = made.outcome[i]!;
      if (Number.isNaN(c)) continue;
      rows++;
      log -= Math.log(p[3 * i + c]!);
      for (let k = 0; k < 3; k++) brier += (p[3 * i + k]! - (k === c ? 1 : 0)) ** 2 / 2;
      rps += ((p[3 * i]! - (c === 0 ? 1 : 0)) ** 2 + (p[3 * i + 2]! - (c === 2 ? 1 : 0)) ** 2) / 2;
    }
    expect(of('climatology').logLoss).toBeCloseTo(log / rows, 12);
    expect(of('climatology').brier?.score).toBeCloseTo(brier / rows, 12);
    expect(of('climatology').rps).toBeCloseTo(rps / rows, 12);
  });
  test('finds the skill of a model that knows, of the ensemble, and none in the baseline itself', () => {
    for (const name of ['logLoss', 'brier', 'crps'] as const) {
      expect(of('seer').skill[name]?.low).toBeGreaterThan(0);
      expect(scores.ensemble.skill[name]).toEqual(of('seer').skill[name]);
      expect(of('climatology').skill[name]).toBeNull();
      expect(of('climatology').missing[`skill.${name}`]).toMatch(/baseline itself/);
    }
    expect(of('climatology').auc).toBeCloseTo(0.5, 12);
    expect(of('seer').auc).toBeGreaterThan(0.75);
    // Of 149 spans and two symbols the mean is sure to about 5 %.
    expect(of('seer').crps! / (0.02 / Math.sqrt(Math.PI))).toBeCloseTo(1, 0.7);
  });
  test('compares on rows where both spoke', () => {
    const late = verify(made, { from: 300 * HOUR }, options);
    expect(of('sleeper').skill).toEqual(of('sleeper', late).skill);
    expect(of('sleeper').skill.crps?.estimate).toBeCloseTo(1 - of('sleeper', late).crps! / of('climatology', late).crps!, 12);
    expect(of('sleeper').skill.crps?.rows).toBe(592);
  });
  test('tells right laws and intervals from wrong ones', () => {
    expect(of('seer').pit?.p).toBeGreaterThan(0.01);
    expect(of('seer').pit?.count).toBe(149);
    const wide = { ...made, combinedSd: made.combinedSd.map(s => 3 * s), high: made.low.map(l => l + 0.02) };
    const { pit, coverage } = verify(wide, {}, options).ensemble;
    expect(pit?.p).toBeLessThan(1e-4);
    expect(coverage?.high).toBeLessThan(0.9);
    expect(scores.ensemble.coverage?.low).toBeLessThan(0.9);
    expect(scores.ensemble.coverage?.high).toBeGreaterThan(0.9);
    expect(scores.ensemble.coverage?.width).toBeCloseTo(2 * 1.6449 * 0.02, 12);
    // The interval of the share allows for 149 spans, not for 1192 rows.
    expect(scores.ensemble.coverage!.high - scores.ensemble.coverage!.low).toBeGreaterThan(
      (2 * 1.96 * Math.sqrt(0.09)) / Math.sqrt(149) / 1.2,
    );
    expect(of('seer').coverage).toBeNull();
  });
  test('has quantile losses of the true law, σ × density at the quantile', () => {
    const [low, middle, high] = of('seer').pinball!;
    expect(low).toMatchObject({ level: 0.05 });
    expect(low!.loss).toBeCloseTo(0.02 * 0.10313564, 3);
    expect(middle!.loss).toBeCloseTo(0.02 * 0.39894228, 3);
    expect(high!.loss).toBeCloseTo(0.02 * 0.10313564, 3);
  });
  test('shows what the last calibration is worth, and no law where there is none', () => {
    expect(scores.uncalibrated.logLoss).toBeGreaterThan(scores.ensemble.logLoss!);
    expect(scores.uncalibrated.ece).toBeGreaterThan(scores.ensemble.ece!);
    expect(scores.uncalibrated).toMatchObject({ crps: null, pinball: null, pit: null });
    expect(scores.uncalibrated.missing['crps']).toMatch(/^0 matured rows/);
  });
});

describe('a filter', () => {
  test('picks times, symbol and regime', () => {
    const rows = (filter: object) => verify(made, filter, options).rows;
    expect(rows({ symbol: 'ETH' })).toBe(596);
    expect(rows({ from: 100 * HOUR, to: 300 * HOUR })).toBe(400);
    expect(rows({ regime: 1 })).toBe(398);
    expect(rows({ regime: 1, symbol: 'BTC', to: 300 * HOUR })).toBe(100);
    expect(verify(made, { to: -1 }, options)).toMatchObject({ rows: 0, from: null, to: null });
  });
  test('refuses a symbol without forecasts and names the nearest', () => {
    expect(() => verify(made, { symbol: 'BTX' })).toThrow(UserError);
    expect(() => verify(made, { symbol: 'BTX' })).toThrow(/BTC/);
  });
});

describe('too little evidence', () => {
  test('leaves a figure out and says why', () => {
    const { ensemble } = verify(made, { to: 99 * HOUR }, options);
    expect(ensemble).toMatchObject({
      rows: 198,
      logLoss: null,
      brier: null,
      rps: null,
      auc: null,
      ece: null,
      crps: null,
      pinball: null,
      coverage: null,
    });
    expect(ensemble).toMatchObject({ pit: null, skill: { logLoss: null, brier: null, crps: null } });
    for (const figure of ['logLoss', 'brier', 'rps', 'auc', 'ece', 'crps', 'pinball', 'coverage'])
      expect(ensemble.missing[figure]).toMatch(/^198 matured rows.*; 200 are needed\.$/);
    expect(ensemble.missing['pit']).toMatch(/^25 spans/);
    expect(ensemble.missing['skill.crps']).toMatch(/200 are needed/);
  });
  test('of spans leaves intervals and tests out, not means', () => {
    const { ensemble } = verify(made, { to: 110 * HOUR }, options);
    expect(ensemble.logLoss).not.toBeNull();
    expect(ensemble.skill.logLoss).toBeNull();
    expect(ensemble.missing['skill.logLoss']).toBe('28 spans that do not overlap; 30 are needed.');
    expect(verify(made, { to: 110 * HOUR }, { ...options, minimumSpans: 28 }).ensemble.skill.logLoss).not.toBeNull();
  });
  test('there is without a baseline, and without both directions', () => {
    const alone = verify(record({ models: ['seer'] }), {}, options);
    expect(alone.ensemble.missing['skill.brier']).toBe('No model named climatology was among the members.');
    const rising = { ...made, outcome: made.outcome.map(c => (Number.isNaN(c) ? c : 2)) };
    expect(verify(rising, {}, options).ensemble.auc).toBeNull();
    expect(verify(rising, {}, options).ensemble.missing['auc']).toMatch(/direction/);
  });
  test('there is in an empty record', () => {
    const empty = verify(record({ bars: 0 }));
    expect(empty.rows).toBe(0);
    expect(empty.ensemble.logLoss).toBeNull();
  });
  test('never shows as a number that is none', () => {
    const text = JSON.stringify([scores, verify(made, { to: 50 * HOUR }, options), verify(made, { to: 0 }, options)], (_, v: unknown) =>
      typeof v === 'number' && !Number.isFinite(v) ? 'not a number' : v,
    );
    expect(text).not.toContain('not a number');
  });
});
