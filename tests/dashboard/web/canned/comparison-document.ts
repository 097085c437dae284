import type { RunLine } from '../../../../src/dashboard/api/research-api.js';
import { BEGIN } from './session.js';

const DAY = 86_400_000;

/** What `quantai compare --json` says of runs, as far as a page shows it. */
export const comparisonOf = (runs: readonly RunLine[]) => ({
  runs: runs.map(({ run, strategy, command, dataset, totalReturn, cagr, sharpe, sortino, maxDrawdown, volatility, winRate, trades }) => ({
    name: `${strategy} ${command}`,
    runId: run,
    kind: command,
    strategy,
    dataset,
    metrics: { totalReturn, cagr, sharpe, sortino, maxDrawdown, volatility, winRate, trades, exposure: 0.62, costShare: null },
  })),
  cautions: ['Some results are in-sample and some out-of-sample: they are not alike.'],
  common: { from: BEGIN - 400 * DAY, to: BEGIN - DAY, periods: 399, periodsPerYear: 365 },
  against: runs[0] === undefined ? '' : `${runs[0].strategy} ${runs[0].command}`,
  differences: runs.slice(1).map(({ strategy, command }, at) => ({
    run: `${strategy} ${command}`,
    metrics: {
      cagr: { first: 0.1, second: 0.14, difference: 0.04 + at / 100, low: -0.06, high: 0.14, level: 0.95, p: 0.4, adjustedP: 0.4 },
      sharpe: { first: 0.4, second: 0.9, difference: 0.5, low: -0.31, high: 1.3, level: 0.95, p: 0.2, adjustedP: 0.2 },
      trades: { value: null, reason: 'not resampled' },
    },
  })),
});
