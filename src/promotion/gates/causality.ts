import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { counted } from '../../experiments/evidence/figure-text.js';
import { cannotTell, fails, passes } from './verdicts.js';

// No approval opens it: what knows its future earns nothing once it has none.
const NAME = { gate: 'causality', title: 'Causality', overridable: false } as const;
const CHECK = 'causality';

/** Does it use only what it could know? A leak that any check of the family found shuts the door, and so does a missing look at causality. */
export const causalityGate = ({ checks }: Pick<GateEvidence, 'checks'>): GateResult => {
  const leaks = checks.filter(({ family }) => family === 'leak');
  const failed = leaks.find(({ verdict }) => verdict === 'fail');
  if (failed !== undefined)
    return fails(
      NAME,
      `${failed.title}: ${failed.sentence}`,
      'Mend the strategy until quantai verify causality finds nothing, and walk it forward again.',
    );
  const made = leaks.find(({ id }) => id === CHECK);
  if (made === undefined || made.verdict === 'untested')
    return cannotTell(
      NAME,
      made === undefined ? 'Whether it knows its future was not tested.' : `Whether it knows its future was not tested: ${made.sentence}`,
      'Make it: quantai evidence; with models, quantai evidence --retrain.',
    );
  const tested = leaks.filter(({ verdict }) => verdict !== 'untested').length;
  return passes(NAME, `${counted(tested, 'check')} for knowledge that it cannot have found none.`);
};
