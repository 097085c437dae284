import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { fails, passes } from './verdicts.js';

const NAME = { gate: 'out-of-sample', title: 'Out of sample' } as const;

const KINDS = { backtest: 'a backtest', sweep: 'the best of a sweep', walkforward: 'a walk-forward' } as const;

/** Was it judged on days that nothing was chosen on? Only a walk-forward can say so, and one that searches nothing over days that other trials had seen cannot. */
export const outOfSampleGate = ({ kind, outOfSample }: Pick<GateEvidence, 'kind' | 'outOfSample'>): GateResult => {
  if (kind !== 'walkforward')
    return fails(
      NAME,
      `The evidence is of ${KINDS[kind]}, which is judged on the days that it was found on.`,
      'Walk it forward: quantai walkforward, then quantai evidence.',
    );
  if (!outOfSample)
    return fails(
      NAME,
      'The walk-forward chose nothing, and other trials had seen its days before.',
      'Let the walk-forward search the parameters, or wait for days that nobody has looked at.',
    );
  return passes(NAME, 'A walk-forward: each window was traded with what was chosen before it.');
};
