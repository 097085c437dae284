import { describe, expect, test } from 'vitest';
import { UNCALIBRATED } from '../../src/reports/charts/model-colour.js';
import { coverageRows, pitRows, regretRows, reliabilityPoints } from '../../src/reports/rows/forecast-score-rows.js';
import { FORECAST_MODELS, forecastRecord } from './forecast-fixture.js';
import type { ForecastRecord } from '../../src/models/forecast-record.js';

const whole = forecastRecord();
const none = forecastRecord({ instants: 0 });
const few = forecastRecord({ instants: 20, symbols: 1 });

describe('reliability', () => {
  const points = reliabilityPoints(whole);
  const of = (model: string) => points.filter(point => point.model === model);

  test('of a model that says the truth is on the diagonal: its intervals hold it', () => {
    const held = of('boosted-trees').filter(({ predicted, low, high }) => low <= predicted && predicted <= high);
    expect(held).toEqual(of('boosted-trees'));
    expect(held.length).toBeGreaterThan(10);
  });

  test('of a model that overstates is flatter than the diagonal on both sides', () => {
    for (const side of ['Up', 'Down']) {
      const own = of('logistic').filter(point => point.side === side);
      expect(own[0]!.observed).toBeGreaterThan(own[0]!.predicted + 0.05);
      expect(own[own.length - 1]!.observed).toBeLessThan(own[own.length - 1]!.predicted - 0.1);
    }
  });

  test('counts every forecast with a known outcome once a side, and a model asleep only when it spoke', () => {
    const count = (model: string, side: string): number =>
      of(model)
        .filter(point => point.side === side)
        .reduce((sum, point) => sum + point.count, 0);
    const known = whole.outcome.filter(o => !Number.isNaN(o)).length;
    const spoke = whole.outcome.filter((o, i) => !Number.isNaN(o) && !Number.isNaN(whole.probability[2]![3 * i]!)).length;
    expect(count('Ensemble', 'Up')).toBe(known);
    expect(count(UNCALIBRATED, 'Down')).toBe(known);
    expect(count('network', 'Down')).toBe(spoke);
    expect(spoke).toBeLessThan(known);
  });

  test('intervals are wider for overlapping horizons', () => {
    const independent = reliabilityPoints({ ...whole, maturedAt: whole.ts });
    points.forEach((point, i) => expect(point.high - point.low).toBeGreaterThan(independent[i]!.high - independent[i]!.low));
  });

  test('is not drawn from few outcomes', () => expect([...reliabilityPoints(few), ...reliabilityPoints(none)]).toEqual([]));
});

describe('the histogram of probability integral transforms', () => {
  // One symbol whose outcomes are known at once: every row is evidence of its own.
  const alone = forecastRecord({ instants: 6_000, symbols: 1 });
  const saying = (scale: number, lean = 0): ForecastRecord => ({
    ...alone,
    maturedAt: alone.ts,
    combinedMean: alone.mean[0]!.map((m, i) => m + lean * alone.sd[0]![i]!),
    combinedSd: alone.sd[0]!.map(sd => sd * scale),
  });
  const outside = (record: ForecastRecord): number => pitRows(record).filter(({ count, low, high }) => count < low || count > high).length;

  test('of the true law is inside its range in about 95 of 100 bins', () => {
    expect(pitRows(saying(1)).reduce((sum, row) => sum + row.count, 0)).toBe(alone.realised.filter(r => !Number.isNaN(r)).length);
    // 20 bins at 5 % each: more than 4 outside has a probability of 0.3 %.
    expect(outside(saying(1))).toBeLessThanOrEqual(4);
  });

  test('is a bowl for too narrow, a hill for too wide and a slope for leaning forecasts', () => {
    const narrow = pitRows(saying(0.7));
    const wide = pitRows(saying(1.4));
    const leaning = pitRows(saying(1, 0.3));
    for (const end of [0, 19]) {
      expect(narrow[end]!.count).toBeGreaterThan(narrow[end]!.high);
      expect(wide[end]!.count).toBeLessThan(wide[end]!.low);
    }
    expect(wide[10]!.count).toBeGreaterThan(wide[10]!.high);
    expect(leaning[0]!.count).toBeGreaterThan(leaning[0]!.high);
    expect(leaning[19]!.count).toBeLessThan(leaning[19]!.low);
  });

  test('is not drawn from few outcomes', () => expect([...pitRows(few), ...pitRows(none)]).toEqual([]));
});

