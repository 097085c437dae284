import { describe, expect, test } from 'vitest';
import { calendarStretches, regimeSkillRows, scoreRows, skillRows } from '../../src/reports/rows/forecast-skill-rows.js';
import { scoreTable, skillSentence, skillVerdict } from '../../src/reports/sections/forecast-scores.js';
import { forecastSections } from '../../src/reports/sections/forecasts.js';
import { tearsheetDocument } from '../../src/reports/tearsheet.js';
import { walkForwardDocument } from '../../src/reports/walk-forward.js';
import { DAY, HOUR } from '../../src/time.js';
import { FORECAST_START, forecastRecord } from './forecast-fixture.js';
import { tearsheetInput, walkForwardInput } from './fixture.js';
import type { ForecastRecord } from '../../src/models/forecast-record.js';
import type { ScoreRow } from '../../src/reports/rows/forecast-skill-rows.js';
import type { Section } from '../../src/reports/document.js';

const whole = forecastRecord();
const few = { ...forecastRecord({ instants: 30, symbols: 1 }), drifts: [], importances: [] };
const none = forecastRecord({ instants: 0 });
const scored = scoreRows(whole, 1);
/** A record whose ensemble says what one of its models says. */
const saying = (record: ForecastRecord, k: number): ForecastRecord => ({
  ...record,
  combined: record.probability[k]!,
  combinedMean: record.mean[k]!,
  combinedSd: record.sd[k]!,
  uncalibrated: record.probability[k]!,
});

const row = (over: Partial<ScoreRow>): ScoreRow => ({
  model: 'Ensemble',
  count: 5_000,
  logLoss: 1.02,
  brier: 0.3,
  auc: 0.6,
  crps: 0.006,
  ece: 0.02,
  skill: null,
  reason: null,
  ...over,
});
const skill = (estimate: number, low: number, high: number) => ({ estimate, low, high, rows: 5_000, meanBlock: 8 });

describe('the verdict on a model', () => {
  test('follows the interval of its skill, not the estimate', () => {
    expect(skillVerdict(skill(0.02, 0.01, 0.03))).toBe('better than climatology');
    expect(skillVerdict(skill(0.02, -0.01, 0.05))).toBe('no better');
    expect(skillVerdict(skill(-0.02, -0.05, 0.01))).toBe('no better');
    expect(skillVerdict(skill(-0.02, -0.03, -0.01))).toBe('worse');
    expect(skillVerdict(skill(0.02, NaN, NaN))).toBe('not enough samples');
    expect(skillVerdict(null)).toBe('not enough samples');
  });

  test('is what the fixture was made to be', () => {
    const verdicts = Object.fromEntries(scored.map(({ model, skill: s }) => [model, skillVerdict(s)]));
    expect(verdicts).toMatchObject({
      'boosted-trees': 'better than climatology',
      logistic: 'worse',
      network: 'worse',
      Ensemble: 'better than climatology',
    });
  });

  test('on forecasts that say the truth of a market without any signal is never that they are better', () => {
    const blank = forecastRecord({ strength: 0, instants: 800 });
    const truth = scoreRows(saying(blank, 0), 1)[0]!;
    expect(truth.skill!.estimate).toBeCloseTo(0, 12);
    expect(skillVerdict(truth.skill)).toBe('no better');
  });
});

describe('the opening sentence', () => {
  test('says whether, by how much, with what interval and over how many', () => {
    expect(skillSentence([row({ skill: skill(0.0214, 0.0102, 0.0333) })], 3)).toBe(
      'The ensemble beat climatology: its log loss was 2.14% below that of climatology (95% interval of the skill +1.02% to +3.33%, over 5,000 out-of-sample forecasts of 3 symbols).',
    );
    expect(skillSentence([row({ skill: skill(-0.01, -0.02, -0.005) })], 1)).toBe(
      'The ensemble was worse than climatology: its log loss was 1.00% above that of climatology (95% interval of the skill −2.00% to −0.50%, over 5,000 out-of-sample forecasts of one symbol).',
    );
    expect(skillSentence([row({ skill: skill(0.01, -0.02, 0.04) })], 1)).toContain('did not beat climatology beyond chance');
  });

  test('claims nothing without evidence, and says what is missing', () => {
    expect(skillSentence(scoreRows(few, 1), 1)).toMatch(
      /^Not enough samples to say whether the ensemble beats climatology\. There are 26 .*200 are needed\.$/,
    );
    expect(skillSentence(scoreRows(none, 1), 1)).toMatch(/^Not enough samples/);
    expect(skillSentence([], 1)).toBe('Not enough samples to say whether the ensemble beats climatology.');
  });
});

