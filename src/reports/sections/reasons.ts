import { formatTime } from '../../time.js';
import type { TripReason } from '../causes/trip-reasons.js';
import { shortSymbol } from '../currency.js';
import type { Section } from '../document.js';
import { decimal } from '../number-text.js';

/** Why the best and the worst round trips were entered and left: the way from bar to fill, each step from the one before it. */
export const reasonsSection = (reasons: readonly TripReason[], unit: string): Section => ({
  id: 'why',
  title: 'Why',
  lead: 'What led to the best and the worst round trips, from bar to fill. A fact by its number, or any order, is told in full by quantai why.',
  blocks: [
    {
      kind: 'table',
      id: 'trip-reasons',
      caption: 'Best and worst round trips with the causes of their first and last fill',
      quiet: true,
      columns: [
        { title: 'Entry (UTC)', kind: 'text' },
        { title: 'Symbol', kind: 'text' },
        { title: `Net PnL, ${unit}`, kind: 'number', signed: true },
        { title: 'Why it was entered', kind: 'text', wide: true },
        { title: 'Fact', kind: 'number' },
        { title: 'Why it was left', kind: 'text', wide: true },
        { title: 'Fact', kind: 'number' },
      ],
      rows: reasons.map(({ symbol, side, entryTs, netPnl, entry, exit, entrySeq, exitSeq }) => [
        formatTime(Math.floor(entryTs / 1000) * 1000),
        `${shortSymbol(symbol)}, ${side}`,
        decimal(netPnl),
        entry,
        String(entrySeq),
        exit,
        String(exitSeq),
      ]),
      empty: 'No round trip was closed.',
    },
  ],
});
