import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { annualGrowth } from '../../src/metrics/cagr.js';
import { calmarRatio } from '../../src/metrics/calmar.js';
import { drawdownEpisodes } from '../../src/metrics/drawdowns.js';
import { expectancy, expectancyRatio } from '../../src/metrics/expectancy.js';
import { deepestDrawdown } from '../../src/metrics/max-drawdown.js';
import { sharpeRatio } from '../../src/metrics/sharpe.js';
import { trackOf } from '../../src/metrics/track.js';
import { mean, standardDeviation } from '../../src/statistics/moments.js';
import { DAY } from '../../src/time.js';
import { curveOf, run, trip } from './sample-track.js';

const FILE = '../shared/expected/freqtrade_metrics.json';
const TRADES = '../shared/expected/freqtrade_backtest-result_trades.csv';
const present = existsSync(FILE) && existsSync(TRADES);

interface Figures {
  readonly expected: {
    starting_balance: number;
    sharpe: number;
    sortino: number;
    calmar: number;
    expectancy: number;
    expectancy_ratio: number;
    max_relative_account_drawdown: { value: number; high: string; low: string };
  };
  readonly small_cases: {
    readonly expectancy: { profit_abs: number[]; expectancy: number; ratio: number };
    readonly cagr: { start: number; end: number; days: number; cagr: number }[];
    readonly drawdown: { profits: number[]; starting_balance: number; relative: number; drawdown_abs: number };
    readonly drawdown_abs_vs_relative: { profits: number[]; starting_balance: number; mode: string; relative: number }[];
  };
}

const accountOf = (start: number, profits: readonly number[]): number[] => {
  let balance = start;
  return profits.map(p => (balance += p));
};
const expectancyOf = (profits: readonly number[]) =>
  expectancy(trackOf(run(curveOf([1000], DAY), { roundTrips: profits.map(p => trip(p)) })));

describe.skipIf(!present)(`freqtrade's published figures (${FILE})`, () => {
  const { expected, small_cases: small } = (
    present ? JSON.parse(readFileSync(FILE, 'utf8')) : { expected: {}, small_cases: {} }
  ) as Figures;
  const trades = !present
    ? []
    : readFileSync(TRADES, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map(line => line.split(','))
        .map(cells => ({ open: Date.parse(cells[1]!), close: Date.parse(cells[2]!), profit: Number(cells[8]) }));
  const profits = trades.map(t => t.profit);
  const r = profits.map(p => p / expected.starting_balance);
  const days = Math.floor((Math.max(...trades.map(t => t.close)) - Math.min(...trades.map(t => t.open))) / DAY);
  const n = r.length;

  // Their returns are one per trade, divided by whole days: mean × n ÷ days; their deviation has the divisor n.
  test('Sharpe ratio', () => {
    expect(sharpeRatio(r, 365 * (n / days) * (n / days) * (n / (n - 1)))).toBeCloseTo(expected.sharpe, 6);
  });
  // Their downside is the deviation of the losing trades about their own mean, which is not Sortino's and not ours.
  test('Sortino ratio', () => {
    const downside = standardDeviation(
      r.filter(x => x < 0),
      0,
    );
    expect((((mean(r) * n) / days) * Math.sqrt(365)) / downside).toBeCloseTo(expected.sortino, 5);
  });
  // Eight pairs of trades closed in the same minute; their figures come out with the gain of a pair booked before its loss.
  const byClose = trades.toSorted((a, b) => a.close - b.close || b.profit - a.profit);
  // Their Calmar ratio is the mean per day in percent × √365 over the drawdown as a fraction, on the account after each trade by close.
  test('Calmar ratio', () => {
    const account = accountOf(
      expected.starting_balance,
      byClose.map(t => t.profit),
    );
    const annual = ((mean(r) * n) / days) * 100 * Math.sqrt(365);
    expect(calmarRatio(annual, deepestDrawdown(account, expected.starting_balance))).toBeCloseTo(expected.calmar, 5);
  });
  // With a starting balance of 0 the fraction is of the profit made so far; they report it where the loss of money is the largest.
  test('drawdown of the profit, with its dates', () => {
    const { value, high, low } = expected.max_relative_account_drawdown;
    const profit = Float64Array.from(
      accountOf(
        0,
        byClose.map(t => t.profit),
      ),
    );
    const episodes = drawdownEpisodes(
      Float64Array.from(byClose, t => t.close),
      profit,
      0,
    );
    const episode = episodes.find(e => e.troughTs === Date.parse(low));
    expect(episode?.peakTs).toBe(Date.parse(high));
    expect(episode?.depth).toBeCloseTo(-value, 7);
  });
  test('expectancy and its ratio', () => {
    expect(expectancyOf(profits)).toBeCloseTo(expected.expectancy, 15);
    expect(expectancyRatio(profits)).toBeCloseTo(expected.expectancy_ratio, 12);
    expect(expectancyOf(small.expectancy.profit_abs)).toBeCloseTo(small.expectancy.expectancy, 12);
    expect(expectancyRatio(small.expectancy.profit_abs)).toBeCloseTo(small.expectancy.ratio, 8);
  });
  test.each(small.cagr ?? [])('CAGR from $start to $end in $days days', ({ start, end, days: length, cagr }) => {
    expect(annualGrowth(end / start - 1, length / 365)).toBeCloseTo(cagr, 4);
  });
  test('relative drawdown of 28 trades', () => {
    const { profits: steps, starting_balance: start, relative } = small.drawdown;
    expect(deepestDrawdown(accountOf(start, steps), start)).toBeCloseTo(-relative, 7);
  });
  // In their absolute mode they look for the largest loss of money; ours, like their relative mode, for the largest fraction.
  test.each((small.drawdown_abs_vs_relative ?? []).filter(c => c.mode === 'relative'))('relative drawdown $relative', c => {
    expect(deepestDrawdown(accountOf(c.starting_balance, c.profits), c.starting_balance)).toBeCloseTo(-c.relative, 10);
  });
});

describe('growth, drawdown and expectancy, by hand', () => {
  test('doubling in two years is 41.4 % a year', () => expect(annualGrowth(1, 2)).toBeCloseTo(Math.SQRT2 - 1, 15));
  test('a fall from 120 to 90 is a quarter, and one below the capital counts from it', () => {
    expect(deepestDrawdown([100, 120, 90, 130, 117], 100)).toBe(-0.25);
    expect(deepestDrawdown([80, 90], 100)).toBeCloseTo(-0.2, 15);
    expect(deepestDrawdown([100, 101], 100)).toBe(0);
  });
  test('two wins of 30 and one loss of 30: expectancy 10, ratio a third', () => {
    expect(expectancyOf([30, 30, -30])).toBe(10);
    expect(expectancyRatio([30, 30, -30])).toBeCloseTo(1 / 3, 14);
  });
});
