import { usageError } from '../errors.js';

/** When capital is divided anew among strategies, and what that costs. */
export interface ReweightOptions {
  /** Past returns that each division looks at, periods; the first `lookback` periods are only looked at. */
  readonly lookback: number;
  /** Periods from one division to the next. */
  readonly every: number;
  /** What moving capital is assumed to cost, a fraction of what is taken from one strategy plus what is given to another. */
  readonly moveCost: number;
}

/** A division of capital that held from the end of the period before `row` on. */
export interface Reweighting {
  readonly row: number;
  readonly weights: Float64Array;
  /** Σ |new − drifted weight|, 0 to 2; 0 at the first, which moves nothing. */
  readonly moved: number;
}

/** A portfolio of strategies, walked forward. */
export interface StrategyPortfolio {
  /** One return a period from row `lookback` on, after the cost of moving capital. */
  readonly returns: Float64Array;
  readonly reweightings: readonly Reweighting[];
  /** Capital moved in all, times the portfolio's value at the time. */
  readonly moved: number;
}

/**
 * What dividing capital among strategies by their past alone would have earned: at the start and after every `every` periods `divide` gets the last
 * `lookback` returns of each strategy and says its weights, which drift with the strategies' returns until the next time. `columns` are returns of
 * the strategies over the same periods; weights are long-only and sum to 1. Every strategy keeps the costs of its own trading; moving capital costs
 * `moveCost` of what moves on top.
 *
 * Throws a usage error for fewer than two strategies, too few periods or options out of range.
 */
export const strategyPortfolio = (
  columns: readonly Float64Array[],
  divide: (past: readonly Float64Array[]) => Float64Array,
  { lookback, every, moveCost }: ReweightOptions,
): StrategyPortfolio => {
  const rows = columns[0]?.length ?? 0;
  if (columns.length < 2 || columns.some(column => column.length !== rows))
    throw usageError('one-strategy', 'A portfolio needs the returns of two strategies or more over the same periods.');
  if (!(Number.isInteger(lookback) && lookback >= 2 && lookback < rows))
    throw usageError(
      'bad-lookback',
      `Weights cannot look back ${lookback} of ${rows} periods.`,
      'Leave periods after the first weighting.',
    );
  if (!(Number.isInteger(every) && every >= 1))
    throw usageError('bad-reweighting', `Weights cannot change every ${every} periods.`, 'Use 1 or more.');
  if (!(moveCost >= 0 && moveCost < 0.5))
    throw usageError('bad-move-cost', `Moving capital cannot cost ${moveCost} of it.`, 'Use a fraction such as 0.001.');

  const returns = new Float64Array(rows - lookback);
  const held = new Float64Array(columns.length);
  const reweightings: Reweighting[] = [];
  let moved = 0;
  let value = 1;
  for (let row = lookback; row < rows; row++) {
    const before = value;
    if ((row - lookback) % every === 0) {
      const weights = divide(columns.map(column => column.subarray(row - lookback, row)));
      let change = 0;
      if (row > lookback && value > 0) for (let k = 0; k < held.length; k++) change += Math.abs(weights[k]! - held[k]! / value);
      moved += change * value;
      value -= value * change * moveCost;
      for (let k = 0; k < held.length; k++) held[k] = value * weights[k]!;
      reweightings.push({ row, weights, moved: change });
    }
    value = 0;
    for (let k = 0; k < held.length; k++) {
      held[k]! *= 1 + columns[k]![row]!;
      value += held[k]!;
    }
    // What is lost is lost: nothing can be earned on it.
    returns[row - lookback] = before > 0 ? value / before - 1 : 0;
  }
  return { returns, reweightings, moved };
};
