import { figure } from '../../experiments/evidence/figure-text.js';
import { zeroCrossing } from '../../experiments/friction/monotone-crossing.js';
import type { CheckResult } from '../../experiments/checks/check.js';
import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { cannotTell, fails, passes } from './verdicts.js';

const NAME = { gate: 'cost-stress', title: 'Costs' } as const;
const CHECK = 'cost-stress';

const growth = (totalReturn: number): number => Math.log(Math.max(1e-9, 1 + totalReturn));

/** Where the profit is gone, and the dearest costs that were tried, in times those assumed. Null where the check has no figures. */
const breaksAt = ({ base, points }: CheckResult): { readonly at: number; readonly tried: number } | null => {
  const known = [base, ...points].flatMap(point =>
    point !== null && point.x !== null && point.totalReturn !== null ? [{ x: point.x, growth: growth(point.totalReturn) }] : [],
  );
  known.sort((a, b) => a.x - b.x);
  const last = known.at(-1);
  if (last === undefined || known[0]?.x !== 1 || known.length < 2) return null;
  const at = zeroCrossing(
    known.map(({ x }) => x),
    known.map(each => each.growth),
    'falling',
  );
  return { at: Math.max(1, at), tried: last.x };
};

/** How much dearer may fees and slippage be before the profit is gone? Read off the points of the check `cost-stress`, as it reads them. */
export const costStressGate = ({ checks }: Pick<GateEvidence, 'checks'>, limit: number): GateResult => {
  const check = checks.find(({ id }) => id === CHECK);
  if (check === undefined || check.verdict === 'untested')
    return cannotTell(
      NAME,
      check === undefined ? 'Nobody looked what dearer costs leave.' : `What dearer costs leave was not tested: ${check.sentence}`,
      check === undefined
        ? 'Make it: quantai evidence, without --quick or with --only cost-stress.'
        : 'Charge fees and slippage, and earn something after them.',
      { limit },
    );
  const found = breaksAt(check);
  if (found === null)
    return cannotTell(NAME, `The check of costs has no figures: ${check.sentence}`, 'Make the evidence again.', { limit });
  const { at, tried } = found;
  const figures = { figure: Math.min(at, tried), limit };
  if (Math.min(at, tried) >= limit)
    return passes(
      NAME,
      at === Infinity
        ? `The profit outlives ${figure(tried, 1)} times the fees and slippage; ${limit} times are asked for.`
        : `The profit lasts up to ${figure(at)} times the fees and slippage; ${limit} times are asked for.`,
      figures,
    );
  if (at === Infinity)
    return cannotTell(
      NAME,
      `The profit outlives ${figure(tried, 1)} times the fees and slippage, more was not tried; ${limit} times are asked for.`,
      `Set evidence.costMultiple to ${limit} in quantai.config.ts and make the evidence again.`,
      figures,
    );
  return fails(
    NAME,
    `The profit is gone at ${figure(at)} times the fees and slippage, ${limit} times are asked for.`,
    'Trade less often or with limit orders, or measure your own costs: quantai fit fills.',
    figures,
  );
};