describe('the table of scores', () => {
  test('has the ensemble first and climatology as the baseline', () => {
    const table = scoreTable(scored);
    if (table.kind !== 'table') throw new Error('not a table');
    expect(table.rows.map(cells => cells[0])).toEqual([
      'Ensemble',
      'Ensemble, before calibration',
      'boosted-trees',
      'logistic',
      'network',
      'climatology',
    ]);
    expect(table.rows.map(cells => cells.length)).toEqual(table.rows.map(() => table.columns.length));
    expect(table.rows[5]!.slice(-3)).toEqual(['–', '–', 'the baseline']);
  });

  test('leaves out the ensemble before a calibration that changed nothing', () => {
    expect(scoreRows({ ...whole, uncalibrated: whole.combined }, 1).map(({ model }) => model)).not.toContain(
      'Ensemble, before calibration',
    );
  });

  test('has dashes instead of figures that few samples cannot carry', () => {
    const table = scoreTable(scoreRows(few, 1));
    if (table.kind !== 'table') throw new Error('not a table');
    expect(table.rows[0]).toEqual(['Ensemble', '26', '–', '–', '–', '–', '–', '–', '–', 'not enough samples']);
  });
});

describe('skill by regime', () => {
  const rows = regimeSkillRows(saying(whole, 0), 1);
  test('finds the signal where the market has it, and none in wild markets', () => {
    const ensemble = (regime: string) => rows.find(r => r.regime === regime && r.model === 'Ensemble')!;
    expect(ensemble('Calm').low).toBeGreaterThan(0);
    expect(ensemble('Middling').low).toBeGreaterThan(0);
    expect(Math.abs(ensemble('Wild').skill!)).toBeLessThan(0.02);
  });

  test('parts the forecasts among the regimes and does not measure climatology against itself', () => {
    const counts = rows.filter(r => r.model === 'Ensemble').map(r => r.count);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(whole.outcome.filter(o => !Number.isNaN(o)).length);
    expect(rows.some(r => r.model === 'climatology')).toBe(false);
  });
});

describe('skill over time', () => {
  test('goes by months that cover every forecast once', () => {
    const { unit, stretches } = calendarStretches(whole);
    expect(unit).toBe('month');
    expect(stretches.map(s => s.label).slice(0, 2)).toEqual(['Jan 2023', 'Feb 2023']);
    expect(stretches[0]!.from).toBe(Date.UTC(2023, 0, 1));
    stretches.slice(1).forEach((s, i) => expect(s.from).toBe(stretches[i]!.to));
    const rows = skillRows(whole, 1, stretches);
    expect(rows.reduce((sum, r) => sum + r.count, 0)).toBe(whole.outcome.filter(o => !Number.isNaN(o)).length);
    for (const r of rows) expect(r.to).toBeLessThanOrEqual(whole.ts[whole.length - 1]!);
  });

  test('goes by quarters or years where months are too many, or too short for thirty spans', () => {
    const over = (days: number, horizon: number, after = 0): ForecastRecord => {
      const ts = Float64Array.from({ length: days }, (_, i) => FORECAST_START + (after + i) * DAY);
      return { ...none, length: days, ts, maturedAt: ts.map(t => t + horizon) };
    };
    expect(calendarStretches(over(400, 12 * HOUR)).unit).toBe('month');
    expect(calendarStretches(over(400, 2 * DAY)).unit).toBe('quarter');
    expect(calendarStretches(over(400, 6 * DAY)).unit).toBe('year');
    expect(calendarStretches(over(8 * 365, HOUR)).unit).toBe('quarter');
    // The first quarter is that of the calendar, wherever in it the record starts.
    expect(calendarStretches(over(400, 2 * DAY, 40)).stretches[0]).toMatchObject({
      label: 'Q1 2023',
      from: Date.UTC(2023, 0, 1),
      to: Date.UTC(2023, 3, 1),
    });
  });

  test('is not told of a stretch with few forecasts', () => {
    const [r] = skillRows(whole, 1, [{ from: FORECAST_START, to: FORECAST_START + 3 * DAY, label: 'short' }]);
    expect(r).toMatchObject({ skill: null, low: null, high: null, count: 54 });
  });

  test('of the ensemble alone is that of the whole table', () => {
    const [r] = skillRows(whole, 1, [{ from: FORECAST_START, to: FORECAST_START + 999 * DAY, label: 'all' }]);
    expect(r!.skill).toBeCloseTo(scored[0]!.skill!.estimate, 12);
  });
});

