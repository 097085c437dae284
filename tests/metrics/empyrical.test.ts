import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alphaOf } from '../../src/metrics/alpha.js';
import { betaOf } from '../../src/metrics/beta.js';
import { annualGrowth, annualReturn } from '../../src/metrics/cagr.js';
import { calmarRatio } from '../../src/metrics/calmar.js';
import { informationRatioOf } from '../../src/metrics/information-ratio.js';
import { deepestDrawdownOfReturns } from '../../src/metrics/max-drawdown.js';
import { omegaRatio } from '../../src/metrics/omega.js';
import { rollingSharpe } from '../../src/metrics/rolling.js';
import { sharpeRatio } from '../../src/metrics/sharpe.js';
import { downsideDeviation, sortinoRatio } from '../../src/metrics/sortino.js';
import { stabilityOf } from '../../src/metrics/stability.js';
import { tailRatioOf } from '../../src/metrics/tail-ratio.js';
import { compoundReturn } from '../../src/metrics/total-return.js';
import { historicalValueAtRisk } from '../../src/metrics/value-at-risk.js';
import { annualVolatility } from '../../src/metrics/volatility.js';
import { flat } from './sample-track.js';
import { power } from '../../src/numeric/pow.js';

const FILE = '../shared/expected/empyrical_metrics.json';

interface Case {
  readonly x: string | number[];
  readonly v: number | number[];
  readonly dec?: number;
  readonly period?: 'daily' | 'weekly' | 'monthly' | 'yearly';
  readonly risk_free?: number | string;
  readonly required_return?: number;
  readonly required?: number | string;
  readonly benchmark?: number | string;
  readonly cutoff?: number;
  readonly window?: number;
}

// Their convention: 252 days, 52 weeks, 12 months to the year; NaN is skipped, by all but the annual return, which counts it as a period.
const PERIODS = { daily: 252, weekly: 52, monthly: 12, yearly: 1 };

describe.skipIf(!existsSync(FILE))(`empyrical's published figures (${FILE})`, () => {
  const { inputs, expected } = existsSync(FILE)
    ? (JSON.parse(readFileSync(FILE, 'utf8')) as { inputs: Record<string, (number | null)[]>; expected: Record<string, Case[]> })
    : { inputs: {}, expected: {} };
  const raw = (name: string): (number | null)[] => (name === 'flat_line_1_tz' ? flat(1000, 0.01) : inputs[name]!);
  const series = (c: Case): number[] => (typeof c.x === 'string' ? raw(c.x).filter(r => r !== null) : c.x);
  /** Another series or a constant on the dates on which x has a return. */
  const beside = (c: Case, other: number | string): number[] => {
    const dates = typeof c.x === 'string' ? raw(c.x) : c.x;
    return dates.flatMap((r, i) => (r === null ? [] : [typeof other === 'number' ? other : (raw(other)[i] ?? NaN)]));
  };
  const over = (c: Case, other: number | string): number[] => {
    const rates = beside(c, other);
    return series(c).map((r, i) => r - rates[i]!);
  };
  const periods = (c: Case): number => PERIODS[c.period ?? 'daily'];
  const annual = (c: Case): number => annualGrowth(compoundReturn(series(c)), raw(String(c.x)).length / periods(c));
  const agree = (key: string, figure: (c: Case) => number) => {
    test.each(expected[key] ?? [])(`${key} of $x`, c => {
      expect(figure(c)).toBeCloseTo(c.v as number, c.dec ?? 8);
    });
  };

  agree('cum_returns_final', c => compoundReturn(series(c)));
  agree('max_drawdown', c => deepestDrawdownOfReturns(series(c)));
  agree('annual_return', annual);
  agree('cagr', annual);
  agree('annual_volatility', c => annualVolatility(series(c), periods(c)));
  agree('calmar', c => calmarRatio(annual(c), deepestDrawdownOfReturns(series(c))));
  // Their required return is annual; ours is per period.
  agree('omega', c => omegaRatio(over(c, c.risk_free ?? 0), power(1 + (c.required_return ?? 0), 1 / 252) - 1));
  agree('sharpe', c => sharpeRatio(over(c, c.risk_free ?? 0), 252));
  agree('downside_risk', c => downsideDeviation(series(c), (c.required as number | undefined) ?? 0) * Math.sqrt(periods(c)));
  agree('sortino', c => sortinoRatio(over(c, c.required ?? 0), periods(c)));
  // Their excess Sharpe ratio is the information ratio without annualisation.
  agree('excess_sharpe_information_ratio', c => informationRatioOf(series(c), beside(c, c.benchmark!), 1));
  agree('stability_of_timeseries', c => stabilityOf(series(c)));
  agree('tail_ratio', c => tailRatioOf(series(c)));
  agree('value_at_risk', c => historicalValueAtRisk(series(c), c.cutoff));

  test('alpha and beta of mixed_returns against negative_returns, alpha compounded over 252 days', () => {
    const { alpha, beta } = expected['alpha_beta']![0]! as Case & { alpha: number; beta: number };
    const c: Case = { x: 'mixed_returns', v: 0 };
    const benchmark = beside(c, 'negative_returns');
    expect(betaOf(series(c), benchmark)).toBeCloseTo(beta, 8);
    expect(alphaOf(series(c), benchmark, 252)).toBeCloseTo(alpha, 8);
  });
  test.each(expected['roll_sharpe'] ?? [])('roll_sharpe of $x', c => {
    // Where x begins with a NaN they have one more window, of five returns.
    const ours = [...rollingSharpe(series(c), c.window!, 252)].filter(s => !Number.isNaN(s));
    const theirs = (c.v as number[]).slice(-ours.length);
    expect(ours.length).toBe(series(c).length - c.window! + 1);
    ours.forEach((s, i) => expect(s).toBeCloseTo(theirs[i]!, 7));
  });
  test.each(expected['roll_max_drawdown'] ?? [])('roll_max_drawdown of $x', c => {
    (c.v as number[]).forEach((d, i) => expect(deepestDrawdownOfReturns(series(c).slice(i, i + c.window!))).toBeCloseTo(d, 4));
  });
  test('returns compound over months, quarters and years as aggregate_returns says', () => {
    const [, yearly, quarterly] = expected['aggregate_returns']!;
    expect(compoundReturn(series(yearly!))).toBeCloseTo((yearly!.v as number[])[0]!, 12);
    (quarterly!.v as number[]).forEach((q, i) => expect(compoundReturn(series(quarterly!).slice(3 * i, 3 * i + 3))).toBeCloseTo(q, 12));
  });
});

