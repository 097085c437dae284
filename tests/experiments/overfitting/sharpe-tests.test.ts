import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deflatedSharpe, expectedMaximum, luckySharpe, trialsOf, widerSpread } from '../../../src/experiments/overfitting/dsr.js';
import { minBacktestYears, minBacktestYearsBound } from '../../../src/experiments/overfitting/min-backtest-length.js';
import { minTrackRecordLength } from '../../../src/experiments/overfitting/min-track-record.js';
import { observedSharpe, probabilisticSharpe } from '../../../src/experiments/overfitting/psr.js';
import { random } from '../../../src/random.js';

// Worked examples of Bailey & López de Prado, as asserted in the pypbo package.
describe('the probabilistic Sharpe ratio', () => {
  const fund = { sharpe: 1.585 / Math.sqrt(12), observations: 24, skewness: -2.448, kurtosis: 10.164 };
  test('of the fund in The Sharpe Ratio Efficient Frontier', () => expect(probabilisticSharpe(fund)).toBeCloseTo(0.9132343068848602, 14));
  test('is one half against the observed ratio itself, and falls as the benchmark rises', () => {
    expect(probabilisticSharpe(fund, fund.sharpe)).toBe(0.5);
    expect(probabilisticSharpe(fund, 0.2)).toBeLessThan(probabilisticSharpe(fund, 0.1));
  });
  test('is as often below p as p, for strategies worth exactly the benchmark', () => {
    const draw = random('psr');
    const below = (p: number, values: number[]) => values.filter(v => v < p).length / values.length;
    const values = Array.from({ length: 2000 }, () =>
      probabilisticSharpe(observedSharpe(Float64Array.from({ length: 250 }, () => 0.05 + draw.normal())), 0.05),
    );
    for (const p of [0.05, 0.5, 0.95]) expect(Math.abs(below(p, values) - p)).toBeLessThan(0.03);
  });
  test('is not defined for one return or impossible moments', () => {
    expect(probabilisticSharpe({ ...fund, observations: 1 })).toBeNaN();
    expect(probabilisticSharpe({ sharpe: 1, observations: 100, skewness: 5, kurtosis: 3 })).toBeNaN();
    expect(probabilisticSharpe(observedSharpe(new Float64Array(10)))).toBeNaN();
  });
});

describe('the deflated Sharpe ratio', () => {
  const strategy = (skewness: number, kurtosis: number) => ({ sharpe: 2.5 / Math.sqrt(250), observations: 1250, skewness, kurtosis });
  const trials = (count: number) => ({ count, sharpeVariance: 0.5 / 250 });
  test('of the strategy in The Deflated Sharpe Ratio, the best of 100', () => {
    expect(luckySharpe(trials(100))).toBeCloseTo(0.11317200186513214, 9);
    expect(deflatedSharpe(strategy(-3, 10), trials(100))).toBeCloseTo(0.9003968344493903, 8);
  });
  test('passes 95 % with 46 trials, or with 88 if returns were normal', () => {
    expect(deflatedSharpe(strategy(-3, 10), trials(46))).toBeCloseTo(0.9505017068755787, 8);
    expect(deflatedSharpe(strategy(0, 3), trials(88))).toBeCloseTo(0.9504908166760139, 8);
  });
  test('of a single trial is the probabilistic one', () => {
    expect(deflatedSharpe(strategy(-3, 10), trialsOf([0.1]))).toBe(probabilisticSharpe(strategy(-3, 10)));
  });
  test('counts trials that never traded', () => {
    expect(trialsOf([0.1, NaN, 0.3])).toEqual({ count: 3, sharpeVariance: expect.closeTo(0.02, 14) as number });
  });
});

describe('the expected maximum of N worthless trials', () => {
  test('of 100 as pypbo asserts it', () => expect(expectedMaximum(100)).toBeCloseTo(2.5306028932016846, 9));
  test('is near the average of many draws', () => {
    const draw = random('maximum');
    for (const n of [10, 50]) {
      let total = 0;
      for (let i = 0; i < 20_000; i++) {
        let best = -Infinity;
        for (let k = 0; k < n; k++) best = Math.max(best, draw.normal());
        total += best;
      }
      expect(Math.abs(total / 20_000 / expectedMaximum(n) - 1)).toBeLessThan(0.03);
    }
  });
  test('is never below 0, which an effective number between one and two would make it', () => {
    for (const n of [1.001, 1.05, 1.1, 1.2, 1.3, 1.5, 2]) expect(expectedMaximum(n)).toBeGreaterThanOrEqual(0);
    const observed = { sharpe: 0.05, observations: 500, skewness: 0, kurtosis: 3 };
    expect(deflatedSharpe(observed, { count: 1.1, sharpeVariance: 0.01 })).toBe(probabilisticSharpe(observed));
  });
  test('of one is 0, of none not defined', () => expect([expectedMaximum(1), expectedMaximum(0)]).toEqual([0, NaN]));
});

