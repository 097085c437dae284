import type { RunConfig } from '../../engine/run-config.js';
import type { Chunk } from '../../events/market.js';
import { lowerBound } from '../../datasets/range.js';
import type { Instrument } from '../../market/instrument.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { Fill } from '../../portfolio/fill.js';
import { formatTime } from '../../time.js';
import { leakResult } from './leak-check.js';
import type { LeakResult } from './leak-check.js';

const NAME = { id: 'stale-fills', title: 'Fills at prices nobody offered' } as const;
/** Bars in a row at one and the same price: the feed stood still, or nobody traded. */
const FROZEN = 3;
/** More than a twentieth of what was traded at such prices, and the result rests on them. */
const TOO_MUCH = 0.05;

/** What is wrong with a fill's price, gravest first. */
const STALE = {
  outside: 'outside the bar',
  'no-bar': 'where there is no bar',
  'no-volume': 'in a bar without volume',
  frozen: 'where the price stood still',
  'after-hole': 'in the first bar after a hole',
} as const;

/** A kind of stale fill. */
type Staleness = keyof typeof STALE;

interface Series {
  readonly chunk: Chunk;
  readonly length: number;
  readonly tick: number;
  /** Whether bars bound the prices at which orders match. */
  readonly isBound: boolean;
}

/** The way of a bar ends at its close: a fill at that very moment may belong to it or to the next. */
const rowsAt = ({ chunk: { ts, rows }, length }: Series, at: number): readonly number[] => {
  const next = lowerBound(ts, rows, at + 1) - 1;
  return [next, next - 1].filter(i => i >= 0 && ts[i]! <= at && at <= ts[i]! + length && (i === next || ts[i]! + length === at));
};

const isFrozen = ({ chunk: { columns } }: Series, row: number): boolean => {
  if (row < FROZEN - 1) return false;
  const price = columns[3]![row]!;
  for (let i = row; i > row - FROZEN; i--) if (columns[1]![i] !== price || columns[2]![i] !== price) return false;
  return true;
};

const stalenessOf = (series: Series, { ts, side, price, slippage, quantity }: Fill): Staleness | null => {
  const { chunk, length, tick, isBound } = series;
  const rows = rowsAt(series, ts);
  if (rows.length === 0) return 'no-bar';
  // What slippage added is the model's, not the market's.
  const met = price - ((side === 'buy' ? 1 : -1) * slippage) / quantity;
  const isWithin = (row: number): boolean => {
    const slack = tick + 1e-9 * price;
    return met >= chunk.columns[2]![row]! - slack && met <= chunk.columns[1]![row]! + slack;
  };
  const row = rows.find(isWithin);
  if (row === undefined && isBound) return 'outside';
  const at = row ?? rows[0]!;
  if (chunk.columns[4]![at] === 0) return 'no-volume';
  if (isFrozen(series, at)) return 'frozen';
  return at > 0 && chunk.ts[at]! - chunk.ts[at - 1]! > length ? 'after-hole' : null;
};

/** What was traded, and what the market was at the time. */
export interface FilledMarket {
  readonly fills: readonly Fill[];
  readonly chunks: readonly Chunk[];
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
}

/**
 * Were the prices of fills on offer? A fill is looked up in the bar of its moment. `fail`: one lies outside the bar or where there is no bar, which the venue of a backtest never gives, or
 * more than a twentieth of the notional was traded in bars without volume, at a price that stood still for three bars, or in the first bar after a hole. `warn`: some was.
 * Where orders match on books, quotes or trades their prices need not lie inside the bar, and that alone is not looked at.
 */
export const staleFills = ({ fills, chunks, config, instruments }: FilledMarket): LeakResult => {
  const length = timeframeMs(config.timeframe);
  const series = new Map<string, Series>();
  for (const chunk of chunks)
    if (chunk.kind === 'bars' && (chunk.timeframe ?? config.timeframe) === config.timeframe)
      series.set(chunk.symbol, {
        chunk,
        length,
        tick: instruments.find(({ symbol }) => symbol === chunk.symbol)?.tickSize ?? 0,
        isBound: config.fills.kind === 'bars',
      });
  if (fills.length === 0) return leakResult({ ...NAME, verdict: 'untested', sentence: 'Not tested: nothing was filled.' });
  const kinds = Object.keys(STALE) as Staleness[];
  const found = new Map<Staleness, { count: number; notional: number; first: Fill }>();
  let all = 0;
  for (const fill of fills) {
    const notional = fill.price * fill.quantity;
    all += notional;
    const own = series.get(fill.symbol);
    const kind = own === undefined ? 'no-bar' : stalenessOf(own, fill);
    if (kind === null) continue;
    const known = found.get(kind) ?? { count: 0, notional: 0, first: fill };
    found.set(kind, { ...known, count: known.count + 1, notional: known.notional + notional });
  }
  const present = kinds.flatMap(kind => {
    const one = found.get(kind);
    return one === undefined ? [] : [{ kind, ...one }];
  });
  const share = present.reduce((sum, { notional }) => sum + notional, 0) / all;
  const [worst] = present;
  const isDefect = found.has('outside') || found.has('no-bar');
  const percent = (x: number): string => `${(100 * x).toFixed(x < 0.1 ? 1 : 0)}%`;
  return leakResult({
    ...NAME,
    verdict: worst === undefined ? 'pass' : isDefect || share > TOO_MUCH ? 'fail' : 'warn',
    sentence:
      worst === undefined
        ? `All ${fills.length} fills lie inside a bar with trading.`
        : `${percent(share)} of what was traded was at prices that need not have been on offer: ${present
            .map(({ kind, count }) => `${count} ${count === 1 ? 'fill' : 'fills'} ${STALE[kind]}`)
            .join(', ')}; first ${worst.first.symbol} at ${formatTime(worst.first.ts)}.`,
    plot: {
      kind: 'bars',
      x: 'Share of traded notional, %',
      bars: kinds.map(kind => ({
        label: STALE[kind],
        value: (100 * (found.get(kind)?.notional ?? 0)) / all,
        alarm: found.has(kind),
      })),
    },
  });
};
