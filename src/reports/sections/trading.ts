import { formatTime } from '../../time.js';
import { exposure } from '../charts/exposure.js';
import { priceTrades } from '../charts/price-trades.js';
import { shortSymbol } from '../currency.js';
import { aligned, count, decimal, percent, signedPercent } from '../number-text.js';
import { exposureRows, MOST_FILLS, priceTradeRows, weightiestTrips } from '../rows/trading-rows.js';
import type { Block, Section } from '../document.js';
import type { Closes, Outcome } from '../outcome.js';

/** Price charts of more symbols than this would drown the page. */
const MOST_CHARTS = 4;
const MOST_ROWS = 2_000;

/** The symbols whose prices are drawn: those that filled most, most first. */
export const drawnSymbols = (
  symbols: readonly string[],
  { fills }: Pick<Outcome, 'fills'>,
): readonly { readonly symbol: string; readonly fills: number }[] => {
  const counts = new Map<string, number>();
  for (const { symbol } of fills) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return symbols
    .map(symbol => ({ symbol, fills: counts.get(symbol) ?? 0 }))
    .sort((a, b) => b.fills - a.fills || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, MOST_CHARTS);
};

/** What it held, where it traded, and every round trip. */
export const tradingSection = (outcome: Outcome, prices: Readonly<Record<string, Closes>>, unit: string, period: string): Section => {
  const symbols = Object.keys(prices);
  const drawn = drawnSymbols(symbols, outcome);
  const charts = drawn.map(({ symbol, fills }, i): Block => {
    const buckets = Math.floor(1_200 / drawn.length);
    const note = fills > MOST_FILLS ? ` · ${count(MOST_FILLS)} of ${count(fills)} fills, of the weightiest round trips` : '';
    return {
      kind: 'chart',
      id: `price-${i + 1}`,
      spec: priceTrades(priceTradeRows(symbol, prices[symbol]!, outcome, buckets), {
        title: `Trades on ${shortSymbol(symbol)}`,
        subtitle: `${unit}, lines join entry and exit · ${period}${note}`,
        unit,
      }),
    };
  });
  const trips = weightiestTrips(outcome.roundTrips, MOST_ROWS);
  const held = aligned(trips.map(trip => Math.round((trip.exitTs - trip.entryTs) / 360_000) / 10));
  const quantities = aligned(trips.map(trip => trip.quantity));
  const entries = aligned(trips.map(trip => trip.entryPrice));
  const exits = aligned(trips.map(trip => trip.exitPrice));
  return {
    id: 'trades',
    title: 'Trades',
    lead:
      symbols.length > MOST_CHARTS
        ? `Prices of the ${MOST_CHARTS} most traded of ${symbols.length} symbols.`
        : 'Where it bought and sold, what it held, and what every round trip made.',
    blocks: [
      ...charts,
      {
        kind: 'chart',
        id: 'exposure',
        spec: exposure(exposureRows(outcome), { title: 'How much was at stake', subtitle: `Exposure as a multiple of equity · ${period}` }),
      },
      {
        kind: 'table',
        id: 'round-trips',
        caption:
          trips.length < outcome.roundTrips.length
            ? `The ${count(trips.length)} weightiest of ${count(outcome.roundTrips.length)} round trips`
            : 'Round trips',
        columns: [
          { title: 'Entry (UTC)', kind: 'text' },
          { title: 'Symbol', kind: 'text' },
          { title: 'Side', kind: 'text' },
          { title: 'Held, hours', kind: 'number' },
          { title: 'Quantity, base', kind: 'number' },
          { title: `Entry, ${unit}`, kind: 'number' },
          { title: `Exit, ${unit}`, kind: 'number' },
          { title: `Fees, ${unit}`, kind: 'number' },
          { title: `Slippage, ${unit}`, kind: 'number' },
          { title: `Funding, ${unit}`, kind: 'number' },
          { title: `Net PnL, ${unit}`, kind: 'number', signed: true },
          { title: 'Net return', kind: 'number', signed: true },
          { title: 'Exit reason', kind: 'text' },
        ],
        rows: trips.map((trip, i) => [
          // To the second: the milliseconds are the latency, the same in every row.
          formatTime(Math.floor(trip.entryTs / 1000) * 1000),
          shortSymbol(trip.symbol),
          trip.side,
          held[i]!,
          quantities[i]!,
          entries[i]!,
          exits[i]!,
          decimal(trip.fees),
          decimal(trip.slippage),
          decimal(trip.funding),
          decimal(trip.netPnl),
          signedPercent(trip.netReturn, 2),
          trip.exitReason,
        ]),
        empty: 'No round trip was closed.',
      },
      {
        kind: 'table',
        id: 'refusals',
        caption: 'Refused orders and intents',
        columns: [
          { title: 'Code', kind: 'text' },
          { title: 'Times', kind: 'number' },
          { title: 'Share of all', kind: 'number' },
        ],
        rows: Object.entries(outcome.refusals)
          .sort(([, a], [, b]) => b - a)
          .map(([code, times], _, all) => [code, count(times), percent(times / all.reduce((total, [, n]) => total + n, 0), 0)]),
        empty: 'Nothing was refused, by risk or by the venue.',
        half: true,
      },
      {
        kind: 'table',
        id: 'notes',
        caption: 'Notes of the strategy',
        columns: [
          { title: 'Time (UTC)', kind: 'text' },
          { title: 'Note', kind: 'text', wide: true },
        ],
        rows: outcome.notes.slice(0, 1_000).map(({ ts, text }) => [formatTime(ts), text]),
        empty: 'The strategy left none.',
        half: true,
      },
    ],
  };
};