describe('the spread that a deflated Sharpe ratio is taken from', () => {
  test('is that of whichever trials lie further apart, in ascending order', () => {
    expect(widerSpread([0.1, 0.11], [0.2, -0.3, 0.1])).toEqual([-0.3, 0.1, 0.2]);
    expect(widerSpread([0.5, -0.5], [0.2, -0.3, 0.1])).toEqual([-0.5, 0.5]);
    expect(widerSpread([0.2], [])).toEqual([0.2]);
  });
});

describe('the minimum length of a record', () => {
  test.each([
    [250, 2, 1, 0, 3, 2.731187801728176],
    [52, 2, 1, 0, 3, 2.828833586945237],
    [12, 3, 2.5, -0.72, 5.78, 27.3529201960403],
  ])('with %i observations a year, Sharpe %d over %d', (perYear, sharpe, benchmark, skewness, kurtosis, years) => {
    const scale = Math.sqrt(perYear);
    const length = minTrackRecordLength({ sharpe: sharpe / scale, skewness, kurtosis }, benchmark / scale, 0.95);
    expect(length / perYear).toBeCloseTo(years, 11);
  });
  test('is where the probabilistic Sharpe ratio reaches the confidence', () => {
    const shape = { sharpe: 0.1, skewness: -1, kurtosis: 6 };
    const observations = minTrackRecordLength(shape, 0.02, 0.9);
    expect(probabilisticSharpe({ ...shape, observations }, 0.02)).toBeCloseTo(0.9, 13);
  });
  test('is endless for a strategy no better than the benchmark', () =>
    expect(minTrackRecordLength({ sharpe: 0, skewness: 0, kurtosis: 3 })).toBe(Infinity));
  test('of a backtest after 45 trials is five years, as in Figure 2 of the PBO paper', () => {
    expect(minBacktestYears(45, 1)).toBeCloseTo(4.998087004443404, 8);
  });
  test('of a backtest is never above its simple bound, and falls with the square of the ratio', () => {
    for (const trials of [2, 5, 10, 45, 1000, 1e6]) {
      expect(minBacktestYears(trials, 1)).toBeLessThan(minBacktestYearsBound(trials, 1));
      expect(minBacktestYears(trials, 2)).toBeCloseTo(minBacktestYears(trials, 1) / 4, 12);
      expect(minBacktestYearsBound(trials, 2)).toBeCloseTo(Math.log(trials) / 2, 12);
    }
  });
  test('of a backtest of one trial is 0, and endless for a ratio that luck reaches anyway', () => {
    expect([minBacktestYears(1, 1), minBacktestYearsBound(1, 1)]).toEqual([0, 0]);
    expect([minBacktestYears(10, 0), minBacktestYearsBound(10, -1)]).toEqual([Infinity, Infinity]);
  });
});

/** The facts of the worked examples, which differ from one to the next. */
interface Example {
  readonly inputs?: Readonly<Record<string, number>>;
  readonly cases?: readonly Readonly<Record<string, number | string>>[];
  readonly [figure: string]: unknown;
}

