import type { Estimate } from '../../experiments/estimate.js';
import type { EvidencePeriod, EvidenceRecord } from '../../experiments/evidence/evidence-record.js';
import { METRICS } from '../../metrics/summary.js';
import { unitText } from '../metric-text.js';
import { count, decimal, NONE, percent, signedPercent } from '../number-text.js';
import type { Block } from '../document.js';

type Table = Extract<Block, { kind: 'table' }>;

/** Reasons of one kind, each a row. Undefined when there are none. */
const reasonTable = (record: EvidenceRecord, says: 'for' | 'against' | 'neither', title: string): Table[] => {
  const rows = record.reasons.filter(reason => reason.says === says).map(({ sentence }) => [sentence]);
  if (rows.length === 0 && says === 'neither') return [];
  return [
    {
      kind: 'table',
      id: `reasons-${says}`,
      caption: title,
      quiet: true,
      half: says !== 'neither',
      columns: [{ title, kind: 'text', wide: true }],
      rows,
      empty: says === 'for' ? 'Nothing speaks for it.' : 'Nothing speaks against it.',
    },
  ];
};

/** What speaks for the result, what against it, and what else to know. */
export const reasonTables = (record: EvidenceRecord): Table[] => [
  ...reasonTable(record, 'against', 'Speaks against it'),
  ...reasonTable(record, 'for', 'Speaks for it'),
  ...reasonTable(record, 'neither', 'To know'),
];

/** A figure with what it says; where it is missing, why. */
export const estimateRow = (label: string, { value, reason }: Estimate, text: (value: number) => string, meaning: string): string[] => [
  label,
  value === null ? NONE : text(value),
  value === null ? `${meaning} Not computed: ${reason ?? 'not enough samples'}.` : meaning,
];

const three = (value: number): string => decimal(value, 3);
const two = (value: number): string => decimal(value);
const years = (value: number): string => `${decimal(value, 1)} y`;

/** Figures about luck, by `estimateRow`. */
export const figuresOfLuck = (rows: readonly (readonly string[])[]): Table => ({
  kind: 'table',
  id: 'overfitting',
  caption: 'How much of it is luck',
  columns: [
    { title: 'Measure', kind: 'text' },
    { title: 'Value', kind: 'number' },
    { title: 'What it says', kind: 'text', wide: true },
  ],
  rows,
  empty: '',
});

/** Every figure about luck, with what it says; where one is missing, why. */
export const luckTable = ({ sharpe, tried, search, foldPbo, thresholds }: EvidenceRecord): Table =>
  figuresOfLuck([
    [
      'Configurations tried (N)',
      count(tried.total),
      `Every one is a chance to be lucky; repeats count once. ${count(tried.run)} in this run${tried.unsettled > 0 ? `, ${count(tried.unsettled)} interrupted ones among all` : ''}.`,
    ],
    estimateRow(
      'Effective N',
      tried.effective,
      v => decimal(v, 0),
      'How many independent ideas these are, alike ones counted together. Told, never decisive.',
    ),
    estimateRow(
      'Probabilistic Sharpe (PSR)',
      sharpe.psr,
      three,
      'Probability that the true Sharpe ratio is above zero, given length, skew and tails.',
    ),
    estimateRow(
      'Deflated Sharpe (DSR)',
      sharpe.dsr,
      three,
      `The same against the best of ${count(tried.total)} worthless strategies; ${thresholds.strong} is asked for.`,
    ),
    estimateRow('Deflated by the effective N', sharpe.dsrEffective, three, 'The kind reading: only different ideas count.'),
    estimateRow('Sharpe of the luckiest', sharpe.lucky, two, 'What the best of so many worthless trials would show, a year.'),
    estimateRow('Sharpe less that', sharpe.corrected, two, 'What is left of the annual Sharpe ratio.'),
    ...(search
      ? [
          estimateRow(
            'Probability of overfitting (PBO)',
            search.pbo,
            three,
            `How often the best in one half of the time fell to the lower half in the other, over ${search.over}; 0.5 is a coin.`,
          ),
        ]
      : []),
    ...(foldPbo
      ? [
          estimateRow(
            search ? 'PBO, median of the folds' : 'Probability of overfitting (PBO)',
            foldPbo,
            three,
            'How often the best in-sample fell to the lower half out of sample; 0.5 is a coin.',
          ),
        ]
      : []),
    ...(search
      ? [
          estimateRow(
            'Reality check, p',
            search.realityCheck,
            three,
            `White: could the best of ${count(search.configurations)} be as good as it is without any edge?`,
          ),
          estimateRow('SPA, p', search.spa, three, 'Hansen: the same, not led astray by the worst of them.'),
          ...(search.surviving
            ? [
                [
                  'Configurations that survive',
                  `${count(search.surviving.stepwise)} · ${count(search.surviving.falseDiscovery)} · ${count(search.surviving.anyDependence)}`,
                  `Of ${count(search.configurations)} at ${percent(search.alpha, 0)}: Romano & Wolf’s stepwise test · Benjamini & Hochberg · Benjamini & Yekutieli.`,
                ],
              ]
            : []),
          estimateRow(
            'Best Sharpe after a haircut',
            search.haircut.holm,
            two,
            'Harvey & Liu, by Holm’s correction for N trials; in-sample.',
          ),
        ]
      : []),
    estimateRow(
      'Track record needed',
      sharpe.minTrackRecordYears,
      years,
      `For 95% confidence in a Sharpe above zero, one trial; ${years(sharpe.years)} are there.`,
    ),
    estimateRow(
      'Backtest needed',
      sharpe.minBacktestYears,
      years,
      'Shorter ones show such a Sharpe ratio for the best of N worthless trials.',
    ),
  ]);

