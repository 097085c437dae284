/** A straight piece of a line between grid points, in counts of grid points from 0. */
export interface LinePiece {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** How far from `a` to `b` a linear change passes zero; 0 to 1. */
const passing = (a: number, b: number): number => a / (a - b);

/**
 * The line on which values on a grid of `columns` × `rows` points are zero, linear between neighbours: marching squares (Lorensen & Cline 1987, in two dimensions). A square
 * with two opposite corners above zero is cut by the sign of its centre. Squares with an unknown corner have no piece.
 */
export const zeroLine = (columns: number, rows: number, value: (i: number, j: number) => number): LinePiece[] => {
  const pieces: LinePiece[] = [];
  for (let i = 0; i + 1 < columns; i++)
    for (let j = 0; j + 1 < rows; j++) {
      // Around the square, so that neighbours in the list share an edge.
      const corners = [value(i, j), value(i + 1, j), value(i + 1, j + 1), value(i, j + 1)] as const;
      if (corners.some(Number.isNaN)) continue;
      const [a, b, c, d] = corners;
      const isCut = (p: number, q: number): boolean => p > 0 !== q > 0;
      const crossings = [
        isCut(a, b) ? { x: i + passing(a, b), y: j } : null,
        isCut(b, c) ? { x: i + 1, y: j + passing(b, c) } : null,
        isCut(c, d) ? { x: i + 1 - passing(c, d), y: j + 1 } : null,
        isCut(d, a) ? { x: i, y: j + 1 - passing(d, a) } : null,
      ];
      const cut = crossings.flatMap(point => (point === null ? [] : [point]));
      const join = (p: { x: number; y: number }, q: { x: number; y: number }): void => {
        pieces.push({ x0: p.x, x1: q.x, y0: p.y, y1: q.y });
      };
      if (cut.length === 2) join(cut[0]!, cut[1]!);
      else if (cut.length === 4) {
        // Edges in order ab, bc, cd, da: the centre belongs to the corners with its sign, and the others are cut off.
        const centre = (a + b + c + d) / 4;
        const isCornerACutOff = centre > 0 !== a > 0;
        const [ab, bc, cd, da] = cut;
        join(isCornerACutOff ? da! : ab!, isCornerACutOff ? ab! : bc!);
        join(isCornerACutOff ? bc! : cd!, isCornerACutOff ? cd! : da!);
      }
    }
  return pieces;
};
