import type { PortfolioOutcome } from '../experiments/portfolio-study.js';
import type { RunComparison } from '../experiments/run-comparison.js';
import type { RunDifference } from '../experiments/run-differences.js';
import { decimal, NONE, percent } from '../reports/number-text.js';
import { commonText, pairVerdict } from '../reports/sections/compared-pairs.js';
import { PORTFOLIO_LABEL, portfolioText } from '../reports/sections/compared-portfolios.js';
import { table } from './table.js';

/** More lines of what changed than this are in the page. */
const MOST_CHANGES = 20;

const changes = (names: readonly string[], differences: readonly RunDifference[]): string[] => {
  if (differences.length === 0) return ['Nothing changed in code, data, parameters or configuration.'];
  const short = (value: string | null): string => {
    const text = value === null ? NONE : value.replace(/\b[0-9a-f]{16,}\b/g, hash => hash.slice(0, 8));
    return text.length > 40 ? `${text.slice(0, 39)}…` : text;
  };
  return [
    table(
      [{ title: 'changed' }, ...names.map(title => ({ title }))],
      differences.slice(0, MOST_CHANGES).map(({ name, values }) => [name, ...values.map(short)]),
    ),
    ...(differences.length > MOST_CHANGES ? [`… and ${differences.length - MOST_CHANGES} more in the report.`] : []),
  ];
};

const together = (names: readonly string[], { pairs, correlations }: RunComparison): string[] =>
  correlations === null
    ? []
    : [
        table(
          [
            { title: `with ${names[0]!}` },
            { title: 'correlation', align: 'right' },
            { title: 'calm', align: 'right' },
            { title: 'stormy', align: 'right' },
            { title: 'both under water', align: 'right' },
            { title: 'if unrelated', align: 'right' },
          ],
          pairs.map(({ run, overlap }) => [
            names[run]!,
            decimal(correlations.all[run]!),
            decimal(correlations.calm[run]!),
            decimal(correlations.stormy[run]!),
            overlap ? percent(overlap.underWater.both, 0) : NONE,
            overlap ? percent(overlap.underWater.ifUnrelated, 0) : NONE,
          ]),
        ),
      ];

const portfolios = (names: readonly string[], { portfolio }: RunComparison): string[] => {
  if ('undefined' in portfolio) return portfolio.undefined === 'not asked for' ? [] : [`No portfolio of the runs: ${portfolio.undefined}.`];
  const row = (name: string, { figures: { sharpe, cagr, maxDrawdown } }: PortfolioOutcome): string[] => [
    name,
    'undefined' in sharpe ? NONE : decimal(sharpe.estimate),
    'undefined' in sharpe ? NONE : `${decimal(sharpe.low)} to ${decimal(sharpe.high)}`,
    'undefined' in cagr ? NONE : percent(cagr.estimate),
    'undefined' in maxDrawdown ? NONE : percent(maxDrawdown.estimate),
  ];
  return [
    table(
      [
        { title: 'portfolio, out of sample' },
        { title: 'Sharpe', align: 'right' },
        { title: '95%', align: 'right' },
        { title: 'CAGR', align: 'right' },
        { title: 'drawdown', align: 'right' },
      ],
      [
        ...portfolio.portfolios.map(of => row(PORTFOLIO_LABEL[of.name], of)),
        row(`${names[portfolio.best]!}, best in hindsight`, portfolio.alone[portfolio.best]!),
      ],
    ),
    ...portfolioText(names, portfolio).slice(0, 2),
  ];
};

/** What a comparison says for people, paragraph by paragraph. */
export const comparisonText = (names: readonly string[], study: RunComparison, differences: readonly RunDifference[]): string[] =>
  [
    [commonText(names, study), ...study.pairs.map(pair => pairVerdict(names, pair))],
    together(names, study),
    portfolios(names, study),
    changes(names, differences),
  ]
    .filter(paragraph => paragraph.length > 0)
    .flatMap(paragraph => [...paragraph, '']);
