import { share } from '../../experiments/evidence/figure-text.js';
import type { PaperInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { cannotTell, fails, isKnown, passes } from './verdicts.js';

const NAME = { gate: 'drawdown', title: 'Drawdown' } as const;

/** Was the deepest fall out of sample within what is allowed? And within the session's own limit, for a session would have been halted by what its evidence went through. */
export const drawdownGate = ({ evidence: { drawdown }, session: { config } }: PaperInputs, allowed: number): GateResult => {
  const own = config.risk.maxDrawdown;
  const limit = own === null ? allowed : Math.min(allowed, own);
  const bound = own !== null && own < allowed ? `the session would halt at ${share(own)}` : `at most ${share(allowed)} is asked for`;
  if (!isKnown(drawdown))
    return cannotTell(NAME, 'The drawdown out of sample is not known.', 'Make the evidence again: quantai evidence.', { limit });
  const figures = { figure: drawdown, limit };
  return drawdown <= limit
    ? passes(NAME, `The deepest fall out of sample was ${share(drawdown)}; ${bound}.`, figures)
    : fails(
        NAME,
        `The deepest fall out of sample was ${share(drawdown)}; ${bound}.`,
        `Trade ${share(limit / drawdown, 0)} of the exposure, and walk that forward.`,
        figures,
      );
};
