import type { Finding } from '../datasets/series.js';
import type { CrossValidationResult } from '../experiments/cross-validate.js';
import { pathEquity } from './charts/path-equity.js';
import type { PathGrowthRow } from './charts/path-equity.js';
import { pathSharpes } from './charts/path-sharpes.js';
import { shortSymbol } from './currency.js';
import type { Block, ReportDocument, Tile } from './document.js';
import { metricLabel, metricText } from './metric-text.js';
import { count, dateText, decimal, NONE, percent, signedPercent } from './number-text.js';
import { closingSections, runFacts } from './sections/closing.js';
import { windowAssumptions, type SearchManifest } from './window-assumptions.js';

/** What the report of a cross-validation is made from. */
export interface CrossValidationReportInput {
  readonly title: string;
  readonly manifest: SearchManifest;
  readonly result: CrossValidationResult;
  /** The split and the search in words, e.g. `combinatorial, 2 of 6 groups`. */
  readonly scheme: string;
  readonly search: string;
  readonly purge: string;
  readonly embargo: string;
  readonly findings: readonly Finding[];
  readonly command: string;
  readonly synthetic: boolean;
}

/** Points a path on the chart. */
const POINTS = 250;
/** Paths drawn; the figures are of all. */
const MOST_PATHS = 60;

const growthRows = ({ paths }: CrossValidationResult): PathGrowthRow[] =>
  paths.slice(0, MOST_PATHS).flatMap(({ returns, returnTs }, p) => {
    const stride = Math.max(1, Math.ceil(returns.length / POINTS));
    let growth = 1;
    const rows: PathGrowthRow[] = [];
    returns.forEach((r, i) => {
      growth *= 1 + r;
      if (i % stride === 0 || i === returns.length - 1) rows.push({ ts: returnTs[i]!, path: `path ${p + 1}`, growth });
    });
    return rows;
  });

const verdict = ({ sharpe, paths, folds }: CrossValidationResult, synthetic: boolean): string => {
  if (synthetic) return 'Synthetic data proves nothing about a market.';
  if (sharpe === null) return 'Nothing was traded out of sample.';
  const fell = folds.filter(({ inSample, outOfSample }) => inSample !== null && outOfSample !== null && outOfSample < inSample).length;
  const what =
    paths.length === 1
      ? `Out of sample over all folds the Sharpe ratio is ${decimal(sharpe.median)}`
      : `${percent(sharpe.belowZero, 0)} of ${paths.length} out-of-sample paths have a Sharpe ratio below 0, the median is ${decimal(sharpe.median)}`;
  return `${what}; the choice did worse than in training in ${fell} of ${folds.length} folds. Training saw later data than some tests: evidence that something lasts, not of what would have been earned.`;
};

const tilesOf = (result: CrossValidationResult): Tile[] => {
  const { sharpe, paths, search, trials, configurations, groups } = result;
  const loss = (value: number | null): Partial<Tile> => (value === null ? {} : { tone: value < 0 ? 'loss' : 'gain' });
  return [
    {
      label: paths.length === 1 ? 'Sharpe, out of sample' : 'Median Sharpe of the paths',
      value: sharpe === null ? 'Not defined' : decimal(sharpe.median),
      detail:
        sharpe === null
          ? 'No path has returns that vary.'
          : paths.length === 1
            ? 'One path: use --split combinatorial for a distribution'
            : `90% of ${paths.length} paths lie between ${decimal(sharpe.low)} and ${decimal(sharpe.high)}`,
      ...loss(sharpe?.median ?? null),
    },
    {
      label: 'Paths below 0',
      value: sharpe === null ? 'Not defined' : percent(sharpe.belowZero, 0),
      detail: `Of ${paths.length} whole histories, each day out of sample once`,
    },
    {
      label: 'Probability of overfitting',
      value: search.pbo.value === null ? 'Not defined' : decimal(search.pbo.value),
      detail: search.pbo.reason ?? `Over ${search.over}; 0.5 is a coin`,
    },
    {
      label: 'Reality check',
      value: search.realityCheck.value === null ? 'Not defined' : `p ${decimal(search.realityCheck.value, 3)}`,
      detail: search.realityCheck.reason ?? 'Could the best of these be so good without an edge?',
    },
    {
      label: 'Configurations',
      value: count(configurations),
      detail: `On ${groups.length} groups: ${count(trials.run)} trials, ${count(trials.total)} of this strategy ever`,
    },
  ];
};

