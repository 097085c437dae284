import type { RunConfig } from '../../../src/engine/run-config.js';
import type { Bar, Chunk } from '../../../src/events/market.js';
import { scalar } from '../../../src/features/feature.js';
import { appliedTo } from '../../../src/features/applied-to.js';
import { roc } from '../../../src/features/momentum/roc.js';
import { obv } from '../../../src/features/volume/obv.js';
import { sma } from '../../../src/features/trend/sma.js';
import { zScore } from '../../../src/features/volatility/z-score.js';
import { order, target } from '../../../src/strategies/intent.js';
import { bars, defineStrategy } from '../../../src/strategies/strategy.js';
import type { Strategy } from '../../../src/strategies/strategy.js';
import type { LeakCheckId } from '../../../src/experiments/checks/leak-checks.js';
import { HOUR } from '../../../src/time.js';

/** A mistake that makes a backtest better than trading could be, with the same idea done right. */
export interface PlantedLeak {
  /** What it knows or does. */
  readonly kind: string;
  /** The check that must fail, and no other may. */
  readonly caughtBy: LeakCheckId;
  readonly leak: (data: readonly Chunk[]) => Strategy;
  readonly honest: (data: readonly Chunk[]) => Strategy;
  readonly config?: Partial<RunConfig>;
  /** Days of history; default 20. More for what warms up long: its settling is looked for only in a third that is longer than two warm-ups. */
  readonly days?: number;
  /** Only for what the data do: nobody traded in them for a while. */
  readonly market?: (data: readonly Chunk[]) => readonly Chunk[];
}

const of = (data: readonly Chunk[], kind: Chunk['kind'], symbol = 'A/USDT:USDT'): Chunk =>
  data.find(chunk => chunk.kind === kind && chunk.symbol === symbol)!;

/** Column `k` of the bar that opens at a time; NaN where there is none. */
const barColumn = (data: readonly Chunk[], k: number) => {
  const chunks = new Map(data.filter(({ kind }) => kind === 'bars').map(chunk => [chunk.symbol, chunk]));
  const first = [...chunks.values()][0]!.ts[0]!;
  return (symbol: string, openTime: number): number => chunks.get(symbol)!.columns[k]![Math.round((openTime - first) / HOUR)] ?? NaN;
};

/** When the market of the last leak stands still: a hole that an import filled forward. */
const STILL = { from: Date.UTC(2024, 0, 12), to: Date.UTC(2024, 0, 18) } as const;

const standingStill = (data: readonly Chunk[]): readonly Chunk[] =>
  data.map(chunk => {
    if (chunk.kind !== 'bars') return chunk;
    const columns = chunk.columns.map(column => column.slice());
    for (let i = 1; i < chunk.rows; i++) {
      if (chunk.ts[i]! < STILL.from || chunk.ts[i]! >= STILL.to) continue;
      for (let k = 0; k < 4; k++) columns[k]![i] = columns[3]![i - 1]!;
    }
    return { ...chunk, columns };
  });

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** Mean of the last `length` closes, or of those there are: it gives a number before it has what it is named after. */
const eagerAverage = (length: number, declared: number) =>
  scalar(`average(${length})`, declared, () => {
    const seen: number[] = [];
    return bar => {
      seen.push(bar.close);
      if (seen.length > length) seen.shift();
      return mean(seen);
    };
  });

/** Slope of the next return on the last one over given closes. */
const slope = (closes: ArrayLike<number>): number => {
  let [xy, xx] = [0, 0];
  for (let i = 2; i < closes.length; i++) {
    const x = closes[i - 1]! / closes[i - 2]! - 1;
    xy += x * (closes[i]! / closes[i - 1]! - 1);
    xx += x * x;
  }
  return xx > 0 ? xy / xx : 0;
};

const named = (name: string, rest: Omit<Strategy, 'name' | 'params'>): Strategy =>
  defineStrategy({ name, params: {}, ...rest } as Strategy);

const bidAt =
  (price: (bar: Bar) => number): NonNullable<Strategy['decide']> =>
  (bar, _, { position }) =>
    position(bar.symbol).quantity > 0
      ? target(bar.symbol, 0)
      : order({ symbol: bar.symbol, side: 'buy', quantity: 1, limit: price(bar), goodTill: bar.ts + HOUR });

/** Outlives a run, as a variable of a module does. */
let kept = 0;

