import { metricIntervals } from '../metrics/intervals.js';
import { summarise } from '../metrics/summary.js';
import { trackOf } from '../metrics/track.js';
import { stitchedEquity } from './charts/stitched-equity.js';
import { currencyOf, shortSymbol } from './currency.js';
import { evidenceOf, onData, outOfSampleEvidence } from './evidence.js';
import { headlineTiles, verdictSentence } from './headline.js';
import { metricLabel } from './metric-text.js';
import { count, decimal } from './number-text.js';
import { renderReport } from './render.js';
import { equityRows, wantsLog } from './rows/equity-rows.js';
import { closingSections, runFacts } from './sections/closing.js';
import { evidenceSections } from './sections/evidence.js';
import { estimateRow, figuresOfLuck } from './sections/evidence-tables.js';
import { foldSections } from './sections/folds.js';
import { forecastSections } from './sections/forecasts.js';
import { metricSection } from './sections/metric-table.js';
import { plotSections } from './sections/plots.js';
import { riskSection } from './sections/risk.js';
import { tradingSection } from './sections/trading.js';
import { haltBlocks, periodText } from './tearsheet.js';
import { formatDate } from '../time.js';
import type { Finding } from '../datasets/series.js';
import type { EvidenceRecord } from '../experiments/evidence/evidence-record.js';
import type { RunManifest } from '../engine/run-result.js';
import type { ForecastRecord } from '../models/forecast-record.js';
import type { Block, ReportDocument } from './document.js';
import type { Benchmark, Closes, Outcome } from './outcome.js';
import type { ReportFold } from './rows/fold-rows.js';

/** A probability about overfitting: null with the reason when it could not be computed. */
export type Probability = number | null;

/** How the windows were cut, in words ready to print. */
export interface WalkScheme {
  readonly kind: 'rolling' | 'anchored';
  /** E.g. `180d`, or `2000 bars`. */
  readonly train: string;
  readonly test: string;
  /** Time cut from the end of training, because labels or positions there reach into the test. */
  readonly purge: string;
  /** Time left out after a test window. */
  readonly embargo: string;
  /** How configurations were proposed, e.g. `grid`, `random, 200 a fold`. */
  readonly search: string;
}

/** What the report of a walk-forward experiment is made from. */
export interface WalkForwardReportInput {
  readonly title: string;
  readonly manifest: Pick<RunManifest, 'platform' | 'strategy' | 'config' | 'inputs'>;
  readonly folds: readonly ReportFold[];
  /** The test windows end to end. */
  readonly stitched: Outcome;
  /** What is known about how far the result can be believed; left out by runs that were kept before it was made. */
  readonly evidence?: EvidenceRecord;
  readonly overfitting: {
    /** Probability that the true Sharpe ratio is above zero. */
    readonly psr: Probability;
    /** The same after allowing for the number of trials. */
    readonly dsr: Probability;
    /** Probability of backtest overfitting. */
    readonly pbo: Probability;
    /** Why one of them is null. */
    readonly reasons: Readonly<Partial<Record<'psr' | 'dsr' | 'pbo', string>>>;
  };
  /** Distinct configurations evaluated, over all folds. */
  readonly trials: number;
  /** Name of the metric that was searched for, e.g. `sharpe`. */
  readonly objective: string;
  readonly scheme: WalkScheme;
  readonly benchmark?: Benchmark;
  readonly prices: Readonly<Record<string, Closes>>;
  readonly findings: readonly Finding[];
  /** Forecasts of the test windows; null or left out when no model forecast. */
  readonly forecasts?: ForecastRecord | null;
  readonly fingerprint: string;
  readonly command: string;
  readonly synthetic: boolean;
}

const overfittingTable = ({ overfitting, trials }: WalkForwardReportInput): Block => {
  const row = (name: 'psr' | 'dsr' | 'pbo', label: string, meaning: string): string[] =>
    estimateRow(label, { value: overfitting[name], reason: overfitting.reasons[name] ?? null }, value => decimal(value, 3), meaning);
  return figuresOfLuck([
    row('psr', 'Probabilistic Sharpe (PSR)', 'Probability that the true Sharpe ratio is above zero, given length, skew and tails.'),
    row('dsr', 'Deflated Sharpe (DSR)', `The same against the best of ${count(trials)} worthless strategies; 0.95 is the usual bar.`),
    row('pbo', 'Probability of overfitting (PBO)', 'How often the best in-sample fell to the lower half out of sample; 0.5 is a coin.'),
    ['Configurations tried', count(trials), 'Every one is a chance to be lucky; repeats count once.'],
  ]);
};

