import type { PortfolioName, PortfolioOutcome, PortfolioStudy } from '../../experiments/portfolio-study.js';
import type { RunComparison } from '../../experiments/run-comparison.js';
import { drawdownSeries } from '../../metrics/drawdowns.js';
import type { MetricInterval } from '../../metrics/intervals.js';
import type { Undefined } from '../../metrics/metric.js';
import type { PairedFigure } from '../../metrics/paired-differences.js';
import { overlaidEquity, type GrowthRow } from '../charts/overlaid-equity.js';
import { portfolioWeights } from '../charts/portfolio-weights.js';
import type { Section } from '../document.js';
import { count, dateText, decimal, NONE, percent } from '../number-text.js';
import { reduceIndices } from '../reduce.js';
import { pText } from './compared-pairs.js';

/** What portfolios are called in text and charts. */
export const PORTFOLIO_LABEL: Readonly<Record<PortfolioName, string>> = {
  'equal-weight': 'Equal weight',
  'equal-risk': 'Equal risk',
  'hierarchical-risk': 'Hierarchical risk parity',
  'minimum-variance': 'Minimum variance',
  'past-best': 'Best of the past',
};

const BUCKETS = 200;

const growthOf = (run: string, returns: Float64Array, from: number, ts: Float64Array): GrowthRow[] => {
  let value = 1;
  const equity = returns.map(r => (value *= 1 + r));
  const drawdown = drawdownSeries(equity, 1);
  return [
    { ts: from, run, growth: 1, drawdown: 0 },
    ...Array.from(reduceIndices([equity, drawdown], BUCKETS), i => ({ ts: ts[i]!, run, growth: equity[i]!, drawdown: drawdown[i]! })),
  ];
};

const figure = (of: MetricInterval | Undefined, text: (value: number) => string): string => ('undefined' in of ? NONE : text(of.estimate));
const range = (of: MetricInterval | PairedFigure | Undefined, text: (value: number) => string): string =>
  'undefined' in of ? NONE : `${text(of.low)} to ${text(of.high)}`;
const difference = (of: PairedFigure | Undefined): string => ('undefined' in of ? NONE : decimal(of.difference));

const outcomeRow = (name: string, { figures }: PortfolioOutcome, moved: string): string[] => [
  name,
  figure(figures.sharpe, value => decimal(value)),
  range(figures.sharpe, value => decimal(value)),
  figure(figures.cagr, value => percent(value)),
  range(figures.cagr, value => percent(value, 0)),
  figure(figures.volatility, value => percent(value)),
  figure(figures.maxDrawdown, value => percent(value)),
  moved,
];

const againstRow = (name: string, { overEqual, overBest }: PortfolioOutcome, p: string): string[] => [
  name,
  difference(overEqual),
  range(overEqual, value => decimal(value)),
  p,
  difference(overBest),
  range(overBest, value => decimal(value)),
];

/** What the portfolio study says, in sentences. */
export const portfolioText = (names: readonly string[], { portfolios, best, lookback, every, moveCost }: PortfolioStudy): string[] => {
  const beating = portfolios.filter(
    ({ adjustedP, overEqual }) => adjustedP !== null && adjustedP <= 0.05 && !('undefined' in overEqual) && overEqual.difference > 0,
  );
  return [
    beating.length > 0
      ? `Better than equal weights by more than chance explains: ${beating.map(({ name }) => PORTFOLIO_LABEL[name]).join(', ')}.`
      : 'No way of weighting beats equal weights by more than chance explains.',
    `“${names[best]!}” turned out to be the best single run, which nobody knew beforehand; “Best of the past” is what choosing by the last ${count(lookback)} days would have brought.`,
    `Weights come from the ${count(lookback)} days before, are set anew every ${count(every)} days and drift in between. Moving capital is assumed to cost ${decimal(moveCost * 1e4, 1)} bp of what is taken plus what is given; the first division costs nothing, and every run keeps the costs of its own trading. A run that did not move in the days before gets nothing. Long-only, all capital used.`,
  ];
};

