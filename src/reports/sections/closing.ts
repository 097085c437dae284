import { formatTime } from '../../time.js';
import { dataFindings } from '../charts/data-findings.js';
import { currencyOf } from '../currency.js';
import { count, money } from '../number-text.js';
import type { Finding } from '../../datasets/series.js';
import type { Assumption, RunManifest } from '../../engine/run-result.js';
import type { InputRange } from '../../events/feed.js';
import type { Block, Section } from '../document.js';

/** What every report ends with. */
export interface Closing {
  readonly assumptions: readonly Assumption[];
  readonly findings: readonly Finding[];
  readonly inputs: readonly InputRange[];
  readonly fingerprint: string;
  /** The command that gives the same result again. */
  readonly command: string;
  /** Further facts about the run, in order. */
  readonly facts: readonly { readonly term: string; readonly text: string }[];
}

const SEVERITY: readonly string[] = ['error', 'warning', 'info'];

const findingBlocks = (findings: readonly Finding[], inputs: readonly InputRange[]): Block[] => {
  const sorted = [...findings].sort((a, b) => SEVERITY.indexOf(a.severity) - SEVERITY.indexOf(b.severity) || (a.ts ?? 0) - (b.ts ?? 0));
  const placed = sorted.flatMap(({ ts, code, symbol, severity, count: rows, message }) =>
    ts === undefined ? [] : [{ ts, code, symbol, severity, count: rows, message }],
  );
  const from = inputs.reduce((least, input) => Math.min(least, input.from), Infinity);
  const to = inputs.reduce((most, input) => Math.max(most, input.to), -Infinity);
  return [
    ...(placed.length === 0
      ? []
      : [
          {
            kind: 'chart' as const,
            id: 'findings',
            spec: dataFindings(placed.slice(0, 500), {
              title: 'Where the data is doubtful',
              subtitle: 'One mark a finding, larger where more rows are concerned',
              from: Number.isFinite(from) ? from : placed[0]!.ts,
              to: Number.isFinite(to) ? to : placed[placed.length - 1]!.ts,
            }),
          },
        ]),
    {
      kind: 'table',
      id: 'finding-table',
      caption: 'Findings in the data',
      columns: [
        { title: 'Severity', kind: 'text' },
        { title: 'Finding', kind: 'text' },
        { title: 'Symbol', kind: 'text' },
        { title: 'Kind', kind: 'text' },
        { title: 'From (UTC)', kind: 'text' },
        { title: 'Rows', kind: 'number' },
        { title: 'What', kind: 'text', wide: true },
        { title: 'Repaired', kind: 'text', wide: true },
      ],
      rows: sorted
        .slice(0, 1_000)
        .map(finding => [
          finding.severity,
          finding.code,
          finding.symbol,
          finding.kind,
          finding.ts === undefined ? '' : formatTime(finding.ts),
          count(finding.count),
          finding.message,
          finding.repaired ?? '',
        ]),
      empty: 'The import found nothing wrong. What one file cannot show (wrong market, zone or label) was not looked for here.',
    },
  ];
};

/** What a run was made from: its strategy, what is its `own`, then platform, seed and the capital (quote currency) that it began with. */
export const runFacts = (
  { strategy, platform, config }: Pick<RunManifest, 'strategy' | 'platform' | 'config'>,
  capital: number,
  own: Closing['facts'],
): Closing['facts'] => [
  { term: 'Strategy', text: `${strategy.name} (${strategy.bundle})` },
  ...own,
  { term: 'Platform', text: platform },
  { term: 'Seed', text: String(config.seed) },
  { term: 'Capital', text: `${money(capital)} ${currencyOf(config.symbols)}, leverage ${config.leverage}` },
];

/** Assumptions, data, and how to get the same again. */
export const closingSections = ({ assumptions, findings, inputs, fingerprint, command, facts }: Closing): Section[] => [
  {
    id: 'assumptions',
    title: 'Assumptions',
    lead: 'What the numbers take for granted. Each is a choice, and a wrong one can make a losing strategy look good.',
    blocks: [
      {
        kind: 'table',
        id: 'assumption-table',
        caption: 'Assumptions behind the numbers',
        quiet: true,
        columns: [
          { title: 'Topic', kind: 'text' },
          { title: 'Assumption', kind: 'text', wide: true },
          { title: 'Source', kind: 'text', wide: true },
        ],
        rows: assumptions.map(({ topic, text, source }) => [topic, text, source]),
        empty: 'The run named none.',
      },
    ],
  },
  {
    id: 'data',
    title: 'Data',
    lead: 'What was read and what was wrong with it. Nothing is filled in silently: a gap stays a gap.',
    blocks: [
      ...findingBlocks(findings, inputs),
      {
        kind: 'table',
        id: 'input-table',
        caption: 'Inputs',
        columns: [
          { title: 'Dataset', kind: 'text' },
          { title: 'Version', kind: 'text' },
          { title: 'Kind', kind: 'text' },
          { title: 'Symbol', kind: 'text' },
          { title: 'Timeframe', kind: 'text' },
          { title: 'From (UTC)', kind: 'text' },
          { title: 'To (UTC)', kind: 'text' },
          { title: 'Rows', kind: 'number' },
          { title: 'Origin', kind: 'text' },
        ],
        rows: inputs.map(input => [
          input.dataset,
          input.version.slice(0, 12),
          input.kind,
          input.symbol,
          input.timeframe ?? '',
          formatTime(input.from),
          formatTime(input.to),
          count(input.rows),
          input.synthetic ? 'synthetic' : 'market',
        ]),
        empty: 'The run names no input.',
      },
    ],
  },
  {
    id: 'reproduce',
    title: 'Reproduce',
    lead: 'The same command on the same data gives the same fingerprint, on another machine too.',
    blocks: [
      { kind: 'code', label: 'Command', text: command },
      { kind: 'code', label: 'Fingerprint (SHA-256 over every decision and what came of it)', text: fingerprint },
      { kind: 'list', items: facts },
    ],
  },
];
