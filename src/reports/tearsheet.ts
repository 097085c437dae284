import { fillSection, type MatchingRecord } from './sections/fills.js';
import { metricIntervals } from '../metrics/intervals.js';
import { summarise } from '../metrics/summary.js';
import { trackOf } from '../metrics/track.js';
import { formatTime } from '../time.js';
import { equityDrawdown } from './charts/equity-drawdown.js';
import { currencyOf, shortSymbol } from './currency.js';
import { inSampleEvidence, onData } from './evidence.js';
import { headlineTiles, verdictSentence } from './headline.js';
import { count, dateText } from './number-text.js';
import { renderReport } from './render.js';
import { equityRows, wantsLog } from './rows/equity-rows.js';
import { closingSections, runFacts } from './sections/closing.js';
import { forecastSections } from './sections/forecasts.js';
import { metricSection } from './sections/metric-table.js';
import { plotSections } from './sections/plots.js';
import { reasonsSection } from './sections/reasons.js';
import { riskSection } from './sections/risk.js';
import { tradingSection } from './sections/trading.js';
import type { Finding } from '../datasets/series.js';
import type { Params, RunResult } from '../engine/run-result.js';
import type { ForecastRecord } from '../models/forecast-record.js';
import type { TripReason } from './causes/trip-reasons.js';
import type { Evidence } from './evidence.js';
import type { Block, ReportDocument } from './document.js';
import type { Benchmark, Closes } from './outcome.js';

/** What the report of one backtest is made from. */
export interface TearsheetInput {
  /** Heading, e.g. `sma-cross on BTC/USDT`. */
  readonly title: string;
  readonly result: RunResult;
  /** Must cover the run; left out when there is nothing to compare with. */
  readonly benchmark?: Benchmark;
  /** Closes by symbol, over the run; they may be left empty for symbols that are not among the `drawnSymbols`. */
  readonly prices: Readonly<Record<string, Closes>>;
  /** Quality findings of the datasets that were read. */
  readonly findings: readonly Finding[];
  /** What was forecast; null or left out when no model forecast. */
  readonly forecasts?: ForecastRecord | null;
  /** How orders were matched; left out for runs that were kept before it was recorded. */
  readonly matching?: MatchingRecord;
  /** What led to its best and worst round trips; left out for runs that were kept before it was told. */
  readonly reasons?: readonly TripReason[];
  /** The command that gives this result again. */
  readonly command: string;
  /** Any input was generated: the report and each chart say so. */
  readonly synthetic: boolean;
  /** How far to believe it, when more is known than that it is one run: say where it comes from in `reason`. */
  readonly evidence?: Evidence;
}

/** `fast = 20 · slow = 50`. */
export const paramsText = (params: Params): string =>
  Object.entries(params)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join(' · ');

/** Times of the first and last point of a curve in words, `no bars` for an empty one. */
export const periodText = (timeframe: string, ts: Float64Array): string =>
  ts.length === 0 ? `${timeframe} bars, none in the period` : `${timeframe} bars, ${dateText(ts[0]!)} to ${dateText(ts[ts.length - 1]!)}`;

/** A stop to trading, said before everything else. */
export const haltBlocks = ({ halted }: Pick<RunResult, 'halted'>): Block[] =>
  halted ? [{ kind: 'alarm', text: `Trading was halted at ${formatTime(halted.ts)} UTC (${halted.code}): ${halted.text}` }] : [];

/** The report of one backtest as a document, before it is a page. */
export const tearsheetDocument = ({
  title,
  result,
  benchmark,
  prices,
  findings,
  command,
  synthetic,
  evidence,
  forecasts = null,
  matching,
  reasons = [],
}: TearsheetInput): ReportDocument => {
  const { manifest, initialCapital, curve, fills, roundTrips, funding } = result;
  const { config } = manifest;
  const unit = currencyOf(config.symbols);
  const track = trackOf({ initialCapital, curve, fills, roundTrips, funding, ...(benchmark && { benchmark }) });
  const figures = { track, summary: summarise(track), intervals: metricIntervals(track, { seed: config.seed }), unit };
  const belief = onData(evidence ?? inSampleEvidence(synthetic), findings);
  const period = periodText(config.timeframe, curve.ts);
  const params = paramsText(manifest.params);
  return {
    title,
    subtitle: [manifest.strategy.name, config.symbols.map(shortSymbol).join(', '), period, params].filter(text => text !== '').join(' · '),
    verdict: verdictSentence(
      figures,
      belief,
      curve.length === 0 ? 'in this period' : `between ${period.split(', ')[1]?.replace(' to ', ' and ') ?? period}`,
    ),
    tiles: headlineTiles(figures, belief, false),
    synthetic,
    sections: [
      {
        id: 'equity',
        title: 'Equity',
        blocks: [
          ...haltBlocks(result),
          {
            kind: 'chart',
            id: 'equity-drawdown',
            spec: equityDrawdown(equityRows(result, benchmark ?? null), {
              title: benchmark ? `Equity against ${benchmark.name}, drawdown underneath` : 'Equity, drawdown underneath',
              subtitle: `${unit}, after all costs · ${period}`,
              unit,
              benchmark: benchmark?.name ?? null,
              log: wantsLog(result),
              inSample: [],
              folds: [],
            }),
          },
        ],
      },
      riskSection(figures, period),
      tradingSection(result, prices, unit, period),
      ...(reasons.length > 0 ? [reasonsSection(reasons, unit)] : []),
      ...(matching ? [fillSection(matching, config.fills, result.liquidations, unit)] : []),
      ...forecastSections(forecasts, { seed: config.seed }),
      ...plotSections(result, period),
      metricSection(figures),
      ...closingSections({
        assumptions: result.assumptions,
        findings,
        inputs: manifest.inputs,
        fingerprint: result.fingerprint,
        command,
        facts: [
          ...runFacts(manifest, initialCapital, [{ term: 'Parameters', text: params === '' ? 'none' : params }]),
          { term: 'Bars and facts', text: `${count(result.bars)} bars, ${count(result.events)} facts` },
        ],
      }),
    ],
  };
};

/**
 * The report of one backtest as one self-contained HTML file: headline tiles, charts, trades, metrics, assumptions, data quality,
 * fingerprint. Throws bad data for a benchmark that does not cover the run.
 */
export const tearsheet = (input: TearsheetInput): string => renderReport(tearsheetDocument(input));