const FILE = '../shared/expected/overfitting_psr_dsr_pbo.json';
const MATRIX = '../shared/expected/pbo_matrix_sp500_sma.csv';
describe.skipIf(!existsSync(FILE))(`every worked example of ${FILE}`, () => {
  const examples = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as { papers: Example[] }).papers : [];
  const having = (figure: string): Example => examples.find(example => figure in example)!;
  // The file's constant of Euler and Mascheroni has ten digits.
  const DIGITS = 8;
  test('there are six, each tested below', () => expect(examples).toHaveLength(6));
  test('PSR', () => {
    const { inputs, PSR } = having('PSR');
    const observed = {
      sharpe: inputs!['SR_annual']! / Math.sqrt(12),
      observations: inputs!['T']!,
      skewness: inputs!['skew']!,
      kurtosis: inputs!['kurt']!,
    };
    expect(probabilisticSharpe(observed, inputs!['SR_star'])).toBeCloseTo(PSR as number, 13);
  });
  test('DSR, with its follow-up figures', () => {
    const { inputs, DSR, SR0_daily } = having('DSR');
    const year = inputs!['periods_per_year']!;
    const deflated = (count: number, skewness: number, kurtosis: number) =>
      deflatedSharpe(
        { sharpe: inputs!['SR_annual']! / Math.sqrt(year), observations: inputs!['T']!, skewness, kurtosis },
        { count, sharpeVariance: inputs!['var_SR_annual']! / year },
      );
    expect(luckySharpe({ count: inputs!['N']!, sharpeVariance: inputs!['var_SR_annual']! / year })).toBeCloseTo(
      SR0_daily as number,
      DIGITS,
    );
    expect(deflated(inputs!['N']!, inputs!['skew']!, inputs!['kurt']!)).toBeCloseTo(DSR as number, DIGITS);
    const followUps = examples.find(({ cases }) => cases?.[0] !== undefined && 'N' in cases[0])!.cases!;
    expect(followUps).toHaveLength(2);
    for (const { N, skew, kurt, own } of followUps)
      expect(deflated(N as number, skew as number, kurt as number)).toBeCloseTo(own as number, DIGITS);
  });
  test('the expected maximum', () => {
    const { N, E_max } = having('E_max');
    expect(expectedMaximum(N as number)).toBeCloseTo(E_max as number, DIGITS);
  });
  test('MinTRL', () => {
    const { cases } = examples.find(example => example.cases?.[0] !== undefined && 'years' in example.cases[0])!;
    const PER_YEAR = new Map([
      ['daily 250/yr', 250],
      ['weekly 52/yr', 52],
      ['monthly 12/yr', 12],
    ]);
    expect(cases).toHaveLength(3);
    for (const c of cases!) {
      const year = PER_YEAR.get(c['freq'] as string)!;
      const shape = { sharpe: (c['SR_annual'] as number) / Math.sqrt(year), skewness: c['skew'] as number, kurtosis: c['kurt'] as number };
      const length = minTrackRecordLength(shape, (c['SR_star_annual'] as number) / Math.sqrt(year), c['p'] as number);
      expect(length / year).toBeCloseTo(c['years'] as number, 11);
    }
  });
  test('MinBTL', () => {
    const { N, SR_IS, years } = having('SR_IS');
    expect(minBacktestYears(N as number, SR_IS as number)).toBeCloseTo(years as number, DIGITS);
    expect(minBacktestYearsBound(N as number, SR_IS as number)).toBeGreaterThan(years as number);
  });
});

describe.skipIf(!existsSync(FILE) || !existsSync(MATRIX))(`PSR and DSR of twelve rules on the S&P 500 (${MATRIX})`, () => {
  test('agree with an independent computation', () => {
    const rows = readFileSync(MATRIX, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map(line => line.split(',').slice(1).map(Number));
    const expected = (
      JSON.parse(readFileSync(FILE, 'utf8')) as { psr_dsr_on_same_matrix: Record<string, number> & { sharpe_per_day: number[] } }
    ).psr_dsr_on_same_matrix;
    const observed = rows[0]!.map((_, c) => observedSharpe(Float64Array.from(rows, row => row[c]!)));
    observed.forEach((o, c) => expect(o.sharpe).toBeCloseTo(expected.sharpe_per_day[c]!, 12));
    const best = observed.reduce((a, b) => (b.sharpe > a.sharpe ? b : a));
    expect(best.skewness).toBeCloseTo(expected['skew_population']!, 10);
    expect(best.kurtosis).toBeCloseTo(expected['kurt_population']!, 9);
    const trials = trialsOf(observed.map(o => o.sharpe));
    expect(trials.sharpeVariance).toBeCloseTo(expected['var_sr_ddof1']!, 14);
    expect(probabilisticSharpe(best)).toBeCloseTo(expected['PSR_vs_0']!, 12);
    expect(luckySharpe(trials)).toBeCloseTo(expected['SR0']!, 10);
    expect(deflatedSharpe(best, trials)).toBeCloseTo(expected['DSR']!, 8);
  });
});
