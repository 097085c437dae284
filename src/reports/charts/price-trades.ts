import { emptyChart, head, WIDTH } from './chart.js';
import { bands, extent, inWindow, pointedAt, SPAN, strip, timeX, timeXBare } from './time.js';
import type { ChartSpec, Heading, Layer } from './chart.js';

export interface PriceRow {
  readonly ts: number;
  readonly close: number;
}

/** One fill on the price. */
export interface FillRow {
  readonly ts: number;
  readonly price: number;
  readonly side: 'Buy' | 'Sell';
  readonly quantity: number;
  readonly reason: string;
}

/** One closed round trip, drawn from entry to exit. */
export interface TripRow {
  readonly from: number;
  readonly to: number;
  readonly entry: number;
  readonly exit: number;
  readonly side: string;
  readonly pnl: number;
  /** Fraction of the entry's notional. */
  readonly netReturn: number;
}

export interface PriceTradesData {
  readonly prices: readonly PriceRow[];
  readonly fills: readonly FillRow[];
  readonly trips: readonly TripRow[];
}

/** Where it bought and sold, what each round trip made, and a strip to zoom. The page's leading chart sets the span until the strip does. */
export const priceTrades = (
  { prices, fills, trips }: PriceTradesData,
  { title, subtitle, unit }: Heading & { unit: string },
): ChartSpec => {
  const heading = { title, subtitle };
  if (prices.length < 2) return emptyChart(heading, 'No prices in the period.');
  const window = [inWindow('both')];
  const [first, last] = extent(prices);
  const inside = fills.filter(fill => fill.ts >= first && fill.ts <= last);
  const closed = trips.filter(trip => trip.to >= first && trip.to <= last);
  const y = { type: 'quantitative', scale: { zero: false }, axis: { title: `Price, ${unit}`, format: ',~r', tickCount: 6 } } as const;
  const sides = { domain: ['Buy', 'Sell'], range: [{ expr: 'gain' }, { expr: 'loss' }] };
  const won = { condition: { test: 'datum.pnl < 0', value: { expr: 'loss' } }, value: { expr: 'gain' } };
  const ofTrip = [
    { field: 'opened', type: 'nominal', title: 'Entry (UTC)' } as const,
    { field: 'closed', type: 'nominal', title: 'Exit (UTC)' } as const,
    { field: 'side', type: 'nominal', title: 'Side' } as const,
    { field: 'entry', type: 'quantitative', title: `Entry price, ${unit}`, format: ',~r' } as const,
    { field: 'exit', type: 'quantitative', title: `Exit price, ${unit}`, format: ',~r' } as const,
    { field: 'pnl', type: 'quantitative', title: `Net PnL, ${unit}`, format: '+,.2f' } as const,
    { field: 'netReturn', type: 'quantitative', title: 'Net return', format: '+.2%' } as const,
  ];
  const tripTimes = [
    { calculate: "utcFormat(datum.from, '%d %b %Y %H:%M')", as: 'opened' },
    { calculate: "utcFormat(datum.to, '%d %b %Y %H:%M')", as: 'closed' },
  ];
  const tripLayer: Layer = {
    data: { name: 'trips' },
    transform: [inWindow('both', 'from'), inWindow('both', 'to'), ...tripTimes],
    mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.75 },
    encoding: {
      x: { ...timeXBare, field: 'from' },
      x2: { field: 'to' },
      y: { ...y, field: 'entry' },
      y2: { field: 'exit' },
      color: won,
      tooltip: ofTrip,
    },
  };
  const fillLayer: Layer = {
    data: { name: 'fills' },
    transform: [...window, { calculate: "utcFormat(datum.ts, '%d %b %Y %H:%M')", as: 'when' }],
    mark: { type: 'point', size: 46, opacity: 1, stroke: { expr: 'paper' }, strokeWidth: 0.8 },
    encoding: {
      x: timeXBare,
      y: { ...y, field: 'price' },
      fill: { field: 'side', type: 'nominal', scale: sides, legend: { symbolSize: 70, symbolStrokeWidth: 0 } },
      shape: { field: 'side', type: 'nominal', scale: { domain: ['Buy', 'Sell'], range: ['triangle-up', 'triangle-down'] } },
      tooltip: [
        { field: 'when', type: 'nominal', title: 'Time (UTC)' },
        { field: 'side', type: 'nominal', title: 'Side' },
        { field: 'quantity', type: 'quantitative', title: 'Quantity, base', format: ',~r' },
        { field: 'price', type: 'quantitative', title: `Price, ${unit}`, format: ',~r' },
        { field: 'reason', type: 'nominal', title: 'Reason' },
      ],
    },
  };
  // The prices, unseen, keep both panels on one time axis.
  const timeLayer: Layer = { transform: window, mark: { type: 'rule', opacity: 0, tooltip: null }, encoding: { x: timeX } };
  const pnlLayer: Layer = {
    data: { name: 'trips' },
    transform: [inWindow('both', 'to'), ...tripTimes],
    mark: { type: 'bar', width: 2 },
    encoding: {
      x: { ...timeX, field: 'to' },
      y: {
        field: 'pnl',
        type: 'quantitative',
        stack: null,
        axis: { title: `Net PnL of each round trip at its exit, ${unit}`, format: ',~s', tickCount: 4 },
      },
      color: won,
      tooltip: ofTrip,
    },
  };
  const zeroLayer: Layer = { data: { values: [{}] }, mark: { type: 'rule', tooltip: null }, encoding: { y: { datum: 0 } } };
  const pnlPanel = { width: WIDTH, height: 90, layer: [timeLayer, zeroLayer, pnlLayer] };
  const pricePanel = {
    width: WIDTH,
    height: 300,
    layer: [
      {
        transform: window,
        mark: { type: 'line', color: { expr: 'benchmark' }, strokeWidth: 1.1, tooltip: null },
        encoding: { x: closed.length > 0 ? timeXBare : timeX, y: { ...y, field: 'close' } },
      } satisfies Layer,
      pointedAt('onPrice', 'both', [{ field: 'close', title: `Close, ${unit}`, format: ',~r' }], closed.length > 0 ? timeXBare : timeX),
      ...(closed.length > 0 ? [tripLayer] : []),
      ...(inside.length > 0 ? [fillLayer] : []),
    ],
  };
  return {
    ...head(heading, {
      prices,
      bands: bands(prices),
      ...(inside.length > 0 && { fills: inside }),
      ...(closed.length > 0 && { trips: closed }),
    }),
    data: { name: 'prices' },
    params: [SPAN],
    vconcat: [
      pricePanel,
      ...(closed.length > 0 ? [pnlPanel] : []),
      { width: WIDTH, ...strip('prices', 'close', 'Drag to zoom, double-click to reset') },
    ],
  };
};