export const PLANTED: readonly PlantedLeak[] = [
  {
    kind: 'the close of the next bar, by a column shifted the wrong way',
    caughtBy: 'causality',
    leak: data => {
      const close = barColumn(data, 3);
      return named('next-close', { decide: bar => target(bar.symbol, close(bar.symbol, bar.ts) > bar.close ? 1 : -1) });
    },
    honest: data => {
      const close = barColumn(data, 3);
      return named('last-close', { decide: bar => target(bar.symbol, close(bar.symbol, bar.openTime - HOUR) > bar.close ? 1 : -1) });
    },
  },
  {
    kind: 'the low of a bar at its open, as the price of an order',
    caughtBy: 'causality',
    leak: data => {
      const low = barColumn(data, 2);
      return named('buys-the-low', { decide: bidAt(bar => low(bar.symbol, bar.ts) || bar.low) });
    },
    honest: () => named('bids-the-last-low', { decide: bidAt(bar => bar.low) }),
  },
  {
    kind: 'mean and deviation of the whole sample, to normalise by',
    caughtBy: 'causality',
    leak: data => {
      const closes = of(data, 'bars').columns[3]!;
      const middle = mean(closes);
      const deviation = Math.sqrt(mean(closes.map(x => (x - middle) * (x - middle))));
      return named('normalised', {
        indicators: () => ({ z: scalar('z of all', 1, () => bar => (bar.close - middle) / deviation) }),
        decide: (bar, { z }) => target(bar.symbol, (z as number) > 0 ? -1 : 1),
      });
    },
    honest: () =>
      named('normalised', {
        indicators: () => ({ z: zScore(48) }),
        decide: (bar, { z }) => target(bar.symbol, (z as number) > 0 ? -1 : 1),
      }),
  },
  {
    kind: 'the funding rate before it settles',
    caughtBy: 'causality',
    leak: data => {
      const { ts, columns } = of(data, 'funding');
      return named('next-funding', {
        decide: bar => target(bar.symbol, (columns[0]![ts.findIndex(t => t > bar.ts)] ?? 0) > 0 ? -1 : 1),
      });
    },
    honest: () =>
      named('last-funding', { decide: (bar, _, { funding }) => target(bar.symbol, (funding(bar.symbol)?.rate ?? 0) > 0 ? -1 : 1) }),
  },
  {
    kind: 'a longer bar that is labelled by its open and used before it is complete',
    caughtBy: 'causality',
    leak: data => {
      const close = barColumn(data, 3);
      const closeOfFour = (openTime: number): number => close('A/USDT:USDT', openTime - (openTime % (4 * HOUR)) + 3 * HOUR);
      return named('four-hours-early', { decide: bar => target(bar.symbol, closeOfFour(bar.openTime) > bar.close ? 1 : 0) });
    },
    honest: () =>
      named('four-hours', {
        needs: ({ universe }) => bars(universe, '4h'),
        decide: bar => target(bar.symbol, bar.close > bar.open ? 1 : 0),
      }),
  },
  {
    kind: 'a model fitted on labels of the whole history',
    caughtBy: 'causality',
    days: 30,
    leak: data => {
      const weight = slope(of(data, 'bars').columns[3]!);
      return named('fitted-once', {
        indicators: () => ({ last: roc(1) }),
        decide: (bar, { last }) => target(bar.symbol, 500 * weight * (last as number)),
      });
    },
    honest: () =>
      named('fitted-on-the-past', {
        indicators: () => ({
          last: roc(1),
          weight: scalar('slope of 100', 101, () => {
            const closes: number[] = [];
            return bar => {
              closes.push(bar.close);
              if (closes.length > 101) closes.shift();
              return slope(closes);
            };
          }),
        }),
        decide: (bar, { last, weight }) => target(bar.symbol, 5 * (weight as number) * (last as number)),
      }),
  },
  {
    kind: 'a universe of those that had survived and grown by the end',
    caughtBy: 'causality',
    leak: data => {
      const turnover = new Map(data.filter(({ kind }) => kind === 'bars').map(({ symbol, columns }) => [symbol, mean(columns[4]!)]));
      const largest = [...turnover].sort((a, b) => b[1] - a[1])[0]![0];
      return named('the-survivor', {
        decide: bar => (bar.symbol === largest ? target(bar.symbol, bar.close > bar.open ? 1 : -1) : undefined),
      });
    },
    honest: () =>
      named('the-largest-so-far', {
        indicators: () => ({ turnover: sma(48, { source: 'volume' }) }),
        decideSlice: (slice, indicators, { universe }) => {
          const present = universe.filter(symbol => slice.bars.has(symbol));
          const largest = [...present].sort((a, b) => (indicators(b)['turnover'] as number) - (indicators(a)['turnover'] as number))[0];
          return present.map(symbol => target(symbol, symbol === largest ? 1 : 0));
        },
      }),
  },
  {
    kind: 'a centred moving average, which is smooth because it sees both sides',
    caughtBy: 'causality',
    leak: data => {
      const close = barColumn(data, 3);
      const centred = (bar: Bar): number =>
        mean(Array.from({ length: 11 }, (_, k) => close(bar.symbol, bar.openTime + (k - 5) * HOUR)).filter(x => !Number.isNaN(x)));
      return named('centred', {
        indicators: () => ({ smooth: scalar('centred(11)', 6, () => centred) }),
        decide: (bar, { smooth }) => target(bar.symbol, bar.close < (smooth as number) ? 1 : 0),
      });
    },
    honest: () =>
      named('trailing', {
        indicators: () => ({ smooth: sma(11) }),
        decide: (bar, { smooth }) => target(bar.symbol, bar.close < (smooth as number) ? 1 : 0),
      }),
  },
  {
    kind: 'state of the module that the run before left behind',
    caughtBy: 'repeatable',
    leak: () => named('remembers-runs', { decide: bar => target(bar.symbol, (kept++ % 7) / 7) }),
    honest: () =>
      named('remembers-bars', {
        memory: () => ({ bars: 0 }),
        decide: (bar, _, { memory }) => target(bar.symbol, ((memory as { bars: number }).bars++ % 7) / 7),
      }),
  },
  {
    kind: 'chance that no seed gives back',
    caughtBy: 'repeatable',
    leak: () => named('rolls-dice', { decide: bar => target(bar.symbol, Math.random() < 0.5 ? 1 : 0) }),
    honest: () => named('draws-from-the-seed', { decide: (bar, _, context) => target(bar.symbol, context.random() < 0.5 ? 1 : 0) }),
  },
  {
    kind: 'an average over 150 bars that is traded on after ten',
    caughtBy: 'warm-up',
    days: 40,
    leak: () =>
      named('impatient', {
        indicators: () => ({ average: eagerAverage(150, 10) }),
        decide: (bar, { average }) => target(bar.symbol, bar.close > (average as number) ? 1 : 0),
      }),
    honest: () =>
      named('patient', {
        indicators: () => ({ average: eagerAverage(150, 150) }),
        decide: (bar, { average }) => target(bar.symbol, bar.close > (average as number) ? 1 : 0),
      }),
  },
  {
    kind: 'a sum since the beginning of the data, compared with a fixed level',
    caughtBy: 'recursive-indicators',
    leak: () =>
      named('since-the-beginning', {
        indicators: () => ({ flow: obv() }),
        decide: (bar, { flow }) => target(bar.symbol, (flow as number) > 0 ? 1 : -1),
      }),
    honest: () =>
      named('since-a-day-ago', {
        indicators: () => ({ flow: obv(), average: appliedTo(sma(24), obv()) }),
        decide: (bar, { flow, average }) => target(bar.symbol, (flow as number) > (average as number) ? 1 : -1),
      }),
  },
  {
    kind: 'a value from its own time on, although it is published later',
    caughtBy: 'causality',
    config: { delays: { bars: 0, funding: 2 * HOUR, mark: 0 } },
    leak: data => {
      const { ts, columns } = of(data, 'funding');
      return named('reads-the-revision', {
        decide: bar => target(bar.symbol, (columns[0]![ts.findLastIndex(t => t <= bar.ts)] ?? 0) > 0 ? -1 : 1),
      });
    },
    honest: () =>
      named('waits-for-publication', {
        decide: (bar, _, { funding }) => target(bar.symbol, (funding(bar.symbol)?.rate ?? 0) > 0 ? -1 : 1),
      }),
  },
  {
    kind: 'prices that stood still while nobody traded',
    caughtBy: 'stale-fills',
    market: standingStill,
    leak: () => named('trades-anyway', { decide: bar => target(bar.symbol, (bar.openTime / HOUR) % 2) }),
    honest: () =>
      named('trades-where-others-do', {
        decide: (bar, _, { position }) => {
          const held = position(bar.symbol).quantity !== 0;
          return bar.openTime < STILL.from - 6 * HOUR || bar.openTime > STILL.to + 6 * HOUR
            ? target(bar.symbol, (bar.openTime / HOUR) % 2)
            : held
              ? target(bar.symbol, 0)
              : undefined;
        },
      }),
  },
];
