import type { PaperInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { differingPaths } from './differing-paths.js';
import { cannotTell, fails, passes } from './verdicts.js';

const NAME = { gate: 'parameters', title: 'Parameters' } as const;

/** Would it trade what the newest fold of the walk-forward chose? That is the choice that the evidence says can be made. */
export const parametersGate = ({ evidence: { params, kind }, session }: PaperInputs): GateResult => {
  const whose = kind === 'walkforward' ? 'the newest fold' : 'the run';
  if (params === null)
    return cannotTell(NAME, `There are no parameters of ${whose}: it stood aside.`, 'Walk it forward until the newest fold chooses some.');
  const different = differingPaths(params, session.params);
  if (different.length === 0) return passes(NAME, `Those of ${whose}.`);
  const said = different.map(key => `${key} ${JSON.stringify(session.params[key])} instead of ${JSON.stringify(params[key])}`);
  return fails(
    NAME,
    `Other parameters than those of ${whose}: ${said.join(', ')}.`,
    `Say ${different.map(key => `--param ${key}=${String(params[key])}`).join(' ')}, or leave parameters out.`,
    { figure: different.length, limit: 0 },
  );
};
