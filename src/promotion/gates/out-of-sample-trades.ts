import { enoughTrades } from './enough.js';
import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';

const NAME = { gate: 'out-of-sample-trades', title: 'Trades out of sample' } as const;

/** Closed trades out of sample: none where the days are those that it was found on. */
export const outOfSampleTradesGate = (
  { days, trades, outOfSample }: Pick<GateEvidence, 'days' | 'trades' | 'outOfSample'>,
  limit: number,
): GateResult =>
  enoughTrades(
    NAME,
    outOfSample ? { days, trades } : { days: 0, trades: 0 },
    limit,
    'out of sample',
    'Make the evidence again: quantai evidence.',
  );
