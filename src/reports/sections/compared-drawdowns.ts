import type { RunComparison } from '../../experiments/run-comparison.js';
import type { JointTime } from '../../metrics/paired-drawdowns.js';
import { runCorrelation } from '../charts/run-correlation.js';
import type { Block, Section } from '../document.js';
import { count, decimal, NONE, percent } from '../number-text.js';

const time = ({ first, second, both, ifUnrelated }: JointTime): string[] =>
  [first, second, both, ifUnrelated].map(share => percent(share, 0));

/** Whether the runs lose together: correlation, calm and stormy, and drawdowns at the same time. Empty without enough common days. */
export const togetherSection = (names: readonly string[], { common, pairs, correlations }: RunComparison): Section[] => {
  if (correlations === null) return [];
  const { calm, stormy, all, calmPeriods, stormyPeriods } = correlations;
  const n = names.length;
  const heat = (id: string, title: string, subtitle: string, matrix: Float64Array): Block => ({
    kind: 'chart',
    id,
    half: true,
    spec: runCorrelation(
      Array.from(matrix, (rho, at) => ({
        row: names[Math.floor(at / n)]!,
        column: names[at % n]!,
        rho: Number.isFinite(rho) ? rho : null,
      })),
      names,
      { title, subtitle },
    ),
  });
  const text = (rho: number): string => decimal(rho);
  return [
    {
      id: 'together',
      title: 'Together',
      lead: 'Runs that lose on the same days are one bet. Correlations that hold only in calm do not help when it counts.',
      blocks: [
        ...(n > 2
          ? [
              heat('correlation-all', 'Correlation of daily returns', `${count(common.ts.length)} common days`, all),
              heat(
                'correlation-stormy',
                'The same in stormy times',
                `${count(stormyPeriods)} days after the wilder third of weeks`,
                stormy,
              ),
            ]
          : []),
        {
          kind: 'table',
          id: 'correlation-table',
          caption: `Correlation of daily returns with ${names[0]!}`,
          half: true,
          columns: [
            { title: 'Run', kind: 'text' },
            { title: 'All days', kind: 'number' },
            { title: '95% interval', kind: 'number' },
            { title: 'Calm', kind: 'number' },
            { title: 'Stormy', kind: 'number' },
          ],
          rows: pairs.map(({ run, figures: { correlation } }) => [
            names[run]!,
            text(all[run]!),
            'undefined' in correlation ? NONE : `${text(correlation.low)} to ${text(correlation.high)}`,
            text(calm[run]!),
            text(stormy[run]!),
          ]),
          empty: '',
        },
        {
          kind: 'table',
          id: 'drawdown-overlap',
          caption: `Drawdowns at the same time as ${names[0]!}: shares of the common days`,
          columns: [
            { title: 'Run', kind: 'text' },
            { title: 'Under water', kind: 'text' },
            { title: 'First', kind: 'number' },
            { title: 'Run', kind: 'number' },
            { title: 'Both', kind: 'number' },
            { title: 'If unrelated', kind: 'number' },
            { title: 'Run’s drawdown at the first’s trough', kind: 'number' },
            { title: 'Deepest of half and half', kind: 'number' },
          ],
          rows: pairs.flatMap(({ run, overlap }) =>
            overlap === null
              ? []
              : [
                  [names[run]!, 'at all', ...time(overlap.underWater), percent(overlap.secondAtFirstTrough), percent(overlap.halves)],
                  [names[run]!, 'beyond half of own deepest', ...time(overlap.deep), NONE, NONE],
                ],
          ),
          empty: '',
        },
        {
          kind: 'text',
          paragraphs: [
            `Stormy: days whose 20 days before were among the wilder third (${count(stormyPeriods)} days; calm ${count(calmPeriods)}). The weather is told from the past, because days picked by their own size correlate more by the picking. If unrelated: the share of days on which both would be under water if neither knew of the other.`,
          ],
        },
      ],
    },
  ];
};
