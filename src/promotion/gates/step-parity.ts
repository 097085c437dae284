import { figure } from '../../experiments/evidence/figure-text.js';
import type { RampInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { holds } from './parity.js';
import { cannotTell, fails, isKnown, passes } from './verdicts.js';

const NAME = { gate: 'step-parity', title: 'Parity on this step' } as const;

/** Does the backtest do what the live sessions of this step did, by the newest certificate? */
export const stepParityGate = (
  { parity }: Pick<RampInputs, 'parity'>,
  tolerance: { readonly bps: number; readonly unexplained: number },
): GateResult => {
  const limit = tolerance.bps;
  if (parity === null)
    return cannotTell(NAME, 'No certificate of this step exists.', 'It is made every night; now: quantai parity, with the live account.', {
      limit,
    });
  const figures = { figure: isKnown(parity.bps) ? Math.abs(parity.bps) : null, limit };
  const apart = isKnown(parity.bps) ? `${figure(parity.bps, 2)} bp of the turnover apart` : 'without turnover';
  return holds(parity, tolerance)
    ? passes(NAME, `Live and backtest are ${apart}; ${limit} bp are allowed.`, figures)
    : fails(
        NAME,
        `The newest certificate does not hold: live and backtest are ${apart}; ${limit} bp are allowed.`,
        'Read its page for the cause, and mend that.',
        figures,
      );
};
