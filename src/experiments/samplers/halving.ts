import { usageError } from '../../errors.js';
import type { Params } from '../../engine/run-result.js';
import type { Observation, Sampler } from './sampler.js';

/** Configurations by rung, the first at share η^−(rungs − 1), the last at 1. */
const rungSizes = (first: number, rungs: number, eta: number): readonly number[] => {
  const sizes = [first];
  while (sizes.length < rungs) sizes.push(Math.max(1, Math.floor(sizes.at(-1)! / eta)));
  return sizes;
};

/**
 * Successive halving: what `inner` proposes is looked at on a small share of the evidence, the best third again on three times as much, and so on until the last few are evaluated in
 * full. With three rungs and a third kept, nine configurations and more cost at most a third of the full search. It errs where the small share misleads: the
 * first rung must hold enough trades to tell good from bad. Only answers at share 1 compare with other searches. Of equals the one proposed first survives; configurations that were not
 * eligible come last, yet climb where too few others are left: few trades in a third of the time are no verdict. `inner` learns from the first rung alone. All configurations of a rung
 * are asked for before any of the next, which throws an error while answers are missing. Throws a usage error for fewer than two rungs or an η under 2.
 * Sources: Karnin, Koren & Somekh (ICML 2013); Jamieson & Talwalkar (AISTATS 2016), with η = 3 of Li et al., Hyperband, JMLR 18 (2018).
 */
export const successiveHalving = (
  inner: Sampler,
  { eta = 3, rungs = 3 }: { readonly eta?: number; readonly rungs?: number } = {},
): Sampler => {
  if (!Number.isInteger(eta) || eta < 2) throw usageError('bad-search', `Halving keeps one in two or fewer, not one in ${eta}.`);
  if (!Number.isInteger(rungs) || rungs < 2) throw usageError('bad-search', `Halving climbs at least two rungs, not ${rungs}.`);
  // One that does not learn gives its whole list at once.
  const listed = inner.batch === Infinity ? inner.ask(Infinity) : undefined;
  let share = 1;
  for (let rung = 1; rung < rungs; rung++) share /= eta;
  let rung = 0;
  /** Configurations of this rung not yet asked for; in the first one only those that came in a list. */
  let queue: readonly Params[] = listed ?? [];
  let exhausted = listed !== undefined;
  let asked = 0;
  let answers: Observation[] = [];
  let first = 0;

  const take = (n: number): readonly Params[] => {
    const part = queue.slice(0, n);
    queue = queue.slice(part.length);
    return part;
  };

  const climb = (): void => {
    if (rung === 0) first = answers.length;
    rung++;
    share = rung === rungs - 1 ? 1 : share * eta;
    const place = (objective: number | null): number => objective ?? -Infinity;
    queue = answers
      .toSorted((a, b) => Number(place(b.objective) > place(a.objective)) - Number(place(b.objective) < place(a.objective)))
      .slice(0, rungSizes(first, rungs, eta)[rung])
      .map(({ params }) => params);
    answers = [];
    asked = 0;
  };

  return {
    batch: listed ? Math.max(1, listed.length) : inner.batch,
    get share() {
      return share;
    },
    ask: n => {
      if (n <= 0) return [];
      for (;;) {
        const next = exhausted ? take(n) : inner.ask(n);
        asked += next.length;
        if (next.length > 0) return next;
        exhausted = true;
        if (asked !== answers.length) throw new Error(`halving was asked to go on while ${asked - answers.length} answers are missing`);
        if (rung === rungs - 1 || asked === 0) return [];
        climb();
      }
    },
    tell: observations => {
      answers.push(...observations);
      if (rung === 0 && listed === undefined) inner.tell(observations);
    },
  };
};
