/**
 * Area that the points of two objectives, each higher is better, dominate above a reference: one figure for how far out and how complete a front is. Points that are
 * not above the reference in both add nothing. Source: Zitzler & Thiele, Multiobjective Evolutionary Algorithms: A Comparative Case Study, IEEE Transactions on Evolutionary
 * Computation 3 (1999).
 */
export const hypervolume = (points: readonly (readonly [number, number])[], reference: readonly [number, number]): number => {
  const [low, floor] = reference;
  const ordered = points.filter(([x, y]) => x > low && y > floor).sort(([ax, ay], [bx, by]) => bx - ax || by - ay);
  let area = 0;
  let height = floor;
  for (const [x, y] of ordered) {
    if (y <= height) continue;
    area += (x - low) * (y - height);
    height = y;
  }
  return area;
};
