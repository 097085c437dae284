import { figure } from '../../experiments/evidence/figure-text.js';
import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { cannotTell, fails, isKnown, passes } from './verdicts.js';

const NAME = { gate: 'overfitting', title: 'Probability of overfitting' } as const;

/** Does what the search chose hold up elsewhere? Where nothing was chosen, there is nothing that could be overfitted. */
export const overfittingGate = (
  { pbo, configurations, outOfSample }: Pick<GateEvidence, 'pbo' | 'configurations' | 'outOfSample'>,
  limit: number,
): GateResult => {
  if (isKnown(pbo)) {
    const figures = { figure: pbo, limit };
    return pbo < limit
      ? passes(NAME, `Probability of overfitting ${figure(pbo)}; under ${limit} is asked for.`, figures)
      : fails(
          NAME,
          `Probability of overfitting ${figure(pbo)}, under ${limit} is asked for.`,
          'Search fewer parameters, or give each fold a longer training window.',
          figures,
        );
  }
  return configurations === 1 && outOfSample
    ? passes(NAME, 'One configuration, and nobody had seen its days: nothing was chosen that could be overfitted.', { limit })
    : cannotTell(
        NAME,
        'The probability of overfitting is not known.',
        'Walk it forward with at least eight configurations and longer windows.',
        { limit },
      );
};
