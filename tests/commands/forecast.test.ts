import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ForecastOutcome } from '../../src/commands/run-forecast.js';
import { LEAN } from './lean-strategy.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const HOUR = 3_600_000;
let root = '';
let lean = '';
let remove: () => Promise<void>;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root, '--workers', '1']);
const DATA = ['--dataset', 'sample', '--symbols', 'BTC/USDT:USDT,ETH/USDT:USDT'];
const forecast = async (...words: string[]): Promise<ForecastOutcome> => {
  const { code, out, err } = await at('forecast', lean, '--json', ...words);
  expect(err).not.toMatch(/error/);
  expect(code).toBe(0);
  return JSON.parse(out) as ForecastOutcome;
};

let walked: ForecastOutcome;
beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  lean = join(root, 'lean.ts');
  await writeFile(lean, LEAN);
  expect((await at('train', lean, ...DATA, '--to', '2023-01-25', '--param', 'shrinkage=0.5')).code).toBe(0);
  walked = await forecast(...DATA, '--to', '2023-02-03');
});
afterAll(() => remove());

describe('quantai forecast', () => {
  it('says of each symbol what is expected at the last bar', () => {
    expect(walked.now).toBe(Date.UTC(2023, 1, 3));
    expect(walked.symbols.map(({ symbol }) => symbol)).toEqual(['BTC/USDT:USDT', 'ETH/USDT:USDT']);
    for (const { forecast: f, weights } of walked.symbols) {
      expect(f!.ts).toBe(walked.now);
      expect(f!.down + f!.flat + f!.up).toBeCloseTo(1, 12);
      expect(f!.low).toBeLessThan(f!.mean);
      expect(f!.high).toBeGreaterThan(f!.mean);
      expect(weights['climatology']! + weights['logistic']!).toBeCloseTo(1, 12);
    }
  });

  it('says that data which ends before --to is stale', async () => {
    await quantai([
      'data',
      'synth',
      '--dataset',
      'short',
      '--from',
      '2023-01-01',
      '--to',
      '2023-01-25',
      '--symbols',
      'BTC/USDT:USDT',
      '--workspace',
      root,
    ]);
    const { staleBars, now, notes } = await forecast('--dataset', 'short', '--to', '2023-01-26');
    expect([staleBars, now]).toEqual([24, Date.UTC(2023, 0, 25)]);
    expect(notes.join()).toMatch(/^Stale: the data ends 24 bars before 2023-01-26 00:00/);
    expect(walked.staleBars).toBe(0);
  });

  it('looks back on the last matured forecasts, all known by the last bar', async () => {
    const [record] = walked.record;
    expect(record!.rows).toBe(1000);
    expect(record!.to).toBe(walked.now - 6 * HOUR);
    expect(record!.ensemble.coverage!.nominal).toBe(0.9);
    const [short] = (await forecast(...DATA, '--to', '2023-02-03', '--last', '60')).record;
    expect(short!.rows).toBe(60);
    expect([short!.ensemble.logLoss, short!.ensemble.skill]).toEqual([null, null]);
    expect(short!.ensemble.missing['logLoss']).toMatch(/60 matured rows; 200 are needed/);
  });

  it('by saved models takes what they were trained with from them, and scores only what came after', async () => {
    const saved = await forecast('--models', 'lean-sample', '--to', '2023-02-03');
    const trained = Date.UTC(2023, 0, 25);
    expect(saved.saved).toMatchObject({ set: 'lean-sample', trainedOnDataUntil: trained });
    expect(saved.symbols.map(({ symbol }) => symbol)).toEqual(['BTC/USDT:USDT', 'ETH/USDT:USDT']);
    // Nine days of bars since; outcomes of the last six are not known.
    expect(saved.models.map(({ model, age, expired }) => [model, age, expired])).toEqual([
      ['climatology', 9 * 24, false],
      ['logistic', 9 * 24, false],
    ]);
    const [own, before] = saved.record;
    expect([own!.from, own!.to, own!.rows]).toEqual([trained, saved.now - 6 * HOUR, 2 * (9 * 24 - 6 + 1)]);
    expect(before!.to).toBeLessThan(trained);
    expect(saved.symbols[0]!.forecast!.usualUp).not.toBe(walked.symbols[0]!.forecast!.usualUp);
    const one = await forecast('--models', 'lean-sample', '--to', '2023-02-03', '--symbols', 'ETH/USDT:USDT', '--last', '60');
    expect(one.symbols).toEqual([saved.symbols[1]]);
    expect(one.record.map(({ rows }) => rows)).toEqual([60, 60]);
  });

  it('right after their training has an interval and nothing to score', async () => {
    const fresh = await at('forecast', lean, '--models', 'lean-sample', '--to', '2023-01-25');
    expect(fresh.out).toMatch(/BTC\/USDT:USDT .* to -?\d/);
    expect(fresh.out).toContain('The saved models, since their training: not enough samples');
    expect(fresh.out).toMatch(/Their recipe before, retrained over the history: [\d,]+ matured forecasts/);
  });

  it('says that models have expired, and forecasts nothing by them', async () => {
    const old = await forecast('--models', 'lean-sample', '--to', '2023-02-07', '--param', 'age=300');
    expect(old.models.every(({ expired }) => expired)).toBe(true);
    expect(old.symbols[0]).toMatchObject({ forecast: null, reason: 'every model has expired' });
    expect(old.notes.join()).toMatch(/Expired: climatology, logistic/);
    expect(old.notes.join()).toMatch(/differs from the saved one in training\.maximumAge/);
  });

  it('prints probabilities, what is usual, models with their age, and the record', async () => {
    const { out } = await at('forecast', lean, ...DATA, '--to', '2023-02-03');
    expect(out).toMatch(
      /^BTC\/USDT:USDT( +\d+\.\d %){3} +\d+\.\d % · \d+\.\d % +-?\d\.\d\d % ± \d\.\d\d % +-\d\.\d\d % to \d\.\d\d % +\d\.\d\d +(calm|middling|wild)/m,
    );
    expect(out).toMatch(/^logistic +[0-9a-f]{12} +2023-\d\d-\d\d 00:00 +[\d,]+ +\d+ /m);
    expect(out).toMatch(/Calibration error 0\.\d{4}; log loss 1\.\d{4}, skill over climatology -?\d/);
    expect(out).toMatch(/Interval held \d+\.\d % \[.*\] of 90 % promised/);
  });

  it.each([
    ['a strategy without models', ['sma-cross', ...DATA], /sma-cross has no models/],
    [
      'models from the future',
      ['LEAN', '--models', 'lean-sample', '--to', '2023-01-20'],
      /was trained at 2023-01-25 00:00 and has seen what came after 2023-01-20/,
    ],
    [
      'models of another strategy',
      ['quant-ensemble', '--models', 'lean-sample', '--to', '2023-02-03'],
      /holds models of lean, not of quant-ensemble/,
    ],
    ['another recipe', ['LEAN', '--models', 'lean-sample', '--to', '2023-02-03', '--param', 'horizon=8'], /made by another recipe: label/],
    [
      'a symbol that the models never saw',
      ['LEAN', '--models', 'lean-sample', '--symbols', 'SOL/USDT:USDT'],
      /was not trained on "SOL\/USDT:USDT"/,
    ],
    ['an unknown set', ['LEAN', '--models', 'lean-sampl'], /Did you mean "lean-sample"/],
    ['half a forecast to look back on', ['LEAN', ...DATA, '--last', '0.5'], /--last is a whole number/],
  ])('of %s is a mistake of usage', async (_, words, message) => {
    const { code, err, out } = await at('forecast', ...words.map(word => (word === 'LEAN' ? lean : word)));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });
});
