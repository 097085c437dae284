import { enoughTrades } from './enough.js';
import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';

const NAME = { gate: 'out-of-sample-trades', title: 'Trades out of sample' } as const;

/** Closed trades out of sample. */
export const outOfSampleTradesGate = (evidence: Pick<GateEvidence, 'days' | 'trades'>, limit: number): GateResult =>
  enoughTrades(NAME, evidence, limit, 'out of sample', 'Make the evidence again: quantai evidence.');
