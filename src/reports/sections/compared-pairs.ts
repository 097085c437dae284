import type { ComparedPair, RunComparison } from '../../experiments/run-comparison.js';
import type { PairedFigureName } from '../../metrics/paired-differences.js';
import { pairedDifferencesChart } from '../charts/paired-differences.js';
import type { Block, Section } from '../document.js';
import { count, dateText, decimal, NONE, percent, signedPercent } from '../number-text.js';

interface Shown {
  readonly name: PairedFigureName;
  readonly label: string;
  readonly text: (value: number) => string;
  readonly signed: (value: number) => string;
}

const plus = (value: number): string => `${value > 0 && decimal(value) !== decimal(0) ? '+' : ''}${decimal(value)}`;

const SHOWN: readonly Shown[] = [
  { name: 'sharpe', label: 'Sharpe', text: value => decimal(value), signed: plus },
  { name: 'cagr', label: 'CAGR', text: value => percent(value), signed: value => signedPercent(value) },
  { name: 'meanReturn', label: 'Mean return a year', text: value => percent(value), signed: value => signedPercent(value) },
  { name: 'volatility', label: 'Volatility', text: value => percent(value), signed: value => signedPercent(value) },
  { name: 'maxDrawdown', label: 'Maximum drawdown', text: value => percent(value), signed: value => signedPercent(value) },
];

/** A p-value as it is printed: never zero, which resamples cannot show. */
export const pText = (p: number | null | undefined): string =>
  p === null || p === undefined || !Number.isFinite(p) ? NONE : p < 0.001 ? '< 0.001' : decimal(p, 3);

/** The days that all runs have, in words, and what each has beside them. */
export const commonText = (names: readonly string[], { common, own }: RunComparison): string => {
  const n = common.ts.length;
  if (n === 0) return 'The runs have no day in common, so that nothing can be said of how they differ.';
  const beside = names.flatMap((name, i) => (own[i]! > n ? [`${name} has ${count(own[i]!)}`] : []));
  const what = common.periodsPerYear > 200 ? 'days' : 'periods';
  return `${count(n)} ${what} are common to all runs, ${dateText(common.from)} to ${dateText(common.ts[n - 1]!)}; differences, correlations and portfolios are of these alone.${
    beside.length > 0 ? ` ${beside.join(', ')}: what lies outside the common days is in the metrics table only.` : ''
  }`;
};

const rowsOf = (names: readonly string[], { run, figures, adjusted }: ComparedPair): string[][] =>
  SHOWN.map(({ name, label, text, signed }) => {
    const figure = figures[name];
    const start = names.length > 2 ? [names[run]!, label] : [label];
    if ('undefined' in figure) return [...start, NONE, NONE, NONE, NONE, NONE, ...(names.length > 2 ? [NONE] : [])];
    return [
      ...start,
      text(figure.first),
      text(figure.second),
      signed(figure.difference),
      `${signed(figure.low)} to ${signed(figure.high)}`,
      pText(figure.p),
      ...(names.length > 2 ? [pText(adjusted[name])] : []),
    ];
  });

/** What the interval of the Sharpe ratios' difference says of a pair, in a sentence. */
export const pairVerdict = (names: readonly string[], { run, figures, adjusted }: ComparedPair): string => {
  const { sharpe } = figures;
  const subject = `“${names[run]!}” against “${names[0]!}”`;
  if ('undefined' in sharpe) return `${subject}: no difference is given, ${sharpe.undefined}.`;
  const p = adjusted.sharpe ?? sharpe.p;
  const size = `Sharpe ${plus(sharpe.difference)} (95%: ${plus(sharpe.low)} to ${plus(sharpe.high)}, p ${p !== null && p < 0.001 ? '' : '= '}${pText(p)}${names.length > 2 ? ' corrected' : ''})`;
  return p !== null && p <= 0.05
    ? `${subject}: ${size}: more than chance explains.`
    : `${subject}: ${size}: these days cannot tell them apart.`;
};

/** Paired differences from the first run: charts, the table, and how they were made. */
export const pairedSection = (names: readonly string[], study: RunComparison): Section => {
  const first = names[0]!;
  const chart = (name: 'sharpe' | 'cagr', title: string, format: string): Block => {
    const figures = study.pairs.map(({ run, figures: of }) => ({ run: names[run]!, figure: of[name] }));
    const missing = figures.find(({ figure }) => 'undefined' in figure)?.figure;
    return {
      kind: 'chart',
      id: `difference-${name}`,
      half: true,
      spec: pairedDifferencesChart(
        figures.flatMap(({ run, figure }) =>
          'undefined' in figure ? [] : [{ run, difference: figure.difference, low: figure.low, high: figure.high }],
        ),
        {
          title,
          subtitle: `Less that of ${first}, 95% interval`,
          format,
          reason: missing && 'undefined' in missing ? `Not given: ${missing.undefined}.` : '',
        },
      ),
    };
  };
  return {
    id: 'differences',
    title: 'Differences',
    lead: `How far each run is from ${first}, day against day: what moved both cancels out.`,
    blocks: [
      { kind: 'text', paragraphs: [commonText(names, study), ...study.pairs.map(pair => pairVerdict(names, pair))] },
      chart('sharpe', 'Difference in Sharpe ratio', '+.1f'),
      chart('cagr', 'Difference in CAGR', '+.0%'),
      {
        kind: 'table',
        id: 'difference-table',
        caption: `Paired differences from ${first} on the common days`,
        columns: [
          ...(names.length > 2 ? [{ title: 'Run', kind: 'text' as const }] : []),
          { title: 'Metric', kind: 'text' },
          { title: first, kind: 'number' },
          { title: names.length > 2 ? 'Run’s own' : names[1]!, kind: 'number' },
          { title: 'Difference', kind: 'number', signed: true },
          { title: '95% interval', kind: 'number' },
          { title: 'p', kind: 'number' },
          ...(names.length > 2 ? [{ title: 'p, corrected', kind: 'number' as const }] : []),
        ],
        rows: study.pairs.flatMap(pair => rowsOf(names, pair)),
        empty: '',
      },
      {
        kind: 'text',
        paragraphs: [
          `Studentised block bootstrap of the days in pairs (Ledoit & Wolf 2008). p: how often chance alone would set two equals as far apart.${
            names.length > 2 ? ' Corrected: for the number of runs compared with the first (Holm 1979).' : ''
          } The interval of the maximum drawdowns is what other draws of the same days bring; it has no p. None of it knows how the runs were found.`,
        ],
      },
    ],
  };
};
