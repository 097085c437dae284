import { daysOf } from './days-of.js';
import { enoughDays } from './enough.js';
import type { LiveInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';

const NAME = { gate: 'paper-days', title: 'Days on paper' } as const;

/** Market time that sessions of exactly these pins traded on paper, at a venue of the same kind. */
export const paperDaysGate = ({ paper }: Pick<LiveInputs, 'paper'>, limit: number): GateResult =>
  enoughDays(NAME, paper === null ? null : daysOf(paper), limit, 'on paper', 'Begin one: quantai paper, with the promoted account.');