const chartIds = (sections: readonly Section[]): string[] =>
  sections.flatMap(({ blocks }) => blocks.flatMap(block => (block.kind === 'chart' ? [block.id] : [])));
const points = (sections: readonly Section[]): number[] =>
  sections.flatMap(({ blocks }) =>
    blocks.flatMap(block =>
      block.kind === 'chart'
        ? [Object.values(block.spec.datasets ?? {}).reduce<number>((sum, rows) => sum + (Array.isArray(rows) ? rows.length : 0), 0)]
        : [],
    ),
  );

describe('the sections on forecasts', () => {
  test('are none without a record, and one that says why for a run that gave no forecast', () => {
    expect(forecastSections(null, { seed: 1 })).toEqual([]);
    const [only, ...others] = forecastSections(none, { seed: 1 });
    expect(others).toEqual([]);
    expect(only!.lead).toMatch(/^Not enough samples/);
    expect(chartIds([only!])).toEqual([]);
  });

  test('open on the sentence and are the same from the same record', () => {
    const sections = forecastSections(whole, { seed: 1 });
    expect(sections.map(({ id }) => id)).toEqual(['forecasts', 'forecast-models', 'forecast-stability']);
    expect(sections[0]!.lead).toMatch(/^The ensemble beat climatology/);
    const again = forecastRecord({ instants: 400, symbols: 1 });
    expect(JSON.stringify(forecastSections(again, { seed: 1 }))).toBe(
      JSON.stringify(forecastSections(forecastRecord({ instants: 400, symbols: 1 }), { seed: 1 })),
    );
  });

  test('stand in a tearsheet and a walk-forward report, with ids of their own; skill goes by fold there', () => {
    const tearsheet = tearsheetDocument({ ...tearsheetInput(300), forecasts: few });
    const walked = walkForwardDocument({ ...walkForwardInput(3), forecasts: few });
    for (const { sections } of [tearsheet, walked]) {
      const ids = chartIds(sections);
      expect(ids).toContain('forecast-reliability');
      expect(new Set(ids).size).toBe(ids.length);
      const anchors = sections.map(({ id }) => id);
      expect(new Set(anchors).size).toBe(anchors.length);
    }
    const title = walked.sections.flatMap(({ blocks }) => blocks).find(block => block.kind === 'chart' && block.id === 'forecast-skill');
    expect(title).toMatchObject({ spec: { title: { text: 'Skill of the ensemble by test window' } } });
    expect(chartIds(tearsheetDocument(tearsheetInput(300)).sections)).not.toContain('forecast-reliability');
  });

  test('draw at most a few thousand points a chart, however long the record', () => {
    const long = forecastSections(forecastRecord({ instants: 5_000, symbols: 1 }), { seed: 1 });
    for (const n of points(long)) expect(n).toBeLessThanOrEqual(2_500);
  });

  test('do without models that sleep throughout', () => {
    const short = forecastRecord({ instants: 500 });
    const asleep = {
      ...short,
      probability: short.probability.map((column, k) => (k === 2 ? column.map(() => NaN) : column)),
      mean: short.mean.map((column, k) => (k === 2 ? column.map(() => NaN) : column)),
      sd: short.sd.map((column, k) => (k === 2 ? column.map(() => NaN) : column)),
      weight: short.weight.map((column, k) => (k === 2 ? column.map(() => NaN) : column)),
    };
    const network = scoreRows(asleep, 1).find(({ model }) => model === 'network')!;
    expect(network).toMatchObject({ count: 0, logLoss: null, skill: null });
    expect(JSON.stringify(forecastSections(asleep, { seed: 1 }))).not.toMatch(/NaN|Infinity/);
  });
});
