import type { RampInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { cannotTell, fails, passes } from './verdicts.js';

const NAME = { gate: 'risk-state', title: 'Risk state' } as const;

/** May the account open positions at all? What is halted or only reduces is not given more. */
export const riskStateGate = ({ risk }: Pick<RampInputs, 'risk'>): GateResult => {
  if (risk === null)
    return cannotTell(NAME, 'The risk state of the account is not known.', 'Begin a session: quantai live, with the promoted account.');
  return risk.state === 'ACTIVE'
    ? passes(NAME, 'The account is active.')
    : fails(NAME, `The account is ${risk.state}: ${risk.text}`, 'When all is understood: quantai halt --resume --reason "…".');
};
