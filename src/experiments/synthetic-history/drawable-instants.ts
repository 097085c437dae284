import type { BarShapes } from './bar-shapes.js';
import type { BarTimeline } from './bar-timeline.js';

/** A stretch of time in which something is known, both ends included. */
export interface Cover {
  readonly from: number;
  readonly to: number;
}

/**
 * Instants whose bars can be drawn, ascending: every symbol has one there that has a shape and a gap from the bar before, and all covers hold it from open to close.
 */
export const drawableInstants = (
  { opens, rowAt }: BarTimeline,
  shapes: readonly BarShapes[],
  covers: readonly Cover[],
  barMs: number,
): Int32Array =>
  Int32Array.from(opens.keys()).filter(
    instant =>
      covers.every(({ from, to }) => from <= opens[instant]! && opens[instant]! + barMs <= to) &&
      // A gap is known only for a bar that has a shape.
      shapes.every(({ gap }, symbol) => rowAt[symbol]![instant]! >= 0 && !Number.isNaN(gap[rowAt[symbol]![instant]!]!)),
  );
