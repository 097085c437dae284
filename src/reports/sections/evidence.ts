import type { EvidenceRecord } from '../../experiments/evidence/evidence-record.js';
import { logitHistogram } from '../charts/logit-histogram.js';
import { periodBars } from '../charts/period-bars.js';
import { trialSharpes } from '../charts/trial-sharpes.js';
import { trialsOverTime } from '../charts/trials-over-time.js';
import { count, decimal, percent, signedPercent } from '../number-text.js';
import { binRows, periodRows } from '../rows/evidence-rows.js';
import { checksSection } from './checks.js';
import { intervalTable, luckTable, periodTable, reasonTables, thresholdTable, untestedTable } from './evidence-tables.js';
import type { Block, Section } from '../document.js';

const BINS = 30;
const text = { percent: (value: number) => signedPercent(value), decimal: (value: number) => decimal(value) };

const logitChart = ({ search }: EvidenceRecord): Block[] =>
  search === null
    ? []
    : [
        {
          kind: 'chart',
          id: 'pbo-logits',
          half: true,
          spec: logitHistogram(
            binRows(search.logits, { bins: BINS, edge: 0, below: 'lower half', above: 'upper half' }),
            {
              title: 'How the best in one half of the time did in the other',
              subtitle:
                search.pbo.value === null
                  ? 'Probability of overfitting not computed'
                  : `${percent(search.pbo.value)} of ${count(search.logits.length)} splits fell to the lower half: coloured`,
            },
            search.pbo.reason ?? 'there was no search',
          ),
        },
      ];

const sharpesChart = ({ tried, sharpe }: EvidenceRecord): Block => {
  const annual = tried.sharpes.map(value => value * Math.sqrt(sharpe.periodsPerYear));
  const marks = [
    ...(sharpe.lucky.value === null || tried.total < 2 ? [] : [{ at: sharpe.lucky.value, label: `luck of ${count(tried.total)}` }]),
    ...(sharpe.annual.value === null ? [] : [{ at: sharpe.annual.value, label: 'this result' }]),
  ];
  return {
    kind: 'chart',
    id: 'trial-sharpes',
    half: true,
    spec: trialSharpes(
      annual.length < 2 ? [] : binRows(annual, { bins: BINS, edge: 0, below: 'below 0', above: 'above 0' }),
      {
        title: 'What was tried, and what luck alone would show',
        subtitle: `Annual Sharpe ratio of ${count(annual.length)} of ${count(tried.total)} trials, brought to the length judged; dashed: what the best of as many worthless ones would show`,
      },
      { marks, reason: 'Not enough samples: fewer than two trials with a known Sharpe ratio.' },
    ),
  };
};

const periodBlocks = ({ years, regimes }: EvidenceRecord): Block[] => [
  {
    kind: 'chart',
    id: 'years',
    half: true,
    spec: periodBars(periodRows(years, text), { title: 'By year', subtitle: 'Net return after all costs' }),
  },
  {
    kind: 'chart',
    id: 'regimes',
    half: true,
    spec: periodBars(periodRows(regimes, text), {
      title: 'By kind of market',
      subtitle: 'As known the evening before: volatility against its median, trend of 60 days',
    }),
  },
  periodTable('year-table', 'Years', 'Year', years),
  periodTable('regime-table', 'Kinds of market', 'Market', regimes),
];

const summarySection = (record: EvidenceRecord): Section => ({
  id: 'evidence',
  title: 'Evidence',
  lead: 'What speaks for the result and what against it. Nothing here knows the future.',
  blocks: [
    ...reasonTables(record),
    luckTable(record),
    ...logitChart(record),
    sharpesChart(record),
    ...periodBlocks(record),
    untestedTable(record),
  ],
});

/** The top of a report: reasons, luck, when it earned, what was not tested, and what it was put through. */
export const evidenceSections = (record: EvidenceRecord): Section[] => [
  summarySection(record),
  ...(record.checks.length === 0 ? [] : [checksSection(record.checks)]),
];

/** How often the market was asked, over time. */
export const triedSection = (record: EvidenceRecord): Section => ({
  id: 'tried',
  title: 'Trials',
  lead: 'Every look at the data is a chance to be lucky. N counts every different configuration, window, code and data that this strategy was ever evaluated with.',
  blocks: [
    {
      kind: 'chart',
      id: 'trials-over-time',
      spec: trialsOverTime(
        record.tried.history.map(({ at, n }) => ({ ts: at, n })),
        {
          title: 'Trials of this strategy over its life',
          subtitle: `${count(record.tried.total)} distinct trials, ${count(record.tried.unsettled)} of them interrupted`,
        },
      ),
    },
  ],
});

/** Intervals and thresholds: what stands behind the verdict. */
export const evidenceDetailSections = (record: EvidenceRecord): Section[] => [
  {
    id: 'intervals',
    title: 'Intervals',
    lead: 'What another draw of the same days could have given: a studentised block bootstrap, 95%. Figures are of day ends: between them a drawdown can be deeper.',
    blocks: [intervalTable(record)],
  },
  {
    id: 'thresholds',
    title: 'Thresholds',
    lead: 'Where evidence begins and ends; `evidence` in quantai.config.ts changes them.',
    blocks: [thresholdTable(record)],
  },
];