describe('metrics of a few returns, by hand', () => {
  const returns = [0.1, -0.1, 0.1];
  test('compound, fall and annualise', () => {
    expect(compoundReturn(returns)).toBeCloseTo(0.089, 15);
    expect(deepestDrawdownOfReturns(returns)).toBeCloseTo(-0.1, 15);
    expect(annualReturn([0.03, 0.03, 0.03], 1)).toBeCloseTo(0.03, 15);
    expect(annualReturn([0.21], 0.5)).toBeCloseTo(0.1, 15);
    expect([annualGrowth(-1, 2), annualGrowth(-1.5, 2), annualGrowth(0.1, 0)]).toEqual([-1, -1, NaN]);
  });
  test('Sharpe divides by the sample deviation, Sortino by the downside over all returns', () => {
    // Mean 1/30, sample deviation 0.2/√3, downside √(0.01/3).
    expect(sharpeRatio(returns, 1)).toBeCloseTo(Math.sqrt(3) / 6, 14);
    expect(sharpeRatio(returns, 4, 0.1)).toBeCloseTo(((-2 / 30) * Math.sqrt(3) * 2) / 0.2, 14);
    expect(downsideDeviation(returns)).toBeCloseTo(0.1 / Math.sqrt(3), 15);
    expect(sortinoRatio(returns, 1)).toBeCloseTo(Math.sqrt(3) / 3, 14);
    expect(annualVolatility(returns, 3)).toBeCloseTo(0.2, 14);
  });
  test('are not defined without risk, and rounding is no risk', () => {
    expect([sharpeRatio([0.01, 0.01], 365), sharpeRatio([0.01], 365), sharpeRatio([0.1 + 0.2 - 0.3, 0, 0], 365)]).toEqual([NaN, NaN, NaN]);
    expect(sortinoRatio([0.01, 0.02], 365)).toBeNaN();
    expect(omegaRatio([0.01, 0.02])).toBe(Infinity);
  });
  test('omega is gains over losses', () => expect(omegaRatio([0.03, -0.01, 0.01, -0.01])).toBeCloseTo(2, 14));
  test('a market-neutral half-beta strategy has its constant as alpha', () => {
    const benchmark = [0.01, -0.02, 0.03, 0.005];
    const strategy = benchmark.map(b => 0.001 + 0.5 * b);
    expect(betaOf(strategy, benchmark)).toBeCloseTo(0.5, 13);
    expect(alphaOf(strategy, benchmark, 252)).toBeCloseTo(power(1.001, 252) - 1, 12);
    expect(informationRatioOf([0.02, 0, 0.02], [0.01, 0.01, 0.01], 3)).toBeCloseTo((0.01 / 3 / (0.02 / Math.sqrt(3))) * Math.sqrt(3), 13);
  });
  test('steady growth is perfectly stable, a lost account has no stability', () => {
    expect(stabilityOf([0.01, 0.01, 0.01, 0.01])).toBeCloseTo(1, 13);
    expect(stabilityOf([0.01, -1, 0.01])).toBeNaN();
  });
});
