import { didYouMean, usageError } from '../errors.js';

/** Whole number from `min` to `max` inclusive. */
export interface IntParam {
  readonly kind: 'int';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly log: boolean;
  readonly default: number;
  /** False: searches leave it at its default, unless a value is named. */
  readonly search: boolean;
}
/** Real number from `min` to `max` inclusive; with `step`, values lie on the grid from `min`. */
export interface FloatParam {
  readonly kind: 'float';
  readonly min: number;
  readonly max: number;
  readonly step: number | null;
  readonly log: boolean;
  readonly default: number;
  readonly search: boolean;
}
/** One of a few texts. */
export interface ChoiceParam<T extends string = string> {
  readonly kind: 'choice';
  readonly values: readonly T[];
  readonly default: T;
  readonly search: boolean;
}
export interface BoolParam {
  readonly kind: 'bool';
  readonly default: boolean;
  readonly search: boolean;
}
export type Param = IntParam | FloatParam | ChoiceParam | BoolParam;
export type ParamSpace = Readonly<Record<string, Param>>;

/** The values that a strategy sees for its parameter space. */
export type ParamValues<S extends ParamSpace> = { readonly [K in keyof S]: ValueOf<S[K]> };
type ValueOf<P extends Param> = P extends ChoiceParam<infer T> ? T : P extends BoolParam ? boolean : number;

const checkRange = (kind: string, min: number, max: number, value: number, log: boolean): void => {
  if (!(min <= max)) throw usageError('bad-parameter', `${kind}(${min}, ${max}) is empty.`);
  if (!(value >= min && value <= max))
    throw usageError('bad-parameter', `${kind}(${min}, ${max}) has the default ${value} outside its range.`);
  if (log && min <= 0) throw usageError('bad-parameter', `${kind}(${min}, ${max}) cannot be on a log scale: its minimum is not above 0.`);
};

/** Whole-number parameter. With `search: false` it keeps its default unless a value is named. `log` searches it on a logarithmic scale; `step` is the spacing of its grid (default 1). */
export const int = (min: number, max: number, options: { default: number; step?: number; log?: boolean; search?: boolean }): IntParam => {
  const { default: value, step = 1, log = false, search = true } = options;
  if (![min, max, value, step].every(Number.isInteger) || step < 1)
    throw usageError('bad-parameter', `int(${min}, ${max}) takes whole numbers.`);
  checkRange('int', min, max, value, log);
  return { kind: 'int', min, max, step, log, default: value, search };
};

/** Real parameter. `log` searches it on a logarithmic scale; `step` puts it on a grid. */
export const float = (
  min: number,
  max: number,
  options: { default: number; step?: number; log?: boolean; search?: boolean },
): FloatParam => {
  const { default: value, step = null, log = false, search = true } = options;
  if (step !== null && !(step > 0)) throw usageError('bad-parameter', `float(${min}, ${max}) has a step that is not above 0.`);
  checkRange('float', min, max, value, log);
  return { kind: 'float', min, max, step, log, default: value, search };
};

/** One of the given texts; the first is the default unless another is named. */
export const choice = <const T extends string>(
  values: readonly T[],
  options?: { default?: NoInfer<T>; search?: boolean },
): ChoiceParam<T> => {
  const first = values[0];
  if (first === undefined) throw usageError('bad-parameter', 'choice() needs at least one value.');
  return { kind: 'choice', values, default: options?.default ?? first, search: options?.search ?? true };
};

export const bool = (options: { default: boolean; search?: boolean }): BoolParam => ({
  kind: 'bool',
  default: options.default,
  search: options.search ?? true,
});

const parseOne = (name: string, param: Param, given: unknown): number | string | boolean => {
  switch (param.kind) {
    case 'bool': {
      if (given === true || given === 'true') return true;
      if (given === false || given === 'false') return false;
      throw usageError('bad-parameter', `Parameter ${name} is true or false, not "${String(given)}".`);
    }
    case 'choice': {
      const text = String(given);
      if (param.values.includes(text)) return text;
      throw usageError(
        'bad-parameter',
        `Parameter ${name} is one of ${param.values.join(', ')}, not "${text}".${didYouMean(text, param.values)}`,
      );
    }
    case 'int':
    case 'float': {
      const value = typeof given === 'number' ? given : typeof given === 'string' && given.trim() !== '' ? Number(given) : NaN;
      if (!Number.isFinite(value) || (param.kind === 'int' && !Number.isInteger(value)))
        throw usageError('bad-parameter', `Parameter ${name} is a ${param.kind === 'int' ? 'whole ' : ''}number, not "${String(given)}".`);
      if (value < param.min || value > param.max)
        throw usageError('bad-parameter', `Parameter ${name} lies between ${param.min} and ${param.max}; ${value} does not.`);
      return value;
    }
  }
};

/**
 * The values of a run: defaults overlaid with what was given (texts from the command line or typed values), checked.
 * Throws a usage error for an unknown name, a value outside its range or a violated constraint.
 */
export const resolveParams = <S extends ParamSpace>(
  space: S,
  given: Readonly<Record<string, unknown>>,
  constraint?: (values: ParamValues<S>) => boolean,
): ParamValues<S> => {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(space, name))
      throw usageError(
        'unknown-parameter',
        `There is no parameter "${name}".${didYouMean(name, Object.keys(space))}`,
        `Parameters: ${Object.keys(space).join(', ') || 'none'}.`,
      );
  const values: Record<string, number | string | boolean> = {};
  for (const [name, param] of Object.entries(space))
    values[name] = given[name] === undefined ? param.default : parseOne(name, param, given[name]);
  const resolved = values as ParamValues<S>;
  if (constraint && !constraint(resolved))
    throw usageError('constraint', `These parameters do not satisfy the strategy's constraint: ${JSON.stringify(values)}.`);
  return resolved;
};
