import type { Params } from '../engine/run-result.js';
import type { Param, ParamSpace } from '../strategies/params.js';

/** How one parameter's choice moved from fold to fold. */
export interface ParameterDrift {
  readonly name: string;
  /** The choice per fold; null in a fold that chose nothing. */
  readonly values: readonly (number | string | boolean | null)[];
  /**
   * Mean distance of consecutive choices as a share of the parameter's range on its own scale, 0 (never moved) to 1 (from end to end every time); for choices
   * and switches the share of folds that changed. About 1/3 is what choosing at random gives. Null with fewer than two choices.
   */
  readonly meanStep: number | null;
}

const distance = (param: Param, a: number | string | boolean, b: number | string | boolean): number => {
  if (typeof a !== 'number' || typeof b !== 'number' || param.kind === 'bool' || param.kind === 'choice') return a === b ? 0 : 1;
  const place = (x: number): number =>
    param.log ? Math.log(x / param.min) / Math.log(param.max / param.min) : (x - param.min) / (param.max - param.min);
  return param.max > param.min ? Math.abs(place(a) - place(b)) : 0;
};

/** Drift of every parameter over the folds' choices, in order; folds that chose nothing are skipped over. */
export const parameterDrift = (space: ParamSpace, choices: readonly (Params | null)[]): readonly ParameterDrift[] =>
  Object.entries(space).map(([name, param]) => {
    const values = choices.map(params => params?.[name] ?? null);
    const made = values.filter(value => value !== null);
    const steps = made.slice(1).map((value, i) => distance(param, made[i]!, value));
    return { name, values, meanStep: steps.length === 0 ? null : steps.reduce((a, b) => a + b, 0) / steps.length };
  });
