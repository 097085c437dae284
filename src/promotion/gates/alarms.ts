import { counted } from '../../experiments/evidence/figure-text.js';
import type { LiveInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { cannotTell, fails, passes } from './verdicts.js';

const NAME = { gate: 'alarms', title: 'Alarms' } as const;

/** Is every alarm of its accounts, and of live against expected, resolved? */
export const alarmsGate = ({ alarms }: Pick<LiveInputs, 'alarms'>): GateResult => {
  if (alarms === null)
    return cannotTell(NAME, 'Alarms could not be read.', 'Look with: quantai status, quantai audit verify.', { limit: 0 });
  const figures = { figure: alarms.length, limit: 0 };
  if (alarms.length === 0) return passes(NAME, 'No alarm is up.', figures);
  return fails(
    NAME,
    `${counted(alarms.length, 'alarm')} up: ${alarms.map(({ code, account }) => `${code} on ${account}`).join(', ')}.`,
    `Find the cause of “${alarms[0]!.text}” and end it; an alarm is cleared by what raised it.`,
    figures,
  );
};
