import type { UnitCube } from './unit-cube.js';

/**
 * Squared distance of two points along one side of the cube: choices have no order, so two different ones are always one side apart, as if each
 * were a coordinate of its own; numbers and switches are as far apart as their positions.
 */
export type SideDistance = (a: ArrayLike<number>, b: ArrayLike<number>, side: number) => number;

export const sideDistance = ({ axes }: Pick<UnitCube, 'axes'>): SideDistance => {
  const unordered = axes.map(({ kind }) => kind === 'choice');
  return (a, b, side) => {
    const gap = a[side]! - b[side]!;
    return unordered[side] ? (gap === 0 ? 0 : 1) : gap * gap;
  };
};
