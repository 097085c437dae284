import { enoughDays } from './enough.js';
import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';

const NAME = { gate: 'out-of-sample-days', title: 'Days out of sample' } as const;

/** Calendar days of returns out of sample: none where the days are those that it was found on. */
export const outOfSampleDaysGate = ({ days, outOfSample }: Pick<GateEvidence, 'days' | 'outOfSample'>, limit: number): GateResult =>
  enoughDays(NAME, outOfSample ? days : 0, limit, 'out of sample', 'Make the evidence again: quantai evidence.');
