import { enoughDays } from './enough.js';
import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';

const NAME = { gate: 'out-of-sample-days', title: 'Days out of sample' } as const;

/** Calendar days of returns out of sample. */
export const outOfSampleDaysGate = ({ days }: Pick<GateEvidence, 'days'>, limit: number): GateResult =>
  enoughDays(NAME, days, limit, 'out of sample', 'Make the evidence again: quantai evidence.');