const foldTable = ({ folds, objective }: CrossValidationResult): Block => ({
  kind: 'table',
  id: 'folds',
  caption: 'What each training chose, and what that did in its test',
  columns: [
    { title: 'Fold', kind: 'number' },
    { title: 'Tests', kind: 'text', wide: true },
    { title: 'Chosen', kind: 'text', wide: true },
    { title: `${metricLabel(objective.metric)} in training`, kind: 'number', signed: true },
    { title: `${metricLabel(objective.metric)} in the test`, kind: 'number', signed: true },
  ],
  rows: folds.map(({ index, test, params, inSample, outOfSample }) => [
    String(index + 1),
    test.map(({ from, to }) => `${dateText(from)} – ${dateText(to)}`).join('; '),
    params === null
      ? 'flat: none eligible'
      : Object.entries(params)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ') || 'defaults',
    inSample === null ? NONE : metricText(objective.metric, inSample),
    outOfSample === null ? NONE : metricText(objective.metric, outOfSample),
  ]),
  empty: 'There are no folds.',
});

/** The report of a cross-validation as a document, before it is a page. */
export const crossValidationDocument = (input: CrossValidationReportInput): ReportDocument => {
  const { title, manifest, result, findings, synthetic, scheme } = input;
  const { config } = manifest;
  const period = `${config.timeframe} bars, ${dateText(config.from)} to ${dateText(config.to)}`;
  return {
    title,
    subtitle: [
      manifest.strategy.name,
      config.symbols.map(shortSymbol).join(', '),
      scheme,
      `chosen by ${metricLabel(result.objective.metric)}`,
      period,
    ].join(' · '),
    verdict: verdict(result, synthetic),
    tiles: tilesOf(result),
    synthetic,
    sections: [
      {
        id: 'paths',
        title: 'Out-of-sample paths',
        lead: 'Each path joins one test of every group into a whole history. They share their days and differ in what was trained on, so they are not independent.',
        blocks: [
          {
            kind: 'chart',
            id: 'path-equity',
            spec: pathEquity(growthRows(result), {
              title: 'Growth of 1 on every path, the median thick',
              subtitle: `After all costs, each group from a fresh account${result.paths.length > MOST_PATHS ? ` · ${MOST_PATHS} of ${result.paths.length} paths` : ''} · ${period}`,
            }),
          },
          {
            kind: 'chart',
            id: 'path-sharpes',
            spec: pathSharpes(
              result.paths.flatMap(({ sharpe, totalReturn, maxDrawdown }, p) =>
                sharpe === null ? [] : [{ path: `path ${p + 1}`, sharpe, totalReturn, maxDrawdown }],
              ),
              result.sharpe?.median ?? null,
              { title: 'Sharpe ratio of every path', subtitle: 'Annual, after costs; the solid rule is 0' },
            ),
          },
          {
            kind: 'table',
            id: 'path-table',
            caption: 'Paths',
            columns: [
              { title: 'Path', kind: 'number' },
              { title: 'Sharpe', kind: 'number', signed: true },
              { title: 'Net return', kind: 'number', signed: true },
              { title: 'Maximum drawdown', kind: 'number' },
            ],
            rows: result.paths.map(({ sharpe, totalReturn, maxDrawdown }, p) => [
              String(p + 1),
              sharpe === null ? NONE : decimal(sharpe),
              signedPercent(totalReturn),
              percent(maxDrawdown),
            ]),
            empty: 'There are no paths.',
          },
        ],
      },
      {
        id: 'folds',
        title: 'Folds',
        lead: 'A search that finds something lasting chooses alike in every fold, and the test is no worse than the training by more than luck.',
        blocks: [foldTable(result)],
      },
      ...closingSections({
        assumptions: [...result.assumptions, ...windowAssumptions(manifest)],
        findings,
        inputs: manifest.inputs,
        fingerprint: result.fingerprint,
        command: input.command,
        facts: runFacts(manifest, config.capital, [
          { term: 'Split', text: `${scheme}, purge ${input.purge}, embargo ${input.embargo}` },
          { term: 'Search', text: `${input.search}, by ${metricLabel(result.objective.metric)}` },
        ]),
      }),
    ],
  };
};
