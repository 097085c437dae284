import { usageError } from '../../errors.js';
import type { Params } from '../../engine/run-result.js';
import { random } from '../../random.js';
import type { ParamSpace } from '../../strategies/params.js';
import { parzen } from './parzen.js';
import type { Constraint, Sampler } from './sampler.js';
import { unitCube } from './unit-cube.js';
import { untried } from './untried.js';

/** Asked for at a time: enough to keep a few workers busy, few enough to learn soon. */
const BATCH = 4;
/** Random configurations before the densities mean anything. */
const STARTUP = 10;
/** Draws from the density of the good among which the most promising is proposed. */
const CANDIDATES = 24;
/** Share of the observations that counts as good, and the most that do. */
const GOOD_SHARE = 0.1;
const GOOD_MOST = 25;

interface Tried {
  readonly point: Float64Array;
  /** Undefined while it is being evaluated. */
  objective: number | null | undefined;
}

/**
 * Tree-structured Parzen estimator: proposes where configurations are dense among the best tenth (at most 25) and sparse among the others. Ten random
 * ones come first. Configurations that were asked for and not answered yet, and ineligible ones, count among the others, so that a batch spreads out and
 * searches keep away from where nothing trades. Takes numbers, choices and switches alike; the all-round choice for some dozens to some hundred trials.
 * Ties are broken by the order of proposal.
 * Source: J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, Algorithms for Hyper-Parameter Optimization (2011); startup, share and number of candidates
 * as in Optuna 4 (T. Akiba et al., 2019).
 */
export const tpe = (
  space: ParamSpace,
  options: { readonly trials: number; readonly seed: number | string; readonly constraint?: Constraint },
): Sampler => {
  const { trials, seed, constraint = () => true } = options;
  if (!Number.isInteger(trials) || trials < 1) throw usageError('bad-search', `${trials} is not a number of trials.`);
  const cube = unitCube(space);
  const source = random(`${seed}/tpe`);
  const fresh = untried({ cube, constraint, seed: `${seed}/tpe/fill` });
  /** In the order of proposal. */
  const tried = new Map<string, Tried>();

  /** Points of the cube, the most promising first. */
  const candidates = (): readonly Float64Array[] => {
    const all = [...tried.values()];
    const answered = all.filter(({ objective }) => objective !== undefined).length;
    if (answered < STARTUP) return [];
    const eligible = all.flatMap(one => (typeof one.objective === 'number' ? [{ one, objective: one.objective }] : []));
    const most = Math.min(GOOD_MOST, Math.ceil(GOOD_SHARE * answered));
    const good = new Set(
      eligible
        .toSorted((a, b) => b.objective - a.objective)
        .slice(0, most)
        .map(({ one }) => one),
    );
    const pointsOf = (among: readonly Tried[]): readonly Float64Array[] => among.map(({ point }) => point);
    const better = parzen(cube.axes, pointsOf(all.filter(one => good.has(one))));
    const worse = parzen(cube.axes, pointsOf(all.filter(one => !good.has(one))));
    return Array.from({ length: CANDIDATES }, () => better.draw(source))
      .map(point => ({ point, promise: better.density(point) / worse.density(point) }))
      .toSorted((a, b) => b.promise - a.promise)
      .map(({ point }) => point);
  };

  return {
    batch: BATCH,
    ask: count => {
      const asked: Params[] = [];
      while (asked.length < count && tried.size < trials) {
        const [params] = fresh.take(1, candidates());
        if (params === undefined) break;
        tried.set(cube.keyOf(params), { point: cube.pointOf(params), objective: undefined });
        asked.push(params);
      }
      return asked;
    },
    tell: observations => {
      for (const { params, objective } of observations) {
        const one = tried.get(cube.keyOf(params));
        if (one !== undefined) one.objective = objective === null || Number.isNaN(objective) ? null : objective;
      }
    },
  };
};
