import type { Bar, Chunk } from '../events/market.js';
import { type FuturesView, emptyFuturesView } from '../features/panel-feature.js';
import { timeframe as checkedTimeframe, timeframeMs } from '../market/timeframe.js';

/** Publication delays, ms: how long after it happened a datum can be known. */
export interface PublicationDelays {
  readonly bars: number;
  readonly funding: number;
  readonly mark: number;
}

/** What to walk over. */
export interface PanelWalk {
  /** In symbol order. */
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly delays: PublicationDelays;
  /** Each kind and symbol in time order. */
  readonly chunks: readonly Chunk[];
  /** Nothing known later is visited; Infinity for all. */
  readonly to: number;
}

interface Cursor {
  readonly symbol: number;
  readonly chunks: readonly Chunk[];
  readonly lag: number;
  chunk: number;
  row: number;
  at: number;
}

const settle = (cursor: Cursor): void => {
  while (cursor.chunk < cursor.chunks.length && cursor.row >= cursor.chunks[cursor.chunk]!.rows) {
    cursor.chunk++;
    cursor.row = 0;
  }
  const chunk = cursor.chunks[cursor.chunk];
  cursor.at = chunk === undefined ? Infinity : chunk.ts[cursor.row]! + cursor.lag;
};

const cursorsOf = (walk: PanelWalk, wanted: (chunk: Chunk) => boolean, lag: number): Cursor[] =>
  walk.symbols.flatMap((name, symbol) => {
    const chunks = walk.chunks.filter(chunk => chunk.symbol === name && wanted(chunk));
    if (chunks.length === 0) return [];
    const cursor: Cursor = { symbol, chunks, lag, chunk: 0, row: 0, at: Infinity };
    settle(cursor);
    return [cursor];
  });

/** Writes one futures datum into the view of its symbol; other kinds are none of its business. */
export const updateFutures = (view: FuturesView, kind: Chunk['kind'], ts: number, first: number, second: number): void => {
  if (kind === 'funding') {
    view.funding = first;
    view.fundingInterval = second;
    view.fundingTs = ts;
  } else if (kind === 'mark') view.mark = first;
  else if (kind === 'index') view.index = first;
  else if (kind === 'open-interest') view.openInterest = first;
};

/**
 * Visits every instant at which bars become known, in order, with what of the futures is known by then: the order in which a run would deliver them, without a run.
 * `bars` and `futures` are reused from one visit to the next; the bars in them are not.
 */
export const walkPanel = (
  walk: PanelWalk,
  visit: (now: number, bars: readonly (Bar | null)[], futures: readonly FuturesView[]) => void,
): void => {
  const timeframe = checkedTimeframe(walk.timeframe);
  const length = timeframeMs(timeframe);
  const bars = cursorsOf(walk, ({ kind, timeframe: own }) => kind === 'bars' && own === timeframe, length + walk.delays.bars);
  const { funding, mark } = walk.delays;
  const sparse = (['index', 'mark', 'funding', 'open-interest'] as const).flatMap(kind =>
    cursorsOf(walk, chunk => chunk.kind === kind, kind === 'funding' ? funding : kind === 'mark' ? mark : 0),
  );
  const present: (Bar | null)[] = walk.symbols.map(() => null);
  const futures = walk.symbols.map(emptyFuturesView);
  for (;;) {
    let now = Infinity;
    for (const cursor of bars) if (cursor.at < now) now = cursor.at;
    if (now === Infinity || now > walk.to) return;
    for (const cursor of sparse)
      while (cursor.at <= now) {
        const { kind, ts, columns } = cursor.chunks[cursor.chunk]!;
        updateFutures(futures[cursor.symbol]!, kind, ts[cursor.row]!, columns[0]![cursor.row]!, columns[1]?.[cursor.row] ?? NaN);
        cursor.row++;
        settle(cursor);
      }
    present.fill(null);
    for (const cursor of bars) {
      if (cursor.at !== now) continue;
      const { symbol, ts, columns } = cursor.chunks[cursor.chunk]!;
      const [open, high, low, close, volume] = columns;
      const { row } = cursor;
      present[cursor.symbol] = {
        symbol,
        timeframe,
        openTime: ts[row]!,
        ts: ts[row]! + length,
        open: open![row]!,
        high: high![row]!,
        low: low![row]!,
        close: close![row]!,
        volume: volume![row]!,
      };
      cursor.row++;
      settle(cursor);
    }
    visit(now, present, futures);
  }
};
