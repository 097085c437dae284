import type { Chunk } from '../../events/market.js';

/** What a bar did, free of its price level: ratios that another level can be multiplied by. One element per recorded bar. */
export interface BarShapes {
  /** Open ÷ close of the bar that ended as this one began; NaN for the first bar, after a hole and after a bar that has no shape. */
  readonly gap: Float64Array;
  /** Close ÷ open. */
  readonly body: Float64Array;
  /** High ÷ the higher of open and close, 1 or more. */
  readonly above: Float64Array;
  /** Low ÷ the lower of open and close, 1 or less. */
  readonly below: Float64Array;
}

/** Shapes of a symbol's bars. A bar with a price that is not positive and finite, or outside its own high and low, has no shape: all NaN. */
export const barShapes = ({ rows, ts, columns }: Chunk, barMs: number): BarShapes => {
  const [open, high, low, close] = columns as [Float64Array, Float64Array, Float64Array, Float64Array];
  const column = (): Float64Array => new Float64Array(rows).fill(NaN);
  const shapes = { gap: column(), body: column(), above: column(), below: column() };
  for (let i = 0; i < rows; i++) {
    const [o, c] = [open[i]!, close[i]!];
    const [top, bottom] = [Math.max(o, c), Math.min(o, c)];
    if (!(low[i]! > 0 && low[i]! <= bottom && high[i]! >= top && high[i]! < Infinity)) continue;
    if (i > 0 && ts[i - 1]! + barMs === ts[i] && !Number.isNaN(shapes.body[i - 1]!)) shapes.gap[i] = o / close[i - 1]!;
    shapes.body[i] = c / o;
    shapes.above[i] = high[i]! / top;
    shapes.below[i] = low[i]! / bottom;
  }
  return shapes;
};
