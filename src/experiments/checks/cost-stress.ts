import { canonicalJson } from '../../datasets/canonical-json.js';
import { figure, share } from '../evidence/figure-text.js';
import { zeroCrossing } from '../friction/monotone-crossing.js';
import type { Check, CheckSubject, Probe, ProbeOutcome } from './check.js';
import { stressedCosts } from './stressed-costs.js';
import { checkResult, pointOf } from './verdict-of-check.js';

/** What is asked of the profit. */
export interface CostStressOptions {
  /** Costs must be able to grow by this factor before the profit is gone; 1.5 when left out. */
  readonly survives?: number;
}

const MULTIPLES = [1.5, 2, 3];
/** Above this costs are not what the result hangs on. */
const COMFORTABLE = 2;

interface Stress {
  readonly multiple: number;
  readonly probe: Probe;
}

const stressesOf = ({ shared: { config } }: CheckSubject, multiples: readonly number[]): Stress[] =>
  multiples.flatMap(multiple => {
    const costs = stressedCosts(config, multiple);
    return costs === null || canonicalJson(costs) === canonicalJson({ fees: config.fees, slippage: config.slippage })
      ? []
      : [{ multiple, probe: { name: `costs × ${multiple}`, config: costs } }];
  });

/** Logarithmic growth over the whole run: costs take the same from it at every equity, where what they take from the return shrinks as less is left to lose. */
const growthOf = ({ metrics }: ProbeOutcome): number => Math.log(Math.max(1e-9, 1 + (metrics['totalReturn'] ?? 0)));

const settlesFunding = ({ shared: { config, chunks } }: CheckSubject): boolean =>
  config.funding.kind === 'settled' && chunks.some(({ kind, rows }) => kind === 'funding' && rows > 0);

/**
 * Fees and slippage 1.5, 2 and 3 times as dear, and funding rates doubled. Real costs are rarely those assumed: the spread widens when everybody trades, the fee tier is the one after next, and
 * size moves the price. Growth is taken to fall along straight lines between the multiples; where it meets zero the profit is gone.
 *
 * `fail` when that is below `survives`: a margin of error of costs is the whole result. `warn` below twice the costs, or when doubled funding alone takes the profit. How one friction alone
 * acts, and with what interval, is the subject of `quantai friction`.
 */
export const costStress = ({ survives = 1.5 }: CostStressOptions = {}): Check => {
  const identity = { id: 'cost-stress', title: 'Costs', family: 'fragility' } as const;
  const multiples = [...new Set([...MULTIPLES, survives])].filter(multiple => multiple > 1).sort((a, b) => a - b);
  return {
    ...identity,
    needsProfit: true,
    plan: subject => {
      const stresses = stressesOf(subject, multiples);
      if (stresses.length === 0) return { untested: 'The run charges neither fees nor slippage that could be multiplied.' };
      const funding: Probe = { name: 'funding × 2', change: { kind: 'scaled-funding', scale: 2 } };
      return [...stresses.map(({ probe }) => probe), ...(settlesFunding(subject) ? [funding] : [])];
    },
    judge: (subject, base, outcomes) => {
      const stresses = stressesOf(subject, multiples);
      const places = [1, ...stresses.map(({ multiple }) => multiple)];
      const stressed = [base, ...outcomes.slice(0, stresses.length)];
      const at = zeroCrossing(places, stressed.map(growthOf), 'falling');
      const last = places.at(-1)!;
      const points = stresses.map(({ multiple, probe }, i) => pointOf(probe.name, multiple, outcomes[i]!));
      const doubled = outcomes[stresses.length];
      const funding = doubled && pointOf('funding × 2', null, doubled);
      const lostToFunding = funding !== undefined && (funding.totalReturn ?? 0) <= 0;
      const verdict = at < survives ? 'fail' : at < COMFORTABLE || lostToFunding ? 'warn' : 'pass';
      const rest = points.at(-1)?.totalReturn ?? null;
      const lasts =
        at === Infinity
          ? `The profit outlives ${figure(last, 1)} times the fees and slippage${rest === null ? '' : ` (${share(rest)} is left)`}`
          : `The profit is gone when fees and slippage are ${figure(Math.max(1, at))} times what was assumed`;
      const held =
        funding === undefined || funding.totalReturn === null
          ? ''
          : `; with funding rates doubled the return is ${share(funding.totalReturn)}`;
      return checkResult(identity, verdict, `${lasts}${held}.`, {
        base: pointOf('as it is', 1, base),
        points: funding === undefined ? points : [...points, funding],
        axis: 'fees and slippage, times those assumed',
      });
    },
  };
};
