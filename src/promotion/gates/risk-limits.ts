import type { GateSession } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { fails, passes } from './verdicts.js';

// No approval opens it: the sentence that approvers type names the worst-case loss, and without limits there is none to name.
const NAME = { gate: 'risk-limits', title: 'Risk limits', overridable: false } as const;

/** Limits any of which bounds how much is held. */
const EXPOSURE = ['maxExposure', 'maxLeverage', 'maxGross'] as const;

/** Is it declared where the account stands still: a drawdown, a day's loss, and how much may be held? */
export const riskLimitsGate = ({ config: { risk } }: Pick<GateSession, 'config'>): GateResult => {
  const isSet = (limit: number | null | undefined): limit is number => limit !== null && limit !== undefined;
  const missing = [
    ...(isSet(risk.maxDrawdown) ? [] : ['maxDrawdown']),
    ...(isSet(risk.maxDailyLoss) ? [] : ['maxDailyLoss']),
    ...(EXPOSURE.some(name => isSet(risk[name])) ? [] : [EXPOSURE.join(' or ')]),
  ];
  const figures = { figure: 3 - missing.length, limit: 3 };
  if (missing.length > 0)
    return fails(
      NAME,
      `No limit is declared for ${missing.join(', ')}.`,
      `Set ${missing.map(name => `risk.${name.split(' ')[0]}`).join(', ')} in quantai.config.ts, and walk it forward under the same limits.`,
      figures,
    );
  const percent = (value: number | null | undefined): string => (isSet(value) ? `${Math.round(value * 1000) / 10}%` : 'none');
  const held = EXPOSURE.filter(name => isSet(risk[name])).map(name => `${name} ${risk[name]}`);
  return passes(NAME, `Drawdown ${percent(risk.maxDrawdown)}, loss of a day ${percent(risk.maxDailyLoss)}, ${held.join(', ')}.`, figures);
};
