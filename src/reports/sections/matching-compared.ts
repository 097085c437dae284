import type { Section } from '../document.js';
import { count, decimal, NONE } from '../number-text.js';
import type { ComparedRun } from '../comparison.js';
import { flattery, measuredAgainst } from './matching-flattery.js';
import { matchingRows } from './matching-rows.js';

/** Fills, costs and adverse selection side by side: how far one depth or queue model flatters against another. */
export const matchingSection = (runs: readonly ComparedRun[]): Section[] => {
  const rows = matchingRows(runs);
  if (rows.length === 0) return [];
  const horizons = rows.find(({ markouts }) => markouts.length > 0)?.markouts.map(({ horizon }) => horizon) ?? [];
  const sentences = isOneStrategy(runs) ? flattery(rows) : [];
  return [
    {
      id: 'fills',
      title: 'Fills',
      lead:
        sentences.length === 0
          ? 'What orders matched against, and where the market went after resting ones filled.'
          : 'The same decisions, matched differently: believe the deepest market that the data shows.',
      blocks: [
        ...(sentences.length === 0 ? [] : [{ kind: 'text' as const, paragraphs: sentences }]),
        {
          kind: 'table',
          id: 'matching-table',
          caption:
            'Fills, costs and adverse selection: where the mid price stood after the maker fills, from their side, ± its standard error',
          columns: [
            { title: 'Run', kind: 'text' },
            { title: 'Matched on', kind: 'text' },
            { title: 'Maker fills', kind: 'number' },
            { title: 'Taker fills', kind: 'number' },
            { title: 'Notional', kind: 'number' },
            { title: 'Fees', kind: 'number' },
            { title: 'Net PnL', kind: 'number', signed: true },
            { title: 'Bp of notional', kind: 'number', signed: true },
            ...horizons.map(horizon => ({ title: `After ${horizon}, bp`, kind: 'number' as const, signed: true })),
          ],
          rows: rows.map(row => [
            row.run,
            row.depth,
            count(row.maker),
            count(row.taker),
            decimal(row.notional, 0),
            decimal(row.fees),
            decimal(row.pnl),
            decimal(row.pnlBps),
            ...horizons.map(horizon => row.markouts.find(mark => mark.horizon === horizon)?.text ?? NONE),
          ]),
          empty: '',
        },
      ],
    },
  ];
};

/** Whether the runs differ in nothing that the strategy decides by: only then is a difference the matching's doing. */
export const isOneStrategy = (runs: readonly ComparedRun[]): boolean =>
  new Set(runs.map(({ strategy, params }) => JSON.stringify([strategy ?? null, Object.entries(params).sort()]))).size === 1;

/** How far the most flattering depth flatters, in a sentence; undefined where the runs matched alike or are not of one strategy. */
export const headline = (runs: readonly ComparedRun[]): string | undefined => {
  const rows = matchingRows(runs);
  const base = measuredAgainst(rows);
  if (base === undefined || !isOneStrategy(runs) || new Set(rows.map(({ kind }) => kind)).size < 2) return undefined;
  const [most] = rows.filter(({ kind }) => kind !== base.kind).sort((a, b) => b.pnlBps - a.pnlBps);
  return most === undefined ? undefined : flattery([most, base])[0];
};
