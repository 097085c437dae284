import type { RunConfig } from '../../engine/run-config.js';
import { differingPaths } from './differing-paths.js';
import type { PaperInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { milderCosts } from './milder-costs.js';
import { fails, passes } from './verdicts.js';

const NAME = { gate: 'same-terms', title: 'Same terms' } as const;

/** What decides which trades are made, beside code, parameters and data. */
const termsOf = ({ symbols, timeframe, leverage, rebalanceBand, plan, risk, training }: Omit<RunConfig, 'from' | 'to' | 'capital'>) => ({
  symbols: symbols.toSorted(),
  timeframe,
  leverage,
  rebalanceBand,
  plan,
  risk,
  training,
});

/** Was the evidence made under the terms that the session would trade under, at costs not milder? */
export const sameTermsGate = ({ evidence, session }: PaperInputs): GateResult => {
  const different = differingPaths(termsOf(evidence.config), termsOf(session.config));
  const cheaper = milderCosts(evidence.config, session.config);
  const figures = { figure: different.length + cheaper.length, limit: 0 };
  if (different.length + cheaper.length === 0)
    return passes(
      NAME,
      'Symbols, timeframe, leverage, limits and plans are those of the evidence, and its costs were not milder.',
      figures,
    );
  return fails(
    NAME,
    [
      ...(different.length > 0 ? [`Other than in the evidence: ${different.join(', ')}.`] : []),
      ...(cheaper.length > 0 ? [`Costs: ${cheaper.join('; ')}.`] : []),
    ].join(' '),
    'Walk it forward under the terms of the session, or begin the session under those of the evidence.',
    figures,
  );
};
