import { costSplit } from '../metrics/costs.js';
import { evidenceTile } from './evidence.js';
import { count, decimal, percent, roundMoney, signedPercent, span } from './number-text.js';
import type { MetricInterval, IntervalName } from '../metrics/intervals.js';
import type { Track, Undefined } from '../metrics/metric.js';
import type { Summary } from '../metrics/summary.js';
import type { Tile } from './document.js';
import type { Evidence } from './evidence.js';

/** A run's figures, computed once and shown in several places. */
export interface Figures {
  readonly track: Track;
  readonly summary: Summary;
  readonly intervals: Record<IntervalName, MetricInterval | Undefined>;
  /** Settlement asset. */
  readonly unit: string;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** A figure, or what keeps it from being one. */
const figureTile = (
  label: string,
  value: number | null,
  text: (value: number) => string,
  detail: string,
  reason: string | undefined,
): Tile =>
  value === null
    ? { label, value: 'Not defined', detail: sentence(reason ?? 'not enough samples') }
    : { label, value: text(value), detail };

/** A yearly figure with its interval; with too few returns for an interval the figure itself would mislead. */
const sampledTile = (
  label: string,
  value: number | null,
  figure: MetricInterval | Undefined,
  text: (value: number) => string,
  reason: string | undefined,
): Tile => {
  if (value !== null && 'undefined' in figure) return { label, value: 'Too few samples', detail: sentence(figure.undefined) };
  const interval = 'undefined' in figure ? '' : `${percent(figure.level, 0)} interval ${text(figure.low)} to ${text(figure.high)}`;
  return figureTile(label, value, text, interval, reason);
};

/** The tiles of the first screen: after costs, at what risk, and how much to believe it. */
export const headlineTiles = (
  { track, summary: { values, reasons }, intervals, unit }: Figures,
  evidence: Evidence,
  outOfSample: boolean,
): Tile[] => {
  const { gross, fees, slippage, funding, net } = costSplit(track);
  const last = track.curve.length > 0 ? track.curve.equity[track.curve.length - 1]! : track.initialCapital;
  const paid = `Fees ${roundMoney(fees)}, slippage ${roundMoney(slippage)}, funding ${funding > 0 ? '+' : ''}${roundMoney(funding)} ${unit}`;
  const netReturn = figureTile(
    outOfSample ? 'Net return, out of sample' : 'Net return',
    values.totalReturn,
    signedPercent,
    `${roundMoney(track.initialCapital)} to ${roundMoney(last)} ${unit}`,
    reasons.totalReturn,
  );
  return [
    values.totalReturn === null
      ? netReturn
      : { ...netReturn, ...(values.totalReturn !== 0 && { tone: values.totalReturn < 0 ? 'loss' : 'gain' }) },
    sampledTile('CAGR', values.cagr, intervals.cagr, v => signedPercent(v), reasons.cagr),
    sampledTile('Sharpe ratio', values.sharpe, intervals.sharpe, v => decimal(v), reasons.sharpe),
    figureTile(
      'Maximum drawdown',
      values.maxDrawdown,
      v => percent(v),
      values.drawdownDuration === null ? '' : `Longest time under water ${span(values.drawdownDuration)}`,
      reasons.maxDrawdown,
    ),
    {
      label: 'Trades',
      value: count(track.roundTrips.length),
      detail:
        values.winRate === null
          ? `${count(track.fills.length)} ${track.fills.length === 1 ? 'fill' : 'fills'}, no closed round trip`
          : `${percent(values.winRate, 0)} won, profit factor ${values.profitFactor === null ? 'not defined' : decimal(values.profitFactor)}`,
    },
    gross > 0
      ? { label: 'Costs, share of gross', value: percent((gross - net) / gross, 0), detail: paid }
      : { label: 'Costs', value: `${roundMoney(gross - net)} ${unit}`, detail: `No gross profit to take a share of. ${paid}` },
    figureTile(
      'Time in the market',
      values.exposure,
      v => percent(v, 0),
      values.turnover === null ? '' : `Turnover ${decimal(values.turnover, 0)} times equity a year`,
      reasons.exposure,
    ),
    evidenceTile(evidence),
  ];
};

/** The first screen in a sentence. */
export const verdictSentence = ({ track, summary: { values } }: Figures, evidence: Evidence, where: string): string => {
  const { gross, net } = costSplit(track);
  if (values.totalReturn === null) return `There is nothing to judge ${where}: the run has no bars.`;
  if (track.fills.length === 0) return `It did not trade ${where}. ${evidence.reason}`;
  const made = values.totalReturn > 0 ? `It made ${percent(values.totalReturn)}` : `It lost ${percent(-values.totalReturn)}`;
  const risk = values.maxDrawdown === null ? '' : `, at a drawdown of up to ${percent(-values.maxDrawdown)}`;
  const costs =
    gross <= 0
      ? 'The signal lost before any cost.'
      : net <= 0
        ? 'Costs took more than the signal made.'
        : gross <= net
          ? 'Funding and rebates paid for the costs.'
          : `Costs took ${percent((gross - net) / gross, 0)} of what the signal made.`;
  return `${made} after costs ${where}${risk}. ${costs} Evidence: ${evidence.verdict.toLowerCase()}. ${evidence.reason}`;
};
