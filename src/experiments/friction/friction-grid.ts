import { usageError } from '../../errors.js';
import { FRICTION_AXES, type FrictionAxis, type FrictionPoint } from './friction-point.js';

/** Values of each axis, ascending; one value holds the axis there. */
export type FrictionValues = Readonly<Record<FrictionAxis, readonly number[]>>;

/** More runs than this are a mistake in the ranges rather than a question. */
const MOST_POINTS = 5_000;

const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** Each axis ascending, without repeats, and with the friction of the run itself among its values. Throws a usage error for values below zero or too many points. */
export const frictionValues = (wanted: Partial<FrictionValues>, base: FrictionPoint): FrictionValues => {
  const values = (axis: FrictionAxis): number[] => {
    const given = wanted[axis] ?? [];
    const bad = given.find(value => !(value >= 0 && value < Infinity));
    if (bad !== undefined) throw usageError('bad-friction', `A ${axis} of ${bad} is not possible.`, 'Frictions are zero or more.');
    return ascending([...given, base[axis]]);
  };
  const axes = { fee: values('fee'), slippage: values('slippage'), latency: values('latency'), funding: values('funding') };
  const points = FRICTION_AXES.reduce((product, axis) => product * axes[axis].length, 1);
  if (points > MOST_POINTS)
    throw usageError('too-many-points', `The sweep would have ${points} points; ${MOST_POINTS} is the most.`, 'Give fewer values an axis.');
  return axes;
};

/** All combinations; funding changes slowest, fees fastest. */
export const frictionGrid = ({ fee, slippage, latency, funding }: FrictionValues): FrictionPoint[] =>
  funding.flatMap(f => latency.flatMap(l => slippage.flatMap(s => fee.map(c => ({ fee: c, slippage: s, latency: l, funding: f })))));

/** Whether two points are one. */
export const samePoint = (a: FrictionPoint, b: FrictionPoint): boolean => FRICTION_AXES.every(axis => a[axis] === b[axis]);