/** The report of a walk-forward experiment as a document, before it is a page. */
export const walkForwardDocument = (input: WalkForwardReportInput): ReportDocument => {
  const { title, manifest, folds, stitched, overfitting, trials, objective, scheme, benchmark, prices, findings, synthetic } = input;
  const { config } = manifest;
  const unit = currencyOf(config.symbols);
  const track = trackOf({ ...stitched, ...(benchmark && { benchmark }) });
  const figures = { track, summary: summarise(track), intervals: metricIntervals(track, { seed: config.seed }), unit };
  const judged = outOfSampleEvidence({
    synthetic,
    netReturn: figures.summary.values.totalReturn,
    trades: stitched.roundTrips.length,
    returns: track.returns.length,
    ...overfitting,
    trials,
  });
  const evidence = input.evidence ? evidenceOf(input.evidence) : onData(judged, findings);
  const period = periodText(config.timeframe, stitched.curve.ts);
  const tiles = headlineTiles(figures, evidence, true);
  const { psr, dsr, pbo } = overfitting;
  const text = (value: Probability): string => (value === null ? 'not defined' : decimal(value));
  // Time in the market gives way to what a walk-forward experiment is for.
  tiles[6] = {
    label: 'Deflated Sharpe',
    value: dsr === null ? 'Not defined' : decimal(dsr),
    detail: `PSR ${text(psr)}, PBO ${text(pbo)}; ${count(trials)} configurations tried`,
  };
  const first = folds[0];
  return {
    title,
    subtitle: [
      manifest.strategy.name,
      config.symbols.map(shortSymbol).join(', '),
      `${folds.length} ${scheme.kind} folds, train ${scheme.train}, test ${scheme.test}`,
      `chosen by ${metricLabel(objective)}`,
      `${period}, all out of sample`,
    ].join(' · '),
    verdict: verdictSentence(figures, evidence, `out of sample, over ${folds.length} folds`),
    tiles,
    synthetic,
    sections: [
      ...(input.evidence ? evidenceSections(input.evidence) : []),
      {
        id: 'equity',
        title: 'Out-of-sample equity',
        blocks: [
          ...haltBlocks(stitched),
          {
            kind: 'chart',
            id: 'stitched-equity',
            spec: stitchedEquity(equityRows(stitched, benchmark ?? null), {
              title: benchmark
                ? `Out-of-sample equity against ${benchmark.name}, drawdown underneath`
                : 'Out-of-sample equity, drawdown underneath',
              subtitle: `${unit}, test windows end to end after all costs, folds numbered · ${period}`,
              unit,
              benchmark: benchmark?.name ?? null,
              log: wantsLog(stitched),
              folds,
              training: first ? first.train : null,
            }),
          },
          ...(input.evidence ? [] : [overfittingTable(input)]),
        ],
      },
      ...foldSections(folds, objective),
      riskSection(figures, period),
      tradingSection(stitched, prices, unit, period),
      ...forecastSections(input.forecasts ?? null, {
        seed: config.seed,
        testWindows: folds.map(({ index, test }) => ({ ...test, label: `Fold ${index + 1}` })),
      }),
      ...plotSections(stitched, period),
      metricSection(figures),
      ...closingSections({
        assumptions: stitched.assumptions,
        findings,
        inputs: manifest.inputs,
        fingerprint: input.fingerprint,
        command: input.command,
        facts: [
          ...runFacts(manifest, stitched.initialCapital, [
            {
              term: 'Windows',
              text: `${scheme.kind}, train ${scheme.train}, test ${scheme.test}, purge ${scheme.purge}, embargo ${scheme.embargo}`,
            },
            { term: 'Search', text: `${scheme.search}, by ${metricLabel(objective)}; ${count(trials)} configurations tried` },
            ...(first ? [{ term: 'First training window', text: `${formatDate(first.train.from)} to ${formatDate(first.train.to)}` }] : []),
          ]),
          { term: 'Bars', text: `${count(stitched.bars)} out of sample` },
        ],
      }),
    ],
  };
};

/**
 * The report of a walk-forward experiment as one self-contained HTML file. Every headline figure is out of sample. Throws bad data for a
 * benchmark that does not cover the test windows.
 */
export const walkForwardReport = (input: WalkForwardReportInput): string => renderReport(walkForwardDocument(input));
