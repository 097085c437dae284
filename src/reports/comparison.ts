import type { RunComparison } from '../experiments/run-comparison.js';
import type { RunDifference } from '../experiments/run-differences.js';
import { METRICS, summarise } from '../metrics/summary.js';
import { trackOf } from '../metrics/track.js';
import { formatDate, formatTime } from '../time.js';
import { overlaidEquity } from './charts/overlaid-equity.js';
import { metricText, unitText } from './metric-text.js';
import { count, dateText, signedPercent } from './number-text.js';
import { renderReport } from './render.js';
import { growthRows } from './rows/equity-rows.js';
import type { InputRange } from '../events/feed.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import type { FillQuality } from '../metrics/fill-quality.js';
import { togetherSection } from './sections/compared-drawdowns.js';
import { makingSection } from './sections/compared-making.js';
import { pairedSection } from './sections/compared-pairs.js';
import { portfolioSection } from './sections/compared-portfolios.js';
import { headline, matchingSection } from './sections/matching-compared.js';
import type { ReportDocument, TableColumn, Tile } from './document.js';
import type { Outcome } from './outcome.js';

/** One of the runs that are compared. */
export interface ComparedRun {
  /** Unique among them; shown in legends. */
  readonly name: string;
  readonly runId: string;
  /** What its money is: a whole backtest, or the test windows of a walk-forward experiment. */
  readonly sample: 'in-sample' | 'out-of-sample';
  readonly outcome: Outcome;
  readonly params: Params;
  /** What decided: one name, one code. Runs of one strategy are compared by how they were matched too. */
  readonly strategy?: string;
  readonly inputs: readonly InputRange[];
  readonly fingerprint: string;
  readonly synthetic: boolean;
  /** What its orders matched against and how they were filled; null where that was not recorded. */
  readonly matching?: { readonly fills: RunConfig['fills']; readonly quality: FillQuality } | null;
}

/** What the comparison of several runs is made from. */
export interface ComparisonInput {
  readonly title: string;
  /** Two or more; eight can be told apart. */
  readonly runs: readonly ComparedRun[];
  readonly command: string;
  /** What the runs say of each other on their common days; left out for runs that are only put side by side. */
  readonly study?: RunComparison;
  /** What was not the same when they were made. */
  readonly differences?: readonly RunDifference[];
}

const MOST_TILES = 8;

/** What makes the runs unlike, in sentences; empty when nothing does. */
const unlike = (runs: readonly ComparedRun[]): string[] => {
  const distinct = (of: (run: ComparedRun) => string): number => new Set(runs.map(of)).size;
  // Runs at different depths read different kinds of the same recording.
  const data = ({ inputs }: ComparedRun): string =>
    [...new Set(inputs.map(input => `${input.dataset}@${input.version}/${input.symbol}`))].sort().join();
  const dates = ({ outcome: { curve } }: ComparedRun): string =>
    curve.length === 0 ? '' : `${formatDate(curve.ts[0]!)} ${formatDate(curve.ts[curve.length - 1]!)}`;
  return [
    ...(distinct(({ sample }) => sample) > 1 ? ['Some results are in-sample and some out-of-sample: they are not alike.'] : []),
    ...(distinct(data) > 1 ? ['The runs read different data.'] : []),
    ...(distinct(dates) > 1 ? ['The runs cover different periods: compare yearly figures, not totals.'] : []),
  ];
};

/** What to know before the runs are compared, in sentences; empty when nothing makes them unlike or unreal. */
export const comparisonCautions = (runs: readonly ComparedRun[]): string[] => [
  ...unlike(runs),
  ...(runs.some(({ synthetic }) => synthetic) ? ['At least one run is on synthetic data.'] : []),
];

/** The part of a run within the common days, as if its capital had been put in at their start; the whole run when there are none. */
const onCommonDays = ({ outcome }: ComparedRun, study: RunComparison | undefined): Outcome => {
  const last = study?.common.ts.at(-1);
  if (study === undefined || last === undefined) return outcome;
  const { from } = study.common;
  const { curve, initialCapital } = outcome;
  const begin = curve.ts.findIndex(ts => ts > from);
  const after = curve.ts.findIndex(ts => ts > last);
  const end = after < 0 ? curve.length : after;
  const cut = (column: Float64Array): Float64Array => column.subarray(begin, end);
  return {
    ...outcome,
    initialCapital: begin > 0 ? curve.equity[begin - 1]! : initialCapital,
    curve: { length: end - begin, ts: cut(curve.ts), equity: cut(curve.equity), exposure: cut(curve.exposure), gross: cut(curve.gross) },
  };
};

interface RunColumn {
  readonly column: TableColumn;
  readonly cell: (run: ComparedRun) => string;
}

const timeAt = ({ outcome: { curve } }: ComparedRun, i: number): string => (curve.length === 0 ? '' : formatTime(curve.ts[i] ?? NaN));

const paramText = ({ params }: ComparedRun): string =>
  Object.entries(params)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join(', ');

/** What is said of each run; a column that says nothing, or the same as the one beside it, is left out. */
const runColumnsOf = (runs: readonly ComparedRun[]): RunColumn[] => {
  const text = (title: string, cell: RunColumn['cell'], wide = false): RunColumn => ({
    column: { title, kind: 'text', ...(wide && { wide }) },
    cell,
  });
  return [
    text('Run', run => run.name),
    ...(runs.some(run => run.runId !== run.name) ? [text('Id', run => run.runId)] : []),
    text('Sample', run => run.sample),
    text('From (UTC)', run => timeAt(run, 0)),
    text('To (UTC)', run => timeAt(run, run.outcome.curve.length - 1)),
    { column: { title: 'Trades', kind: 'number' }, cell: run => count(run.outcome.roundTrips.length) },
    ...(runs.some(run => paramText(run) !== '') ? [text('Parameters', paramText, true)] : []),
    text('Data', ({ inputs }) => [...new Set(inputs.map(input => `${input.dataset}@${input.version.slice(0, 8)}`))].join(', '), true),
    text('Fingerprint', run => run.fingerprint.slice(0, 16)),
  ];
};

