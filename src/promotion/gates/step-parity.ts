import { figure } from '../../experiments/evidence/figure-text.js';
import type { RampInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { certifiedTime } from './certified-time.js';
import { holds } from './parity.js';
import { cannotTell, fails, isKnown, passes } from './verdicts.js';

const NAME = { gate: 'step-parity', title: 'Parity on this step' } as const;

/** Share of the time that may be without a certificate: days on which a person halted the account have none. */
const LEAST = 0.5;

/** Does the backtest do what the live sessions of this step did, by their certificates? Each moment is judged by the newest that covers it: a good hour hides no bad day. */
export const stepParityGate = (
  { step, parity }: Pick<RampInputs, 'step' | 'parity'>,
  tolerance: { readonly bps: number; readonly unexplained: number },
): GateResult => {
  const limit = tolerance.bps;
  const { all, without, deciding } = certifiedTime(step?.stretches ?? [], parity ?? []);
  const one = deciding.find(each => !holds(each, tolerance)) ?? deciding.at(-1);
  if (one === undefined)
    return cannotTell(NAME, 'No certificate of this step exists.', 'It is made every night; now: quantai parity, with the live account.', {
      limit,
    });
  const figures = { figure: isKnown(one.bps) ? Math.abs(one.bps) : null, limit };
  const apart = isKnown(one.bps) ? `${figure(one.bps, 2)} bp of the turnover apart` : 'without turnover';
  if (holds(one, tolerance) && without > LEAST * all)
    return cannotTell(
      NAME,
      `Certificates cover ${figure((1 - without / all) * 100, 0)}% of the time on this step; half of it is asked for.`,
      'One is made every night; now: quantai parity, with the live account.',
      figures,
    );
  return holds(one, tolerance)
    ? passes(NAME, `Live and backtest are ${apart}; ${limit} bp are allowed.`, figures)
    : fails(
        NAME,
        `A certificate does not hold: live and backtest are ${apart}; ${limit} bp are allowed.`,
        'Read its page for the cause, and mend that.',
        figures,
      );
};
