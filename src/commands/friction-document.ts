import { bpsOf, type BreakEven } from '../experiments/friction/break-even.js';
import type { FrictionResult } from '../experiments/friction/friction.js';
import type { RunCapacity } from '../experiments/friction/run-capacity.js';
import { AXIS_NAME, bpsText, breakEvenText, frictionSentence, frictionValue, intervalText, yearlyMean } from '../reports/friction-text.js';
import { capitalText } from '../reports/sections/friction-capacity.js';
import { frictionRuns } from './friction-table.js';
import { percent, ratio } from './figures.js';
import type { RunSetup } from './run-setup.js';
import { table } from './table.js';

const breakEvenOut = ({ axis, measure, verdict, at, low, high, level, aliveAtBase, costBps, feeBps, from, to }: BreakEven) => {
  const isKnown = !(Number.isNaN(low) || Number.isNaN(high));
  return {
    axis,
    measure,
    verdict,
    at,
    interval: isKnown
      ? {
          level,
          low: Number.isFinite(low) ? low : null,
          high: Number.isFinite(high) ? high : null,
          /** Whether the interval goes on beyond the range swept. */
          beyondLow: low === -Infinity,
          beyondHigh: high === Infinity,
        }
      : null,
    aliveAtBase,
    costBps,
    feeBps,
    range: { from, to },
  };
};

const capacityOut = ({ impact, result, edge, edgeError, impactNow, level, reason }: RunCapacity) => ({
  capital: result?.capital ?? null,
  low: result?.low ?? null,
  high: result?.high ?? null,
  level,
  eatenNow: result?.eatenNow ?? null,
  medianShare: result?.medianShare ?? null,
  known: result?.known ?? null,
  edge,
  edgeError,
  impactNow,
  law: impact.law,
  lawError: impact.error,
  charged: impact.charged,
  source: impact.source,
  reason,
});

/** The document of a sweep. */
export const frictionDocumentOf = (
  runId: string,
  { strategy: { strategy }, dataset }: RunSetup,
  result: FrictionResult,
  capacity: RunCapacity,
  pointsFingerprint: string,
  report: string,
  elapsedMs: number,
) => {
  const { atBase } = result;
  return {
    runId,
    strategy: strategy.name,
    dataset: dataset.id,
    /** Of the run as configured: the very one that `quantai backtest` gives. */
    fingerprint: atBase.fingerprint,
    pointsFingerprint,
    base: result.base,
    values: result.values,
    metrics: atBase.whole?.metrics ?? {},
    meanReturnPerYear: yearlyMean(atBase),
    costs: {
      feeBps: bpsOf(atBase.fees, atBase.tradedNotional),
      slippageBps: bpsOf(atBase.slippage, atBase.tradedNotional),
      fees: atBase.fees,
      slippage: atBase.slippage,
      funding: atBase.funding,
    },
    finalEquity: atBase.finalEquity,
    says: frictionSentence(result),
    breakEvens: result.breakEvens.map(breakEvenOut),
    capacity: capacityOut(capacity),
    points: frictionRuns(result).map(run => ({
      ...run.point,
      meanReturnPerYear: yearlyMean(run),
      sharpe: run.sharpe,
      totalReturn: run.totalReturn,
      trades: run.trades,
      costBps: bpsOf(run.fees + run.slippage, run.tradedNotional),
      fingerprint: run.fingerprint,
    })),
    trials: 1,
    synthetic: dataset.manifest.synthetic,
    report,
    elapsedMs,
  };
};

/** What `friction --json` prints. */
export type FrictionDocument = ReturnType<typeof frictionDocumentOf>;

/** The same in lines. */
export const frictionLines = (o: FrictionDocument, result: FrictionResult, capacity: RunCapacity): string => {
  const byMean = result.breakEvens.filter(({ measure }) => measure === 'meanReturn');
  return [
    `${o.strategy} on ${o.dataset}: ${o.points.length} runs in ${(o.elapsedMs / 1000).toFixed(1)} s`,
    `As configured: ${percent(o.meanReturnPerYear)} a year on average, Sharpe ${ratio(result.atBase.sharpe)}, fees ${bpsText(o.costs.feeBps)} and slippage ${bpsText(o.costs.slippageBps)} a side`,
    '',
    table(
      [
        { title: 'friction' },
        { title: 'as configured', align: 'right' },
        { title: 'edge ends at', align: 'right' },
        { title: '95 % interval' },
        { title: 'costs there', align: 'right' },
        { title: 'the edge' },
      ],
      byMean.map(one => [
        AXIS_NAME[one.axis].toLowerCase(),
        frictionValue(one.axis, result.base[one.axis]),
        one.at === null ? '–' : frictionValue(one.axis, one.at),
        intervalText(one),
        bpsText(one.costBps),
        breakEvenText(one, result.base[one.axis]),
      ]),
    ),
    '',
    capacity.result === null
      ? `Capacity not defined: ${capacity.reason ?? ''}`
      : `Capacity ${capitalText(capacity.result.capital)} (${percent(capacity.level, 0)} interval ${capitalText(capacity.result.low)} to ${capitalText(capacity.result.high)}): there impact eats half the edge; by ${capacity.impact.source}`,
    `Fingerprint ${o.fingerprint}`,
    `Run ${o.runId}`,
    `Report ${o.report}`,
  ].join('\n');
};
