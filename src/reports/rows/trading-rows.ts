import { costSplit } from '../../metrics/costs.js';
import { reduceIndices } from '../reduce.js';
import type { PlotSeries } from '../../engine/run-result.js';
import type { Track } from '../../metrics/metric.js';
import type { RoundTrip } from '../../portfolio/fill.js';
import type { CostRow } from '../charts/cost-waterfall.js';
import type { ExposureRow } from '../charts/exposure.js';
import type { PriceTradesData } from '../charts/price-trades.js';
import type { PlotPanel } from '../charts/strategy-plots.js';
import type { Closes, Outcome } from '../outcome.js';

/** Markers that a reader can still tell apart, and a browser still draw at once. */
export const MOST_FILLS = 1_600;
const MOST_TRIPS = 400;

const largest = <T>(rows: readonly T[], most: number, size: (row: T) => number): readonly T[] => {
  if (rows.length <= most) return rows;
  const least = rows.map(size).sort((a, b) => b - a)[most - 1]!;
  let room = most;
  return rows.filter(row => size(row) >= least && room-- > 0);
};

/**
 * Prices, fills and round trips of one symbol. Where there are too many to draw: the trips that made or lost most, the fills at their ends,
 * and then the largest fills.
 */
export const priceTradeRows = (symbol: string, closes: Closes, { fills, roundTrips }: Outcome, buckets = 1_000): PriceTradesData => {
  const trips = largest(
    roundTrips.filter(trip => trip.symbol === symbol),
    MOST_TRIPS,
    trip => Math.abs(trip.netPnl),
  );
  const ends = new Set(trips.flatMap(({ entryTs, exitTs }) => [entryTs, exitTs]));
  const drawn = largest(
    fills.filter(fill => fill.symbol === symbol),
    MOST_FILLS,
    fill => (ends.has(fill.ts) ? Number.MAX_VALUE : fill.price * fill.quantity),
  );
  return {
    prices: Array.from(reduceIndices([closes.close], buckets), i => ({ ts: closes.ts[i]!, close: closes.close[i]! })),
    fills: drawn.map(({ ts, price, side, quantity, reason }) => ({ ts, price, side: side === 'buy' ? 'Buy' : 'Sell', quantity, reason })),
    trips: trips.map(trip => ({
      from: trip.entryTs,
      to: trip.exitTs,
      entry: trip.entryPrice,
      exit: trip.exitPrice,
      side: trip.side,
      pnl: trip.netPnl,
      netReturn: trip.netReturn,
    })),
  };
};

/** Net and gross exposure of every bar, or of enough for a picture. */
export const exposureRows = ({ curve }: Outcome, buckets = 700): ExposureRow[] =>
  Array.from(reduceIndices([curve.exposure, curve.gross], buckets), i => ({
    ts: curve.ts[i]!,
    net: curve.exposure[i]!,
    gross: curve.gross[i]!,
  }));

/** The steps from the signal's profit to the net. */
export const costRows = (track: Track): CostRow[] => {
  const { gross, fees, slippage, funding, net } = costSplit(track);
  return [
    { step: 'Gross', amount: gross, total: true },
    { step: 'Fees', amount: -fees, total: false },
    { step: 'Slippage', amount: -slippage, total: false },
    { step: 'Funding', amount: funding, total: false },
    { step: 'Net', amount: net, total: true },
  ];
};

const MOST_PANELS = 8;

/** The strategy's own series, the first eight of them, each reduced to a picture. */
export const plotPanels = (plots: readonly PlotSeries[]): PlotPanel[] => {
  const symbols = new Set(plots.map(({ symbol }) => symbol));
  return plots.slice(0, MOST_PANELS).map(({ name, symbol, ts, value }) => ({
    name: symbols.size > 1 ? `${name}, ${symbol}` : name,
    rows: Array.from(reduceIndices([value], 400), i => ({ ts: ts[i]!, value: value[i]! })).filter(row => Number.isFinite(row.value)),
  }));
};

/** Trips by size of what they made or lost, then in time order. */
export const weightiestTrips = (trips: readonly RoundTrip[], most: number): readonly RoundTrip[] =>
  largest(trips, most, trip => Math.abs(trip.netPnl));
