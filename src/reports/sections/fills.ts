import { formatTime } from '../../time.js';
import type { RunConfig } from '../../engine/run-config.js';
import type { FillQuality } from '../../metrics/fill-quality.js';
import type { Markout } from '../../metrics/markout.js';
import type { Liquidation } from '../../portfolio/fill.js';
import type { PathSensitivity } from '../../sim/path-sensitivity.js';
import { shortSymbol } from '../currency.js';
import { count, decimal, NONE, signedPercent, span } from '../number-text.js';
import type { Block, Section } from '../document.js';

/** What is known of how a run's orders were matched, beyond the fills themselves. */
export interface MatchingRecord {
  readonly quality: FillQuality;
  /** What another assumption about the path inside bars would have given; null where none was made, or none was tried. */
  readonly sensitivity: PathSensitivity | null;
}

/** `the order book, queue power:3`: what orders matched against. */
export const depthText = (fills: RunConfig['fills']): string => {
  if (fills.kind === 'bars')
    return `bars, ${fills.path} path${fills.finer === undefined ? '' : ` along ${fills.finer} bars`}, limits ${fills.limits}`;
  const queue = fills.queue.kind === 'power' ? `power ${fills.queue.exponent}` : fills.queue.kind;
  return `${fills.kind === 'book' ? 'order book' : 'trades'}, queue ${queue}`;
};

/** `−0.42 ± 0.11`, in basis points. */
export const markoutText = ({ bps, error, fills }: Markout): string =>
  fills === 0 ? NONE : `${bps < 0 ? '−' : '+'}${decimal(Math.abs(bps))}${Number.isFinite(error) ? ` ± ${decimal(error)}` : ''}`;

const markoutTable = (quality: FillQuality, unit: string): Block[] => {
  const entries = Object.entries(quality.markouts ?? {});
  const horizons = entries[0]?.[1].map(({ horizonMs }) => horizonMs) ?? [];
  if (entries.length === 0) return [];
  return [
    {
      kind: 'table',
      id: 'markouts',
      caption: 'Adverse selection: where the mid price stood after each fill of a resting order, from the side of the fill',
      columns: [
        { title: 'Symbol', kind: 'text' },
        { title: 'Maker fills', kind: 'number' },
        ...horizons.map(horizon => ({ title: `After ${span(horizon)}, bp`, kind: 'number' as const, signed: true })),
        { title: `After ${span(horizons[horizons.length - 1] ?? 0)}, ${unit}`, kind: 'number', signed: true },
      ],
      rows: entries.map(([symbol, marks]) => [
        shortSymbol(symbol),
        count(marks[0]?.fills ?? 0),
        ...marks.map(markoutText),
        decimal(marks[marks.length - 1]?.money ?? NaN),
      ]),
      empty: 'No resting order was filled.',
    },
  ];
};

const sensitivityBlocks = (sensitivity: PathSensitivity | null): Block[] => {
  if (sensitivity === null) return [];
  const { fills, dependent, share, outcomes } = sensitivity;
  return [
    {
      kind: 'text',
      paragraphs: [
        dependent === 0
          ? `None of the ${count(fills)} fills depends on which extreme of its bar came first.`
          : `${count(dependent)} of ${count(fills)} fills (${signedPercent(share).replace(/^\+/, '')}) depend on which extreme of a bar came first: under another assumption their order would not have filled, or by more than a tick at another price.`,
      ],
    },
    {
      kind: 'table',
      id: 'path-sensitivity',
      caption: 'What another path inside the bars would have earned',
      columns: [
        { title: 'Path', kind: 'text' },
        { title: 'Fills', kind: 'number' },
        { title: 'Total return', kind: 'number', signed: true },
        { title: 'Final equity', kind: 'number' },
      ],
      rows: outcomes.map(({ path, fills: filled, totalReturn, finalEquity }) => [
        path,
        count(filled),
        signedPercent(totalReturn, 2),
        decimal(finalEquity),
      ]),
      empty: '',
    },
  ];
};

const liquidationBlocks = (liquidations: readonly Liquidation[], unit: string): Block[] =>
  liquidations.length === 0
    ? []
    : [
        { kind: 'alarm', text: `The venue closed positions for want of margin ${count(liquidations.length)} times.` },
        {
          kind: 'table',
          id: 'liquidations',
          caption: 'Liquidations',
          columns: [
            { title: 'Time (UTC)', kind: 'text' },
            { title: 'Symbol', kind: 'text' },
            { title: 'Held', kind: 'number' },
            { title: 'Left', kind: 'number' },
            { title: 'Price compared', kind: 'number' },
            { title: 'Bankruptcy price', kind: 'number' },
            { title: `Margin, ${unit}`, kind: 'number' },
            { title: `Maintenance, ${unit}`, kind: 'number' },
            { title: `Fee, ${unit}`, kind: 'number' },
            { title: `Insurance, ${unit}`, kind: 'number' },
          ],
          rows: liquidations.map(each => [
            formatTime(each.ts),
            `${shortSymbol(each.symbol)}${each.positionSide === undefined ? '' : `, ${each.positionSide}`}`,
            String(each.before),
            String(each.after),
            decimal(each.markPrice, 4),
            decimal(each.bankruptcyPrice, 4),
            decimal(each.margin),
            decimal(each.maintenance),
            decimal(each.fee),
            decimal(each.insurance),
          ]),
          empty: '',
        },
      ];

/** How orders were filled: what they matched against, who they met, and what the assumptions were worth. */
export const fillSection = (
  record: MatchingRecord,
  fills: RunConfig['fills'],
  liquidations: readonly Liquidation[],
  unit: string,
): Section => {
  const { maker, taker } = record.quality;
  return {
    id: 'fills',
    title: 'Fills',
    lead: `Matched on ${depthText(fills)}.`,
    blocks: [
      ...liquidationBlocks(liquidations, unit),
      {
        kind: 'table',
        id: 'liquidity',
        caption: 'Resting and crossing',
        columns: [
          { title: 'Liquidity', kind: 'text' },
          { title: 'Fills', kind: 'number' },
          { title: `Notional, ${unit}`, kind: 'number' },
          { title: `Fees, ${unit}`, kind: 'number' },
          { title: `Slippage, ${unit}`, kind: 'number' },
        ],
        rows: [
          ['maker', count(maker.fills), decimal(maker.notional), decimal(maker.fees), decimal(maker.slippage)],
          ['taker', count(taker.fills), decimal(taker.notional), decimal(taker.fees), decimal(taker.slippage)],
        ],
        empty: '',
      },
      ...markoutTable(record.quality, unit),
      ...sensitivityBlocks(record.sensitivity),
    ],
  };
};
