import { daysOf } from './days-of.js';
import { enoughDays } from './enough.js';
import type { RampInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';

const NAME = { gate: 'step-days', title: 'Days on this step' } as const;

/** Market time that live sessions have traded since the present share was reached. */
export const stepDaysGate = ({ step }: Pick<RampInputs, 'step'>, limit: number): GateResult =>
  enoughDays(NAME, step === null ? null : daysOf(step), limit, 'on this step', 'Begin a session: quantai live, with the promoted account.');
