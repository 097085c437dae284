import type { BreakEven } from '../experiments/friction/break-even.js';
import { bpsOf } from '../experiments/friction/break-even.js';
import type { FrictionOutcome } from '../experiments/friction/friction-outcome.js';
import type { FrictionAxis } from '../experiments/friction/friction-point.js';
import type { FrictionResult } from '../experiments/friction/friction.js';
import { optimalBlockLength } from '../statistics/block-length.js';
import { stationaryBootstrap } from '../statistics/bootstrap.js';
import { mean } from '../statistics/moments.js';
import type { FrictionCurveRow } from './charts/friction-curve.js';
import type { FrictionSurfaceRow } from './charts/friction-surface.js';
import { AXIS_NAME, frictionValue, yearlyMean } from './friction-text.js';
import { signedPercent } from './number-text.js';
import { zeroLine } from './friction-zero-line.js';

/** Resamples of a band, and the fewest returns that say anything about their own spread. */
const SAMPLES = 400;
const FEWEST = 20;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** One axis as a curve, with the interval of each mean. */
export const frictionCurveRows = ({ curves, base, atBase }: FrictionResult, axis: FrictionAxis, seed: number): FrictionCurveRow[] => {
  // One block length for all: the same days are drawn at every friction, and the band is as smooth as the curve.
  const meanBlock = optimalBlockLength(atBase.returns);
  return curves[axis].map(outcome => {
    const { point, returns, periodsPerYear, sharpe, trades, fees, slippage, tradedNotional } = outcome;
    const band = returns.length < FEWEST ? null : stationaryBootstrap(returns, mean, { samples: SAMPLES, seed, meanBlock });
    return {
      x: point[axis],
      label: frictionValue(axis, point[axis]),
      mean: yearlyMean(outcome),
      low: band && finite(band.low * periodsPerYear),
      high: band && finite(band.high * periodsPerYear),
      sharpe: finite(sharpe),
      cost: finite(bpsOf(fees + slippage, tradedNotional)),
      trades,
      base: point[axis] === base[axis],
    };
  });
};

/** Where a curve's crossing stands, and in words. */
export const crossingOf = ({ axis, at }: BreakEven): { readonly x: number; readonly label: string } | null =>
  at === null ? null : { x: at, label: frictionValue(axis, at) };

/** What a surface shows: two axes, and a third with a panel for each of its values; the fourth is as configured. */
export interface SurfaceAxes {
  readonly x: FrictionAxis;
  readonly y: FrictionAxis;
  readonly panel: FrictionAxis;
}

/** Cells about the grid's points, and the line on which the mean return is zero. */
export const frictionSurfaceRows = ({ grid, values, base }: FrictionResult, { x, y, panel }: SurfaceAxes): FrictionSurfaceRow[] => {
  const others = (['fee', 'slippage', 'latency', 'funding'] as const).filter(axis => axis !== x && axis !== y && axis !== panel);
  const found = new Map<string, FrictionOutcome>();
  for (const outcome of grid)
    if (others.every(axis => outcome.point[axis] === base[axis]))
      found.set(`${outcome.point[panel]} ${outcome.point[x]} ${outcome.point[y]}`, outcome);
  return values[panel].flatMap(p => {
    const name = `${AXIS_NAME[panel]} ${frictionValue(panel, p)}`;
    const at = (i: number, j: number): FrictionOutcome | undefined => found.get(`${p} ${values[x][i]} ${values[y][j]}`);
    const cells = values[x].flatMap((xValue, i) =>
      values[y].flatMap((yValue, j): FrictionSurfaceRow[] => {
        const outcome = at(i, j);
        if (outcome === undefined) return [];
        return [
          {
            panel: name,
            kind: 'cell',
            x0: i - 0.5,
            x1: i + 0.5,
            y0: j - 0.5,
            y1: j + 0.5,
            value: finite(yearlyMean(outcome)),
            text: signedPercent(yearlyMean(outcome), 0),
            base: xValue === base[x] && yValue === base[y] && p === base[panel],
            xLabel: frictionValue(x, xValue),
            yLabel: frictionValue(y, yValue),
            sharpe: finite(outcome.sharpe),
          },
        ];
      }),
    );
    const line = zeroLine(values[x].length, values[y].length, (i, j) => at(i, j)?.meanReturn ?? NaN);
    const blank = { panel: name, kind: 'zero', value: null, text: '', base: false, xLabel: '', yLabel: '', sharpe: null } as const;
    return [...cells, ...line.map((piece): FrictionSurfaceRow => ({ ...blank, ...piece }))];
  });
};
