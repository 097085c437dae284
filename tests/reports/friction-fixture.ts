import type { FrictionOutcome } from '../../src/experiments/friction/friction-outcome.js';
import { FRICTION_AXES, type FrictionPoint } from '../../src/experiments/friction/friction-point.js';
import { frictionGrid, samePoint, type FrictionValues } from '../../src/experiments/friction/friction-grid.js';
import type { FrictionResult } from '../../src/experiments/friction/friction.js';
import { breakEven, MEASURES } from '../../src/experiments/friction/break-even.js';
import type { RunCapacity } from '../../src/experiments/friction/run-capacity.js';
import type { FrictionReportInput } from '../../src/reports/friction.js';
import { random } from '../../src/random.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { sharpeRatio } from '../../src/metrics/sharpe.js';
import { mean } from '../../src/statistics/moments.js';
import { DAY } from '../../src/time.js';

const DAYS = 90;
const BASE: FrictionPoint = { fee: 1, slippage: 0, latency: 100, funding: 1 };
const VALUES: FrictionValues = { fee: [0, 1, 2, 4], slippage: [0, 2, 5], latency: [0, 100, 1_000, 10_000], funding: [0, 1, 2] };

/** Days of a strategy whose mean falls along every friction; with the last two arguments left out it crosses zero on all of them. */
const outcome = (point: FrictionPoint, edge: number): FrictionOutcome => {
  const daily = edge - 0.0004 * point.fee - 0.0002 * point.slippage - 0.00000012 * point.latency - 0.0002 * point.funding;
  const draw = random('friction fixture');
  const returns = Float64Array.from({ length: DAYS }, () => daily + 0.004 * draw.normal());
  const notional = 5_000_000;
  return {
    point,
    fingerprint: `f${JSON.stringify(point).length}`,
    returns,
    periodsPerYear: 365,
    meanReturn: mean(returns),
    sharpe: sharpeRatio(returns, 365),
    totalReturn: mean(returns) * DAYS,
    maxDrawdown: -0.05,
    trades: 120,
    initialCapital: 100_000,
    finalEquity: 100_000 * (1 + mean(returns) * DAYS),
    tradedNotional: edge === 0 ? 0 : notional,
    fees: notional * 0.0005 * point.fee,
    slippage: notional * 0.0001 * (1 + point.slippage),
    funding: -300 * point.funding,
    refusals: {},
    halted: null,
    whole: samePoint(point, BASE) ? { fills: [], assumptions: [], metrics: {} as never } : null,
  };
};

/** A sweep as `friction` gives it, made without an engine. An edge of 0 never trades. */
export const frictionResult = (edge = 0.0015, values: FrictionValues = VALUES): FrictionResult => {
  const grid = frictionGrid(values).map(point => outcome(point, edge));
  const along = (axis: (typeof FRICTION_AXES)[number]) =>
    grid.filter(({ point }) => FRICTION_AXES.every(other => other === axis || point[other] === BASE[other]));
  const curves = { fee: along('fee'), slippage: along('slippage'), latency: along('latency'), funding: along('funding') };
  return {
    values,
    base: BASE,
    atBase: grid.find(({ point }) => samePoint(point, BASE))!,
    grid,
    curves,
    breakEvens: FRICTION_AXES.filter(axis => values[axis].length > 1).flatMap(axis =>
      MEASURES.map(measure => breakEven(axis, curves[axis], measure, BASE[axis], { seed: 1, samples: 200 })),
    ),
  };
};

const capacityOf = (isDefined: boolean): RunCapacity => ({
  impact: {
    law: { coefficient: 1, exponent: 0.5 },
    charged: true,
    error: { coefficient: 0.35, exponent: 0, correlation: 0 },
    source: 'the run’s square-root law',
  },
  result: isDefined ? { capital: 2_400_000, low: 700_000, high: Infinity, eatenNow: 0.08, medianShare: 0.31, known: 0.98 } : null,
  edge: 12_000,
  edgeError: 4_000,
  impactNow: 960,
  level: 0.95,
  reason: isDefined ? null : 'it makes nothing before impact, so there is no edge to eat',
});

/** What a report is made from. */
export const frictionInput = (result = frictionResult(), hasCapacity = true): FrictionReportInput => ({
  title: 'daily on planted, friction',
  manifest: {
    platform: 'quantai-trad 0',
    strategy: { name: 'daily', bundle: 'builtin:daily' },
    params: { hours: 4 },
    config: runConfig({ exchange: 'binance', from: 0, to: DAYS * DAY, symbols: ['BTC/USDT:USDT'], timeframe: '1h' }),
    inputs: [],
  },
  result,
  capacity: capacityOf(hasCapacity),
  findings: [],
  fingerprint: 'abc',
  command: 'quantai friction daily',
  synthetic: true,
});