/** Years or regimes with their figures. */
export const periodTable = (id: string, caption: string, first: string, periods: readonly EvidencePeriod[]): Table => ({
  kind: 'table',
  id,
  caption,
  quiet: true,
  half: true,
  columns: [
    { title: first, kind: 'text' },
    { title: 'Net return', kind: 'number', signed: true },
    { title: 'Sharpe', kind: 'number', signed: true },
    { title: 'Drawdown', kind: 'number' },
    { title: 'Trades', kind: 'number' },
    { title: 'Days', kind: 'number' },
  ],
  rows: periods.map(({ label, totalReturn, sharpe, maxDrawdown, trades, days }) => [
    label,
    totalReturn === null ? NONE : signedPercent(totalReturn),
    sharpe === null ? NONE : decimal(sharpe),
    maxDrawdown === null ? NONE : percent(maxDrawdown),
    count(trades),
    count(days),
  ]),
  empty: 'There are no returns.',
});

/** What could not be tested, and why. */
export const untestedTable = ({ untested }: EvidenceRecord): Table => ({
  kind: 'table',
  id: 'untested',
  caption: 'What was not tested',
  columns: [
    { title: 'What', kind: 'text', wide: true },
    { title: 'Why', kind: 'text', wide: true },
  ],
  rows: untested.map(({ what, why }) => [what, `${why.charAt(0).toUpperCase()}${why.slice(1)}${/[.?!]$/.test(why) ? '' : '.'}`]),
  empty: 'Everything that can be tested here was.',
});

/** Headline metrics with what another draw of the same days could have given. */
export const intervalTable = ({ intervals }: EvidenceRecord): Table => ({
  kind: 'table',
  id: 'intervals',
  caption: 'Headline metrics with their 95% intervals',
  quiet: true,
  columns: [
    { title: 'Metric', kind: 'text' },
    { title: 'Value', kind: 'number' },
    { title: '95% interval', kind: 'number' },
    { title: 'Why there is none', kind: 'text', wide: true },
  ],
  rows: intervals.map(({ metric, estimate, low, high, reason }) => {
    const info = METRICS.find(({ name }) => name === metric);
    const text = (value: number | null): string => unitText(info?.unit ?? 'ratio', value);
    return [info?.label ?? metric, text(estimate), low === null || high === null ? NONE : `${text(low)} to ${text(high)}`, reason ?? ''];
  }),
  empty: '',
});

/** Where evidence begins and ends here. */
export const thresholdTable = ({ thresholds: t }: EvidenceRecord): Table => ({
  kind: 'table',
  id: 'thresholds',
  caption: 'Thresholds of the verdict',
  quiet: true,
  columns: [
    { title: 'Setting', kind: 'text' },
    { title: 'Value', kind: 'number' },
    { title: 'What it decides', kind: 'text', wide: true },
  ],
  rows: [
    ['evidence.trades', count(t.trades), 'Fewest closed trades to judge by.'],
    ['evidence.returns', count(t.returns), 'Fewest return observations to judge by.'],
    ['evidence.strong', String(t.strong), 'Deflated Sharpe from which evidence is strong.'],
    ['evidence.suggestive', String(t.suggestive), 'Deflated Sharpe from which it is suggestive.'],
    ['evidence.pbo', String(t.pbo), 'Probability of overfitting from which a search chose no better than a coin.'],
    ['evidence.pValue', String(t.pValue), 'Largest p-value of reality check and SPA.'],
    ['evidence.costMultiple', String(t.costMultiple), 'Costs must be able to grow by this factor before the profit is gone.'],
  ],
  empty: '',
});
