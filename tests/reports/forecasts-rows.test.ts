import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driftRows, importanceRows, probabilityBins, retrainingRows, weightRows } from '../../src/reports/rows/forecast-rows.js';
import { timeBins } from '../../src/reports/rows/time-bins.js';
import { DAY } from '../../src/time.js';
import { FORECAST_START, forecastRecord } from './forecast-fixture.js';
import type { DriftRecord } from '../../src/models/forecast-record.js';

const whole = forecastRecord();
const none = forecastRecord({ instants: 0 });

describe('time cut into bins', () => {
  test('has no more bins than asked for, keeps the order, and puts every moment into one of them', () => {
    const moments = fc
      .tuple(fc.integer({ min: 0, max: 2e12 }), fc.array(fc.integer({ min: 0, max: 3e9 }), { minLength: 1, maxLength: 60 }))
      .map(([first, steps]) => Float64Array.from(steps.map((_, i) => first + steps.slice(0, i).reduce((a, b) => a + b, 0))));
    fc.assert(
      fc.property(moments, fc.integer({ min: 2, max: 400 }), (ts, most) => {
        const bins = timeBins(ts, most);
        expect(bins.count).toBeLessThanOrEqual(most);
        let before = 0;
        for (const moment of ts) {
          const bin = bins.at(moment);
          expect(bin).toBeGreaterThanOrEqual(before);
          expect(bin).toBeLessThan(bins.count);
          before = bin;
        }
        expect(bins.end(bins.count - 1)).toBe(ts[ts.length - 1]);
        for (const moment of ts) expect(bins.end(bins.at(moment))).toBeGreaterThanOrEqual(moment);
        for (let bin = 1; bin < bins.count; bin++) expect(bins.end(bin)).toBeGreaterThan(bins.end(bin - 1));
      }),
    );
  });

  test('are never finer than the moments themselves, so that a steady series leaves none empty', () => {
    const ts = Float64Array.from({ length: 50 }, (_, i) => FORECAST_START + i * DAY);
    const bins = timeBins(ts, 400);
    expect(bins.width).toBe(DAY);
    expect(new Set(ts.map(bins.at)).size).toBe(bins.count);
  });
});

describe('weights over time', () => {
  test('are means of their stretch: weighted by forecasts they come to the mean of the record', () => {
    const rows = weightRows(whole);
    expect(rows.length).toBeLessThanOrEqual(400);
    const bins = timeBins(whole.ts, 400);
    const share = new Float64Array(bins.count);
    whole.ts.forEach(moment => {
      share[bins.at(moment)]! += 1 / whole.length;
    });
    whole.models.forEach((_, k) => {
      const direct = whole.weight[k]!.reduce((sum, w) => sum + (Number.isNaN(w) ? 0 : w), 0) / whole.length;
      expect(rows.reduce((sum, row, bin) => sum + share[bin]! * row.weights[k]!, 0)).toBeCloseTo(direct, 12);
    });
  });

  test('add up to one, and a model asleep has none', () => {
    const rows = weightRows(whole);
    for (const { weights } of rows) expect(weights.reduce<number>((sum, w) => sum + (w ?? 0), 0)).toBeCloseTo(1, 12);
    expect(rows[0]!.weights[2]).toBe(0);
    expect(rows[rows.length - 1]!.weights[2]).toBeGreaterThan(0);
  });

  test('are null where nothing was combined', () => {
    const silent = { ...whole, weight: whole.weight.map(column => column.map(() => NaN)) };
    for (const { weights } of weightRows(silent)) expect(weights).toEqual([null, null, null, null]);
    expect(weightRows(none)).toEqual([]);
  });
});

test('trainings that come into force together are one mark; a late one stands apart', () => {
  const rows = retrainingRows(whole);
  expect(rows[0]).toMatchObject({ models: 'boosted-trees, logistic', trigger: 'start', late: false });
  expect(rows.filter(row => row.late)).toMatchObject([{ models: 'network' }]);
  expect(rows.reduce((sum, row) => sum + row.models.split(', ').length, 0)).toBe(whole.trainings.length);
});

describe('importances', () => {
  test('show the twenty largest of the latest training in order, and the same features before it', () => {
    const rows = importanceRows(whole, 'boosted-trees');
    const own = whole.importances.filter(record => record.model === 'boosted-trees');
    const last = own[own.length - 1]!;
    const latest = rows.filter(row => row.latest);
    const sorted = Array.from(last.value).sort((a, b) => b - a);
    expect(latest.map(row => row.value)).toEqual(sorted.slice(0, 20));
    for (const row of latest) expect(row.value).toBe(last.value[last.names.indexOf(row.feature)]);
    const earlier = rows.filter(row => !row.latest);
    expect(new Set(earlier.map(row => row.ts)).size).toBe(8);
    for (const row of earlier) {
      expect(row.ts).toBeLessThan(last.ts);
      expect(latest.some(other => other.feature === row.feature)).toBe(true);
    }
  });

  test('are none for a model that explains nothing', () => expect(importanceRows(whole, 'network')).toEqual([]));
});

