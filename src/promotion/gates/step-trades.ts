import { daysOf } from './days-of.js';
import { enoughTrades } from './enough.js';
import type { RampInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';

const NAME = { gate: 'step-trades', title: 'Trades on this step' } as const;

/** Closed trades of live sessions since the present share was reached. */
export const stepTradesGate = ({ step }: Pick<RampInputs, 'step'>, limit: number): GateResult =>
  enoughTrades(
    NAME,
    { trades: step?.trades ?? null, days: step === null ? null : daysOf(step) },
    limit,
    'on this step',
    'Begin a session: quantai live, with the promoted account.',
  );
