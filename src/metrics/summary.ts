import { alpha } from './alpha.js';
import { averageDrawdown } from './average-drawdown.js';
import { averageHoldingTime } from './average-holding-time.js';
import { averageTrade } from './average-trade.js';
import { bestTrade } from './best-trade.js';
import { beta } from './beta.js';
import { cagr } from './cagr.js';
import { calmar } from './calmar.js';
import { conditionalValueAtRisk } from './conditional-value-at-risk.js';
import { costShare } from './costs.js';
import { drawdownDuration } from './drawdown-duration.js';
import { expectancy } from './expectancy.js';
import { exposure } from './exposure.js';
import { informationRatio } from './information-ratio.js';
import { kelly } from './kelly.js';
import { kurtosis } from './kurtosis.js';
import { maxDrawdown } from './max-drawdown.js';
import type { Metric, Track } from './metric.js';
import { omega } from './omega.js';
import { profitFactor } from './profit-factor.js';
import { sharpe } from './sharpe.js';
import { skew } from './skew.js';
import { sortino } from './sortino.js';
import { sqn } from './sqn.js';
import { stability } from './stability.js';
import { tailRatio } from './tail-ratio.js';
import { totalReturn } from './total-return.js';
import { trades } from './trades.js';
import { turnover } from './turnover.js';
import { ulcerIndex } from './ulcer-index.js';
import { valueAtRisk } from './value-at-risk.js';
import { volatility } from './volatility.js';
import { winRate } from './win-rate.js';
import { worstTrade } from './worst-trade.js';

/** How a metric's number is to be read and printed. */
export type MetricUnit = 'fraction' | 'ratio' | 'currency' | 'count' | 'ms';

const info = <const N extends string>(name: N, label: string, unit: MetricUnit, explanation: string, metric: Metric) => ({
  name,
  label,
  unit,
  explanation,
  metric,
});

const ALL = [
  info('totalReturn', 'Net return', 'fraction', 'Change of equity over the whole run, after all costs', totalReturn),
  info('cagr', 'CAGR', 'fraction', 'Net return as a constant yearly rate of growth', cagr),
  info('volatility', 'Volatility', 'fraction', 'Standard deviation of returns, per year', volatility),
  info('sharpe', 'Sharpe', 'ratio', 'Mean return ÷ its standard deviation, per year, over a risk-free rate of 0', sharpe),
  info('sortino', 'Sortino', 'ratio', 'Mean return ÷ downside deviation, per year', sortino),
  info('calmar', 'Calmar', 'ratio', 'CAGR ÷ maximum drawdown', calmar),
  info('omega', 'Omega', 'ratio', 'Sum of gains ÷ sum of losses over the return periods', omega),
  info('maxDrawdown', 'Maximum drawdown', 'fraction', 'Worst fall of equity from a peak', maxDrawdown),
  info('drawdownDuration', 'Longest drawdown', 'ms', 'Longest time from a peak of equity until it was reached again', drawdownDuration),
  info('averageDrawdown', 'Average drawdown', 'fraction', 'Mean depth of all falls from a peak', averageDrawdown),
  info('ulcerIndex', 'Ulcer index', 'fraction', 'Root mean square drawdown: depth and length in one', ulcerIndex),
  info('valueAtRisk', 'Value at risk (5 %)', 'fraction', 'Return that the worst 5 % of periods fall below', valueAtRisk),
  info('conditionalValueAtRisk', 'Conditional VaR (5 %)', 'fraction', 'Mean return of the worst 5 % of periods', conditionalValueAtRisk),
  info('tailRatio', 'Tail ratio', 'ratio', 'Right tail of returns ÷ left tail, at 5 %', tailRatio),
  info('skew', 'Skew', 'ratio', 'Asymmetry of returns: negative when the bad surprises are the larger ones', skew),
  info('kurtosis', 'Excess kurtosis', 'ratio', 'Fatness of the tails of returns: 0 for a normal law', kurtosis),
  info('stability', 'Stability', 'ratio', 'How straight the log equity line is, 0 to 1', stability),
  info('exposure', 'Exposure', 'fraction', 'Share of time with a position', exposure),
  info('turnover', 'Turnover', 'ratio', 'Notional traded per year ÷ mean equity', turnover),
  info('costShare', 'Cost share', 'fraction', 'Fees, slippage and funding paid ÷ PnL before costs', costShare),
  info('trades', 'Trades', 'count', 'Closed round trips', trades),
  info('winRate', 'Win rate', 'fraction', 'Share of closed trades with a profit after costs', winRate),
  info('profitFactor', 'Profit factor', 'ratio', 'Net profit of winning trades ÷ net loss of losing ones', profitFactor),
  info('expectancy', 'Expectancy', 'currency', 'Mean net profit of a closed trade', expectancy),
  info('averageTrade', 'Average trade', 'fraction', 'Mean net return of a closed trade on its entry notional', averageTrade),
  info('bestTrade', 'Best trade', 'fraction', 'Largest net return of a closed trade', bestTrade),
  info('worstTrade', 'Worst trade', 'fraction', 'Smallest net return of a closed trade', worstTrade),
  info('averageHoldingTime', 'Average holding time', 'ms', 'Mean time from entry to exit', averageHoldingTime),
  info('sqn', 'SQN', 'ratio', 'System quality number: t-statistic of the mean trade', sqn),
  info('kelly', 'Kelly fraction', 'fraction', 'Stake for the fastest growth, had these trades been known', kelly),
  info('alpha', 'Alpha', 'fraction', 'Annual return that the benchmark does not explain', alpha),
  info('beta', 'Beta', 'ratio', 'Part taken in a move of the benchmark', beta),
  info(
    'informationRatio',
    'Information ratio',
    'ratio',
    'Mean return over the benchmark ÷ its standard deviation, per year',
    informationRatio,
  ),
] as const;

/** Key of a metric in JSON and in tables. */
export type MetricName = (typeof ALL)[number]['name'];

/** A metric with what a report needs to print it. */
export interface MetricInfo {
  readonly name: MetricName;
  readonly label: string;
  readonly unit: MetricUnit;
  /** One line for a trader. */
  readonly explanation: string;
  readonly metric: Metric;
}

/** Every metric, in the order in which reports list them. */
export const METRICS: readonly MetricInfo[] = ALL;

/** All metrics of a run: null where one is not defined, with the reason beside it. */
export interface Summary {
  readonly values: Readonly<Record<MetricName, number | null>>;
  readonly reasons: Readonly<Partial<Record<MetricName, string>>>;
}

/** Computes every metric of a run. Ratios are fractions, drawdowns negative, times in milliseconds; never NaN or infinite. */
export const summarise = (track: Track): Summary => {
  const results = METRICS.map(({ name, metric }) => [name, metric(track)] as const);
  return {
    values: Object.fromEntries(results.map(([name, result]) => [name, typeof result === 'number' ? result : null])) as Summary['values'],
    reasons: Object.fromEntries(results.flatMap(([name, result]) => (typeof result === 'number' ? [] : [[name, result.undefined]]))),
  };
};
