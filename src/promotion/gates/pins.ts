import { counted } from '../../experiments/evidence/figure-text.js';
import type { LiveInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { cannotTell, fails, passes } from './verdicts.js';

// No approval opens it: a session would refuse to begin.
const NAME = { gate: 'pins', title: 'Pins', overridable: false } as const;

/** Is everything as it was when the strategy was promoted? */
export const pinsGate = ({ pinFaults }: Pick<LiveInputs, 'pinFaults'>): GateResult => {
  if (pinFaults === null)
    return cannotTell(NAME, 'Whether the pins hold could not be looked at.', 'See what quantai promote says.', { limit: 0 });
  const figures = { figure: pinFaults.length, limit: 0 };
  if (pinFaults.length === 0)
    return passes(NAME, 'Strategy, platform, configuration, recipe, data and evidence are those that were promoted.', figures);
  const names = pinFaults.slice(0, 3).map(({ pin, name }) => `${pin} ${name}`);
  return fails(
    NAME,
    `${counted(pinFaults.length, 'thing')} changed since: ${names.join(', ')}${pinFaults.length > 3 ? ' and others' : ''}. ${pinFaults[0]!.text}`,
    'Put back what was promoted, or promote what there is now from the beginning.',
    figures,
  );
};