describe('drift', () => {
  const said = (subject: string, day: number, level: DriftRecord['level']): DriftRecord => ({
    ts: FORECAST_START + day * DAY,
    subject,
    detector: 'adwin',
    level,
    statistic: 1,
    threshold: 2,
  });
  const ts = Float64Array.of(FORECAST_START, FORECAST_START + 100 * DAY);

  test('covers the time of the forecasts without gap or overlap, the longest drift first', () => {
    const rows = driftRows(whole);
    expect([...new Set(rows.map(row => row.subject))]).toEqual(['residual', 'feature rsi(14)', 'calibration']);
    for (const subject of ['residual', 'feature rsi(14)', 'calibration']) {
      const lane = rows.filter(row => row.subject === subject);
      expect(lane[0]!.from).toBe(whole.ts[0]);
      expect(lane[lane.length - 1]!.to).toBe(whole.ts[whole.length - 1]);
      lane.slice(1).forEach((row, i) => expect(row.from).toBe(lane[i]!.to));
    }
    expect(rows.filter(row => row.subject === 'residual').map(row => row.level)).toEqual(['none', 'warning', 'drift', 'none']);
  });

  test('leaves out what never raised its level', () => {
    expect(driftRows({ drifts: [said('calm', 3, 'none')], ts, length: 2 })).toEqual([]);
    expect(driftRows(none)).toEqual([]);
  });

  test('of a detector that flutters keeps the worst of each part: no drift is lost', () => {
    const drifts = Array.from({ length: 5_000 }, (_, i) => said('noisy', i / 60, i === 2_501 ? 'drift' : i % 2 ? 'none' : 'warning'));
    const rows = driftRows({ drifts, ts, length: 2 });
    expect(rows.length).toBeLessThanOrEqual(120);
    const hit = rows.filter(row => row.level === 'drift');
    expect(hit).toHaveLength(1);
    expect(hit[0]!.from).toBeLessThanOrEqual(drifts[2_501]!.ts);
    expect(hit[0]!.to).toBeGreaterThan(drifts[2_501]!.ts);
  });

  test('watched by two detectors stands in two lanes', () => {
    const drifts = [said('residual', 1, 'warning'), { ...said('residual', 2, 'drift'), detector: 'page-hinkley' }];
    expect([...new Set(driftRows({ drifts, ts, length: 2 }).map(row => row.subject))]).toEqual([
      'residual, page-hinkley',
      'residual, adwin',
    ]);
  });
});

describe('the distribution of forecasts', () => {
  test('counts each forecast once and knows how often a rise came', () => {
    const { rows, baseRate } = probabilityBins(whole);
    const count = (keep: (row: (typeof rows)[number]) => boolean): number => rows.filter(keep).reduce((sum, row) => sum + row.count, 0);
    const known = whole.outcome.filter(o => !Number.isNaN(o));
    expect(count(() => true)).toBe(whole.length);
    expect(count(row => row.came === 'Rose')).toBe(known.filter(o => o === 2).length);
    expect(count(row => row.came === 'Not known yet')).toBe(whole.length - known.length);
    expect(baseRate).toBeCloseTo(known.filter(o => o === 2).length / known.length, 12);
    expect(new Set(rows.map(row => row.from)).size).toBeLessThanOrEqual(51);
    whole.outcome.forEach((_, i) => {
      const p = whole.combined[3 * i + 2]!;
      expect(rows.some(row => row.from - 1e-12 <= p && p <= row.to + 1e-12)).toBe(true);
    });
  });

  test('has nothing to show of nothing', () => expect(probabilityBins(none)).toEqual({ rows: [], baseRate: null }));
});

test('a long record is reduced to a picture', () => {
  const long = forecastRecord({ instants: 33_000, symbols: 1 });
  expect(long.ts[long.length - 1]! - long.ts[0]!).toBeGreaterThan(10 * 365 * DAY);
  expect(weightRows(long).length).toBeLessThanOrEqual(400);
  expect(retrainingRows(long).length).toBeLessThanOrEqual(400);
  expect(probabilityBins(long).rows.length).toBeLessThanOrEqual(3 * 51);
});
