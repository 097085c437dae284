import type { RampInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { cannotTell, fails, passes } from './verdicts.js';

const NAME = { gate: 'watch', title: 'Live against expected' } as const;

/** Does it do what its walk-forward let expect? The newest word of every monitor counts. */
export const watchGate = ({ watch }: Pick<RampInputs, 'watch'>): GateResult => {
  if (watch === null || watch.length === 0)
    return cannotTell(NAME, 'Live was not compared with what was expected yet.', 'The session does it as each day ends.');
  const alarm = watch.find(({ verdict }) => verdict === 'alarm');
  if (alarm !== undefined)
    return fails(NAME, `${alarm.monitor}: ${alarm.sentence}`, 'Stay on this step, or go back to research: the edge may be gone.');
  return passes(NAME, `Inside what was expected: ${watch.map(({ monitor }) => monitor).join(', ')}.`);
};