/** Portfolios of the runs, walked forward. Says why there are none. */
export const portfolioSection = (names: readonly string[], { portfolio, common }: RunComparison): Section[] => {
  const title = 'Portfolio of the runs';
  if ('undefined' in portfolio)
    return portfolio.undefined === 'not asked for'
      ? []
      : [{ id: 'portfolio', title, blocks: [{ kind: 'text', paragraphs: [`Not walked forward: ${portfolio.undefined}.`] }] }];
  const { portfolios, alone, best, firstRow } = portfolio;
  const ts = common.ts.subarray(firstRow);
  const from = common.ts[firstRow - 1]!;
  const period = `${dateText(from)} to ${dateText(ts[ts.length - 1]!)}`;
  const bestName = `${names[best]!}, best in hindsight`;
  const lines = [
    ...portfolios.map(({ name, returns }) => ({ name: PORTFOLIO_LABEL[name], returns })),
    { name: 'Best run, in hindsight', returns: alone[best]!.returns },
  ];
  const rows = lines.flatMap(({ name, returns }) => growthOf(name, returns, from, ts));
  const growth = rows.map(row => row.growth);
  const [low, high] = [growth.reduce((a, b) => Math.min(a, b), Infinity), growth.reduce((a, b) => Math.max(a, b), -Infinity)];
  const weighted = portfolios.filter(({ name }) => name !== 'equal-weight');
  return [
    {
      id: 'portfolio',
      title,
      lead: 'What dividing the capital among the runs would have brought, with weights from the past alone.',
      blocks: [
        { kind: 'text', paragraphs: portfolioText(names, portfolio) },
        {
          kind: 'chart',
          id: 'portfolio-equity',
          spec: overlaidEquity(rows, {
            title: 'Growth of one unit of capital, drawdown underneath',
            subtitle: `Out of sample for the weights · ${period}`,
            runs: lines.map(({ name }) => name),
            log: low > 0 && high / low > 5,
          }),
        },
        {
          kind: 'table',
          id: 'portfolio-table',
          caption: `Out of sample for the weights, ${period}; intervals 95%`,
          columns: [
            { title: 'Portfolio', kind: 'text' },
            { title: 'Sharpe', kind: 'number' },
            { title: 'Interval', kind: 'number' },
            { title: 'CAGR', kind: 'number' },
            { title: 'Interval', kind: 'number' },
            { title: 'Volatility', kind: 'number' },
            { title: 'Drawdown', kind: 'number' },
            { title: 'Moved a year', kind: 'number' },
          ],
          rows: [
            ...portfolios.map(of => outcomeRow(PORTFOLIO_LABEL[of.name], of, percent(of.movedPerYear, 0))),
            ...alone.map((of, i) => outcomeRow(i === best ? bestName : `${names[i]!}, alone`, of, NONE)),
          ],
          empty: '',
        },
        {
          kind: 'table',
          id: 'portfolio-differences',
          caption: 'Sharpe ratio against equal weights and against the best single run, paired, intervals 95%',
          columns: [
            { title: 'Portfolio', kind: 'text' },
            { title: 'Over equal weight', kind: 'number', signed: true },
            { title: 'Interval', kind: 'number' },
            { title: 'p, corrected', kind: 'number' },
            { title: 'Over best run', kind: 'number', signed: true },
            { title: 'Interval', kind: 'number' },
          ],
          rows: [
            ...portfolios.map(of => againstRow(PORTFOLIO_LABEL[of.name], of, pText(of.adjustedP))),
            ...alone.map((of, i) => againstRow(i === best ? bestName : `${names[i]!}, alone`, of, NONE)),
          ],
          empty: '',
        },
        {
          kind: 'chart',
          id: 'portfolio-weights',
          spec: portfolioWeights(
            weighted.flatMap(({ name, reweightings }) =>
              reweightings.flatMap(({ row, weights }, i) =>
                Array.from(weights, (weight, place) => ({
                  portfolio: PORTFOLIO_LABEL[name],
                  run: names[place]!,
                  place,
                  from: common.ts[row - 1]!,
                  to: common.ts[(reweightings[i + 1]?.row ?? common.ts.length) - 1]!,
                  weight,
                })),
              ),
            ),
            {
              title: 'Who held the capital',
              subtitle: `Weights as they were set · ${period}`,
              portfolios: weighted.map(({ name }) => PORTFOLIO_LABEL[name]),
              runs: names,
            },
          ),
        },
      ],
    },
  ];
};
