import type { Finding } from '../datasets/series.js';
import type { RunManifest } from '../engine/run-result.js';
import { bpsOf } from '../experiments/friction/break-even.js';
import { FRICTION_AXES, type FrictionAxis } from '../experiments/friction/friction-point.js';
import type { FrictionResult } from '../experiments/friction/friction.js';
import type { RunCapacity } from '../experiments/friction/run-capacity.js';
import { currencyOf, shortSymbol } from './currency.js';
import { evidenceTile, inSampleEvidence, onData } from './evidence.js';
import { AXIS_NAME, frictionSentence, frictionValue, intervalText, yearlyMean } from './friction-text.js';
import { count, dateText, decimal, signedPercent } from './number-text.js';
import { renderReport } from './render.js';
import { closingSections, runFacts } from './sections/closing.js';
import { breakEvenSection } from './sections/friction-break-even.js';
import { capacitySection, capitalText } from './sections/friction-capacity.js';
import { pointSection, surfaceSection } from './sections/friction-surfaces.js';
import { paramsText } from './tearsheet.js';
import type { ReportDocument, Tile } from './document.js';

/** What the report of a friction sweep is made from. */
export interface FrictionReportInput {
  readonly title: string;
  readonly manifest: Pick<RunManifest, 'platform' | 'strategy' | 'params' | 'config' | 'inputs'>;
  readonly result: FrictionResult;
  readonly capacity: RunCapacity;
  readonly findings: readonly Finding[];
  /** Of the run as configured. */
  readonly fingerprint: string;
  /** The command that gives this sweep again. */
  readonly command: string;
  readonly synthetic: boolean;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const breakEvenTile = ({ breakEvens, base, values }: FrictionResult, axis: FrictionAxis): Tile => {
  const label = `${AXIS_NAME[axis]}: edge ends at`;
  const one = breakEvens.find(b => b.axis === axis && b.measure === 'meanReturn');
  if (one === undefined) return { label, value: 'Not swept', detail: `Held at ${frictionValue(axis, values[axis][0] ?? NaN)}` };
  const words = { idle: 'No trades', dead: 'No edge', alive: `Beyond ${frictionValue(axis, one.to)}` } as const;
  const value = one.verdict === 'dies' || one.verdict === 'revives' ? frictionValue(axis, one.at ?? NaN) : words[one.verdict];
  return {
    label: one.verdict === 'revives' ? `${AXIS_NAME[axis]}: edge begins at` : label,
    value,
    detail: `${frictionValue(axis, base[axis])} as configured; 95% interval ${intervalText(one)}`,
    ...(one.aliveAtBase < 0.5 && { tone: 'loss' as const }),
  };
};

const tiles = (input: FrictionReportInput, unit: string): Tile[] => {
  const { result, capacity, synthetic, findings } = input;
  const { atBase } = result;
  const mean = yearlyMean(atBase);
  const { fees, slippage, tradedNotional } = atBase;
  return [
    {
      label: 'Mean return a year, as configured',
      value: signedPercent(mean),
      detail: `Sharpe ${decimal(atBase.sharpe)}, ${count(atBase.trades)} trades; not compounded`,
      ...(mean !== 0 && { tone: mean > 0 ? ('gain' as const) : ('loss' as const) }),
    },
    {
      label: 'Costs a side, as configured',
      value: `${decimal(bpsOf(fees + slippage, tradedNotional))} bp`,
      detail: `Fees ${decimal(bpsOf(fees, tradedNotional))}, slippage ${decimal(bpsOf(slippage, tradedNotional))} bp of traded notional`,
    },
    ...FRICTION_AXES.map(axis => breakEvenTile(result, axis)),
    capacity.result === null
      ? { label: 'Capacity', value: 'Not defined', detail: sentence(capacity.reason ?? 'unknown') }
      : {
          label: 'Capacity',
          value: capacity.result.capital === Infinity ? 'No end' : `${capitalText(capacity.result.capital)}`,
          detail: `${unit} at which impact eats half the edge; interval ${capitalText(capacity.result.low)} to ${capitalText(capacity.result.high)}`,
        },
    evidenceTile(onData(inSampleEvidence(synthetic), findings)),
  ];
};

/** The report of a friction sweep as a document, before it is a page. */
export const frictionDocument = (input: FrictionReportInput): ReportDocument => {
  const { title, manifest, result, capacity, findings, synthetic } = input;
  const { config } = manifest;
  const unit = currencyOf(config.symbols);
  const period = `${config.timeframe} bars, ${dateText(config.from)} to ${dateText(config.to)}`;
  const runs = new Set([...result.grid, ...FRICTION_AXES.flatMap(axis => result.curves[axis])]).size;
  const evidence = onData(inSampleEvidence(synthetic), findings);
  return {
    title,
    subtitle: [
      manifest.strategy.name,
      config.symbols.map(shortSymbol).join(', '),
      period,
      `${count(runs)} runs`,
      paramsText(manifest.params),
    ]
      .filter(text => text !== '')
      .join(' · '),
    verdict: `${frictionSentence(result)} Evidence: ${evidence.verdict.toLowerCase()}. ${evidence.reason}`,
    tiles: tiles(input, unit),
    synthetic,
    sections: [
      breakEvenSection(result, config.seed, period),
      surfaceSection(result, period),
      capacitySection(capacity, config.capital, unit),
      pointSection(result),
      ...closingSections({
        assumptions: [
          {
            topic: 'Sweep',
            text: 'fees are the venue’s own times a factor; slippage is added to what the model of the run charges a taker; latency is the way of orders and cancels to the venue, reports and data as configured; funding is every settled rate times a factor, which the strategy sees too',
            source: 'docs/friction.md',
          },
          ...(result.atBase.whole?.assumptions ?? []),
        ],
        findings,
        inputs: manifest.inputs,
        fingerprint: input.fingerprint,
        command: input.command,
        facts: runFacts(manifest, config.capital, [{ term: 'Runs', text: `${count(runs)}, of one configuration: one trial` }]),
      }),
    ],
  };
};

/** The report of a friction sweep as one self-contained HTML file. */
export const frictionReport = (input: FrictionReportInput): string => renderReport(frictionDocument(input));
