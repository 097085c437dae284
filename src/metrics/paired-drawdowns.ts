import { drawdownSeries } from './drawdowns.js';
import { deepestDrawdownOfReturns } from './max-drawdown.js';

/** How often two runs were down, each and together: fractions of the common periods. */
export interface JointTime {
  readonly first: number;
  readonly second: number;
  readonly both: number;
  /** `first` × `second`: what `both` would be if one knew nothing of the other. */
  readonly ifUnrelated: number;
}

/** Whether two runs lose at the same time. Fractions; drawdowns are negative. */
export interface DrawdownOverlap {
  /** Below the last peak at all; most trend followers are, most of the time. */
  readonly underWater: JointTime;
  /** Below half of the run's own deepest drawdown. */
  readonly deep: JointTime;
  /** Drawdown of the second at the end of the day on which the first was lowest, and the other way round. */
  readonly secondAtFirstTrough: number;
  readonly firstAtSecondTrough: number;
  /** Deepest drawdown of half the capital in each, evened out every period. */
  readonly halves: number;
}

const equityOf = (returns: Float64Array): Float64Array => {
  let equity = 1;
  return returns.map(r => (equity *= 1 + r));
};

/** How the drawdowns of two runs overlap, from their returns over the same periods (at least one), day ends only. */
export const drawdownOverlap = (first: Float64Array, second: Float64Array): DrawdownOverlap => {
  const [a, b] = [drawdownSeries(equityOf(first), 1), drawdownSeries(equityOf(second), 1)];
  const lowest = (series: Float64Array): number => series.reduce((at, value, i) => (value < series[at]! ? i : at), 0);
  const [troughA, troughB] = [lowest(a), lowest(b)];
  const time = (belowA: number, belowB: number): JointTime => {
    let [inA, inB, both] = [0, 0, 0];
    for (let i = 0; i < a.length; i++) {
      const [isA, isB] = [a[i]! < belowA, b[i]! < belowB];
      if (isA) inA++;
      if (isB) inB++;
      if (isA && isB) both++;
    }
    const n = a.length;
    return { first: inA / n, second: inB / n, both: both / n, ifUnrelated: (inA / n) * (inB / n) };
  };
  return {
    underWater: time(0, 0),
    deep: time(a[troughA]! / 2, b[troughB]! / 2),
    secondAtFirstTrough: b[troughA]!,
    firstAtSecondTrough: a[troughB]!,
    halves: deepestDrawdownOfReturns(first.map((r, i) => (r + second[i]!) / 2)),
  };
};
