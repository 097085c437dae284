import { canonicalJson } from '../datasets/canonical-json.js';
import { usageError } from '../errors.js';
import type { ParamSpace } from '../strategies/params.js';
import { compromise } from './compromise.js';
import { score, scores, selectBest } from './objective.js';
import type { Candidate, ObjectiveConfig } from './objective.js';
import { plateau } from './plateau.js';

/** How a fold's parameters are chosen: the best score, or the middle of the broadest good region. */
export const CHOICES = ['peak', 'plateau'] as const;
export type ChoiceRule = (typeof CHOICES)[number];

/** Throws a usage error for a rule that the objective does not admit. */
export const checkChoice = (rule: ChoiceRule, { also }: ObjectiveConfig): void => {
  if (rule === 'plateau' && also !== undefined)
    throw usageError(
      'bad-choice',
      'A plateau is that of one metric, and the objective names several.',
      'Name one metric, or choose the peak.',
    );
};

/**
 * The configuration that a fold trades, or undefined when none is eligible. With one metric the peak (`selectBest`) or, by rule, the plateau's centre; with several the best compromise
 * (see `compromise`). `space` holds the parameters that were searched. The order of the candidates does not matter.
 */
export const chooseConfiguration = <C extends Candidate>(
  candidates: readonly C[],
  { objective, rule, space }: { readonly objective: ObjectiveConfig; readonly rule: ChoiceRule; readonly space: ParamSpace },
): C | undefined => {
  if (objective.also === undefined && rule === 'peak') return selectBest(objective, candidates);
  const ordered = candidates
    .map(candidate => ({ candidate, key: canonicalJson(candidate.params) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ candidate }) => candidate);
  const chosen =
    objective.also === undefined
      ? plateau(
          space,
          ordered.map(({ params, metrics }) => ({ params, objective: score(objective, metrics) })),
        ).chosen
      : compromise(ordered.map(({ metrics }) => scores(objective, metrics)))[0];
  return chosen === undefined ? undefined : ordered[chosen];
};
