import { daysOf } from './days-of.js';
import { enoughTrades } from './enough.js';
import type { LiveInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';

const NAME = { gate: 'paper-trades', title: 'Trades on paper' } as const;

/** Closed trades that sessions of exactly these pins made on paper, at a venue of the same kind. */
export const paperTradesGate = ({ paper }: Pick<LiveInputs, 'paper'>, limit: number): GateResult =>
  enoughTrades(
    NAME,
    { trades: paper?.trades ?? null, days: paper === null ? null : daysOf(paper) },
    limit,
    'on paper',
    'Begin one: quantai paper, with the promoted account.',
  );
