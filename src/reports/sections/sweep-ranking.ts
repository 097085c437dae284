import { METRICS } from '../../metrics/summary.js';
import { tradeOffs } from '../charts/trade-offs.js';
import { metricLabel, metricText } from '../metric-text.js';
import { count, decimal } from '../number-text.js';
import { valueText } from '../rows/sweep-rows.js';
import type { ReportedSweep } from '../swept.js';
import { searchedText } from './sweep-choice.js';
import type { Section, TableColumn } from '../document.js';

/** Rows of a table at most. */
const LISTED = 100;
/** Points beside the front at most. */
const POINTS = 1_500;

const columnsOf = ({ space, objective: { metric, also = [] } }: ReportedSweep): readonly TableColumn[] => [
  { title: 'Rank', kind: 'number' },
  ...Object.entries(space).map(([name, { kind }]): TableColumn => ({
    title: name,
    kind: kind === 'int' || kind === 'float' ? 'number' : 'text',
  })),
  ...[metric, ...also]
    .filter(name => !['sharpe', 'totalReturn', 'maxDrawdown', 'trades'].includes(name))
    .map((name): TableColumn => ({ title: metricLabel(name), kind: 'number' })),
  { title: 'Sharpe', kind: 'number' },
  { title: 'Net return', kind: 'number', signed: true },
  { title: 'Maximum drawdown', kind: 'number' },
  { title: 'Trades', kind: 'number' },
];

const rowOf = (sweep: ReportedSweep, index: number, rank: number): readonly string[] => {
  const { space, objective, configurations, periodsPerYear } = sweep;
  const { params, metrics, sharpe } = configurations[index]!;
  return [
    count(rank),
    ...Object.keys(space).map(name => valueText(params[name]!)),
    ...[objective.metric, ...(objective.also ?? [])]
      .filter(name => !['sharpe', 'totalReturn', 'maxDrawdown', 'trades'].includes(name))
      .map(name => metricText(name, metrics[name])),
    decimal(sharpe === null ? NaN : sharpe * Math.sqrt(periodsPerYear)),
    ...['totalReturn', 'maxDrawdown', 'trades'].map(name => metricText(name, metrics[name])),
  ];
};

/** What nothing that was tried beats in every objective at once. */
export const frontSection = (sweep: ReportedSweep, period: string): readonly Section[] => {
  const { front, configurations, objective, ranking } = sweep;
  const [second, ...rest] = objective.also ?? [];
  if (second === undefined) return [];
  const isFront = new Set(front);
  const step = Math.max(1, Math.ceil(configurations.length / POINTS));
  const rankOf = new Map(ranking.map((index, rank) => [index, rank + 1]));
  const format = (name: string): string => (METRICS.find(info => info.name === name)?.unit === 'fraction' ? '.0%' : '.3~f');
  const rows = Array.from(configurations.keys()).flatMap(i => {
    const { [objective.metric]: x = null, [second]: y = null } = configurations[i]!.metrics;
    if (x === null || y === null || configurations[i]!.score === null || (!isFront.has(i) && i % step !== 0)) return [];
    return [{ x, y, front: isFront.has(i), params: searchedText(sweep, i) }];
  });
  return [
    {
      id: 'front',
      title: 'Trade-offs',
      lead: `${count(front.length)} configurations that nothing beats in ${[objective.metric, ...(objective.also ?? [])].map(metricLabel).join(' and ')} at once. Which of them to take is a choice that no search makes.`,
      blocks: [
        {
          kind: 'chart',
          id: 'trade-offs',
          spec: tradeOffs(rows, {
            title: `${metricLabel(second)} against ${metricLabel(objective.metric)}`,
            subtitle: `In sample; line: the front${rest.length > 0 ? `, in these two of ${rest.length + 2} objectives` : ''} · ${period}`,
            x: metricLabel(objective.metric),
            y: metricLabel(second),
            formats: [format(objective.metric), format(second)],
          }),
        },
        {
          kind: 'table',
          id: 'front-table',
          caption: 'The front',
          quiet: true,
          columns: columnsOf(sweep),
          rows: front.slice(0, LISTED).map(index => rowOf(sweep, index, rankOf.get(index) ?? NaN)),
          empty: 'No configuration has all objectives defined.',
        },
      ],
    },
  ];
};

/** The best of what was tried. */
export const rankingSection = (sweep: ReportedSweep): Section => {
  const { ranking, configurations, objective } = sweep;
  return {
    id: 'ranking',
    title: 'The best of what was tried',
    lead: `${count(Math.min(LISTED, ranking.length))} of ${count(configurations.length)} configurations by ${metricLabel(objective.metric)}; ${count(configurations.length - ranking.length)} were not eligible. All are in configurations.parquet: quantai sql "SELECT * FROM configurations".`,
    blocks: [
      {
        kind: 'table',
        id: 'ranking-table',
        caption: 'Configurations by rank',
        quiet: true,
        columns: columnsOf(sweep),
        rows: ranking.slice(0, LISTED).map((index, i) => rowOf(sweep, index, i + 1)),
        empty: 'No configuration was eligible.',
      },
    ],
  };
};
