import type { MarketKind } from '../../events/market.js';
import { usageError } from '../../errors.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import { barStart } from '../../market/timeframe.js';
import { units } from '../../market/units.js';
import { HOUR, MINUTE } from '../../time.js';
import type { Subscription } from '../venue-transport.js';
import { bookWatch, type BookWatch } from './book-watch.js';
import { closedBars, type ClosedBars } from './closed-bars.js';
import type { FeedParts } from './feed-parts.js';
import { polledSeries, type PolledSeries } from './polled-series.js';
import { priceGuard, type PriceGuard } from './price-guard.js';
import { rowBuffer, type RowBuffer } from './row-buffer.js';
import { tradeTape, type TradeTape } from './trade-tape.js';

/** All data of one symbol. */
export interface SymbolLine {
  readonly symbol: Symbol;
  readonly guard: PriceGuard;
  readonly bars: readonly ClosedBars[];
  readonly tape: TradeTape | null;
  readonly book: BookWatch | null;
  readonly funding: PolledSeries | null;
  readonly interest: PolledSeries | null;
  readonly buffers: ReadonlyMap<MarketKind, RowBuffer>;
  /** Opens the book's stream anew after a pause, wall ms, and again, until there is a snapshot. */
  mendBook(firstPause: number): void;
  /** Ms between settlements. */
  interval: number;
}

/** Builds the line of one symbol out of what is subscribed for it. `gave` is told that rows are waiting, `closed` that a bar is. */
export const symbolLine = (
  symbol: Symbol,
  subscriptions: readonly Subscription[],
  instrument: Instrument | undefined,
  parts: FeedParts,
  { gave, closed }: { readonly gave: () => void; readonly closed: () => void },
): SymbolLine => {
  const { transport, clock, timers, config, counters, desk, voice, capture } = parts;
  const { history } = transport;
  const wants = (kind: MarketKind): boolean => subscriptions.some(each => each.kind === kind);
  const buffers = new Map<MarketKind, RowBuffer>();
  const bufferOf = (kind: MarketKind): RowBuffer => {
    const buffer = buffers.get(kind) ?? rowBuffer(kind, symbol);
    buffers.set(kind, buffer);
    return buffer;
  };
  for (const { kind } of subscriptions) if (kind !== 'bars') bufferOf(kind);
  if (wants('mark')) bufferOf('index');

  const guard = priceGuard({
    symbol,
    config,
    confirm: async () => {
      const now = clock.market();
      const rows = await desk.ask(() => history.bars(symbol, '1m', barStart(now, MINUTE) - MINUTE, now, 2));
      return rows.at(-1)?.[4] ?? NaN;
    },
    confirmed: (_, before, price) => voice.note(`${symbol} went from ${before} to ${price}: history has it too, so that it is believed.`),
  });
  const bars = subscriptions.flatMap(({ timeframe }) =>
    timeframe === undefined
      ? []
      : closedBars({
          symbol,
          timeframe,
          clock,
          timers,
          config,
          history,
          desk,
          guard,
          counters,
          words: {
            gap: (from, to, recovered, code) => voice.gap('bars', symbol, from, to, recovered, code),
            quarantine: (code, text) => voice.quarantine('bars', symbol, code, text),
            ready: closed,
            asked: rows => capture?.bars(symbol, timeframe, rows),
          },
        }),
  );
  const tape = wants('trades')
    ? tradeTape({
        symbol,
        clock,
        config,
        history,
        desk,
        rows: bufferOf('trades'),
        counters,
        gap: (from, to, recovered, code) => voice.gap('trades', symbol, from, to, recovered, code),
        asked: rows => capture?.trades(symbol, rows),
      })
    : null;

  const polled = (
    kind: 'funding' | 'open-interest',
    everyMs: number,
    request: (from: number, to: number, limit: number) => Promise<readonly (readonly [number, number])[]>,
  ): PolledSeries | null =>
    wants(kind)
      ? polledSeries({
          symbol,
          clock,
          timers,
          config,
          desk,
          everyMs,
          grain: MINUTE,
          request,
          give: (ts, value) => {
            const rows = bufferOf(kind);
            const row = rows.push(ts);
            rows.set(0, row, value);
            if (kind === 'funding') rows.set(1, row, line.interval);
            gave();
          },
          differs: (ts, before, value) =>
            voice.quarantine(
              kind,
              symbol,
              'revised',
              `The ${kind} of ${symbol} at ${ts} was ${before} and is now said to be ${value}. The first one counts.`,
            ),
          asked: rows => capture?.values(kind, symbol, rows, line.interval),
          refused: text => voice.quarantine(kind, symbol, 'history-refused', text),
        })
      : null;

  let isMending = false;
  const mendBook = (firstPause: number): void => {
    if (isMending || line.book === null || !config.defences.bookResync) return;
    isMending = true;
    let pause = config.resubscribeMs;
    const again = (): void => {
      if (line.book?.view !== null) {
        isMending = false;
        return;
      }
      counters.resubscribed++;
      transport.resubscribe({ kind: 'book', symbol });
      timers.after(pause, again);
      pause = Math.min(pause * 2, config.resubscribeMostMs);
    };
    timers.after(firstPause, again);
  };
  if (wants('book') && instrument === undefined)
    throw usageError('no-instrument', `The book of ${symbol} is wanted, and its tick is not known.`, 'Give the instrument of each symbol.');

  const line: SymbolLine = {
    symbol,
    guard,
    bars,
    tape,
    book:
      instrument !== undefined && wants('book')
        ? bookWatch({
            symbol,
            units: units(instrument),
            config,
            rows: bufferOf('book'),
            counters,
            broken: (code, text) => {
              voice.quarantine('book', symbol, `book-${code}`, text);
              mendBook(0);
            },
          })
        : null,
    funding: polled('funding', config.fundingPollMs, (from, to, limit) => history.funding(symbol, from, to, limit)),
    interest: polled('open-interest', config.openInterestPollMs, (from, to, limit) => history.openInterest(symbol, '5m', from, to, limit)),
    buffers,
    mendBook,
    interval: 8 * HOUR,
  };
  return line;
};