/** The comparison of several runs as a document, before it is a page. */
export const comparisonDocument = ({ title, runs, command, study, differences }: ComparisonInput): ReportDocument => {
  const summaries = runs.map(run => ({ run, summary: summarise(trackOf(run.outcome)) }));
  const names = runs.map(({ name }) => name);
  const from = runs.reduce((least, { outcome: { curve } }) => Math.min(least, curve.ts[0] ?? Infinity), Infinity);
  const to = runs.reduce((most, { outcome: { curve } }) => Math.max(most, curve.ts[curve.length - 1] ?? -Infinity), -Infinity);
  const period = Number.isFinite(from) && Number.isFinite(to) ? `${dateText(from)} to ${dateText(to)}` : 'no bars';
  const hasCommon = study !== undefined && study.common.ts.length > 0;
  const drawn = hasCommon ? `${dateText(study.common.from)} to ${dateText(study.common.ts.at(-1)!)}, the days common to all` : period;
  const rows = runs.flatMap(run => growthRows(run.name, onCommonDays(run, study), Math.floor(1_200 / Math.max(1, runs.length))));
  const growth = rows.map(row => row.growth);
  const low = growth.reduce((a, b) => Math.min(a, b), Infinity);
  const high = growth.reduce((a, b) => Math.max(a, b), -Infinity);
  const ranked = [...summaries].sort((a, b) => (b.summary.values.sharpe ?? -Infinity) - (a.summary.values.sharpe ?? -Infinity));
  const best = ranked[0];
  const tiles = ranked.slice(0, MOST_TILES).map(({ run, summary: { values } }): Tile => {
    const total = values.totalReturn;
    return {
      label: run.name,
      value: total === null ? 'Not defined' : signedPercent(total, Math.abs(total) < 0.001 ? 3 : 1),
      detail: `Sharpe ${metricText('sharpe', values.sharpe)}, drawdown ${metricText('maxDrawdown', values.maxDrawdown)}, ${run.sample}`,
      ...(total !== null && total !== 0 && { tone: total < 0 ? 'loss' : 'gain' }),
    };
  });
  const cautions = comparisonCautions(runs);
  const warnings = unlike(runs);
  const runColumns = runColumnsOf(runs);
  return {
    title,
    subtitle: `${runs.length} runs · ${period}`,
    verdict: `${
      best?.summary.values.sharpe === null || !best
        ? (headline(runs) ?? 'No run has a Sharpe ratio.')
        : `${best.run.name} has the highest Sharpe ratio, ${metricText('sharpe', best.summary.values.sharpe)}, of ${runs.length}. Picking the best of several is a trial too: the more are compared, the luckier the winner.`
    }${study === undefined && cautions.length > 0 ? ` ${cautions.join(' ')}` : ''}`,
    tiles,
    synthetic: runs.some(({ synthetic }) => synthetic),
    sections: [
      {
        id: 'equity',
        title: 'Equity',
        blocks: [
          ...(study === undefined || warnings.length === 0 ? [] : [{ kind: 'alarm' as const, text: warnings.join(' ') }]),
          {
            kind: 'chart',
            id: 'overlaid-equity',
            spec: overlaidEquity(rows, {
              title: 'Growth of one unit of capital, drawdown underneath',
              subtitle: `After all costs · ${drawn}`,
              runs: names,
              log: low > 0 && high / low > 5,
            }),
          },
        ],
      },
      ...(study === undefined ? [] : [pairedSection(names, study), ...togetherSection(names, study), ...portfolioSection(names, study)]),
      ...(differences === undefined ? [] : [makingSection(names, differences)]),
      {
        id: 'metrics',
        title: 'Metrics',
        ...(study !== undefined && { lead: 'Of each run as a whole, whatever days the others have.' }),
        blocks: [
          {
            kind: 'table',
            id: 'metric-table',
            caption: 'All metrics, after costs',
            quiet: true,
            columns: [
              { title: 'Metric', kind: 'text' },
              ...names.map(name => ({ title: name, kind: 'number' as const })),
              { title: 'What it says', kind: 'text', wide: true },
            ],
            // What no run has says nothing about any of them.
            rows: METRICS.filter(({ name }) => summaries.some(({ summary }) => summary.values[name] !== null)).map(
              ({ name, label, unit, explanation }) => [
                label,
                ...summaries.map(({ summary }) => unitText(unit, summary.values[name])),
                explanation,
              ],
            ),
            empty: '',
          },
        ],
      },
      ...matchingSection(runs),
      {
        id: 'runs',
        title: 'Runs',
        blocks: [
          {
            kind: 'table',
            id: 'run-table',
            caption: 'What was compared',
            quiet: true,
            columns: runColumns.map(({ column }) => column),
            rows: runs.map(run => runColumns.map(({ cell }) => cell(run))),
            empty: 'No runs were given.',
          },
        ],
      },
      { id: 'reproduce', title: 'Reproduce', blocks: [{ kind: 'code', label: 'Command', text: command }] },
    ],
  };
};

/** Several runs side by side as one self-contained HTML file. */
export const comparisonReport = (input: ComparisonInput): string => renderReport(comparisonDocument(input));