describe('regret', () => {
  test('is the difference of summed log losses, told by a slow sum over the record', () => {
    const rows = regretRows(whole);
    const last = rows[rows.length - 1]!;
    const loss = (said: Float64Array, i: number): number => -Math.log(said[3 * i + whole.outcome[i]!]!);
    const against = FORECAST_MODELS.map(() => 0);
    let equal = 0;
    for (let i = 0; i < whole.length; i++) {
      if (Number.isNaN(whole.outcome[i]!)) continue;
      const spoke = whole.probability.filter(said => !Number.isNaN(said[3 * i]!));
      const mean = spoke.reduce((sum, said) => sum + said[3 * i + whole.outcome[i]!]!, 0) / spoke.length;
      equal += loss(whole.uncalibrated, i) + Math.log(mean);
      whole.probability.forEach((said, k) => {
        if (!Number.isNaN(said[3 * i]!)) against[k]! += loss(whole.uncalibrated, i) - loss(said, i);
      });
    }
    expect(last.equal).toBeCloseTo(equal, 8);
    expect(last.best).toBeCloseTo(Math.max(...against), 8);
    expect(against.indexOf(Math.max(...against))).toBe(0);
    expect(last.equal).toBeLessThan(0);
    expect(rows.length).toBeLessThanOrEqual(400);
  });

  test('against a model is zero when the ensemble says what it says', () => {
    const [own] = whole.probability;
    const alone = { ...whole, models: ['boosted-trees'], probability: [own!], uncalibrated: own! };
    for (const row of regretRows(alone)) expect(row).toMatchObject({ best: 0, equal: 0 });
  });

  test('needs known outcomes', () => {
    const unknown = { ...whole, outcome: whole.outcome.map(() => NaN) };
    expect([...regretRows(unknown), ...regretRows(none)]).toEqual([]);
  });
});

describe('coverage', () => {
  test('is the share inside, told by counting, and falls where intervals are too narrow', () => {
    const rows = coverageRows(whole);
    const inside = whole.realised.filter((r, i) => whole.low[i]! <= r && r <= whole.high[i]!).length;
    expect(rows.reduce((sum, row) => sum + (row.coverage ?? 0) * row.count, 0)).toBeCloseTo(inside, 6);
    const quarter = (q: number): number => {
      const own = rows.filter((_, i) => Math.floor((4 * i) / rows.length) === q);
      return own.reduce((sum, row) => sum + (row.coverage ?? 0) * row.count, 0) / own.reduce((sum, row) => sum + row.count, 0);
    };
    for (const q of [0, 1, 3]) expect(quarter(q)).toBeGreaterThan(quarter(2) + 0.05);
    expect(rows.length).toBeLessThanOrEqual(60);
  });

  test('is null where no outcome is known', () => {
    const half = whole.ts[whole.length / 2]!;
    const rows = coverageRows({ ...whole, realised: whole.realised.map((r, i) => (whole.ts[i]! > half ? r : NaN)) });
    expect(rows[0]).toMatchObject({ coverage: null, low: null, high: null, count: 0 });
    expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(
      whole.realised.filter((r, i) => whole.ts[i]! > half && !Number.isNaN(r)).length,
    );
  });

  test('is not drawn from few outcomes', () => expect([...coverageRows(few), ...coverageRows(none)]).toEqual([]));
});
