import type { Symbol } from '../../market/instrument.js';
import type { LiveClock } from '../live-clock.js';
import type { MarketMessage, VenueHistory } from '../venue-transport.js';
import type { FeedConfig } from './feed-config.js';
import type { FeedCounters } from './feed-counters.js';
import { FeedStopped, type HistoryDesk } from './history-desk.js';
import type { RowBuffer } from './row-buffer.js';

type TradeMessage = Extract<MarketMessage, { kind: 'trade' }>;
type TradeRow = readonly [ts: number, price: number, quantity: number, side: number, id: string];

/** Public trades of one symbol, each once. */
export interface TradeTape {
  /** False for a trade that was taken before. */
  receive(trade: TradeMessage): boolean;
  /** The stream was away: trades since the last one are asked for, and those that come meanwhile wait behind them. */
  backfill(): Promise<void>;
}

/** Ids that are kept to recognise a trade that is said again. */
const REMEMBERED = 65_536;
/** Pages that a back-fill follows at the most: after hours away the tape goes on from now, and the gap is said. */
const PAGES = 20;

const BUY = 0;
const SELL = 1;

/**
 * A trade is known by its id; without one it cannot be told from a second one like it, and is taken. When the consumer is so slow that the bound is reached, trades of one side are added up at the latest price:
 * the volume stays right, the number of prints does not.
 */
export const tradeTape = ({
  symbol,
  clock,
  config,
  history,
  desk,
  rows,
  counters,
  gap,
  asked,
}: {
  readonly symbol: Symbol;
  readonly clock: LiveClock;
  readonly config: FeedConfig;
  readonly history: VenueHistory;
  readonly desk: HistoryDesk;
  readonly rows: RowBuffer;
  readonly counters: FeedCounters;
  readonly gap: (from: number, to: number, recovered: number, code: string) => void;
  readonly asked: (rows: readonly TradeRow[]) => void;
}): TradeTape => {
  const seen = new Set<string>();
  const ring: string[] = [];
  let at = 0;
  let lastTs = NaN;
  let isFilling = false;
  let isRefilling = false;
  let held: TradeMessage[] = [];
  /** Rows that sum up what found no room, by side; −1 for none. */
  const summed = Int32Array.of(-1, -1);

  const isNew = (id: string): boolean => {
    if (id === '') return true;
    if (seen.has(id)) return false;
    const old = ring[at];
    if (old !== undefined) seen.delete(old);
    ring[at] = id;
    at = (at + 1) % REMEMBERED;
    seen.add(id);
    return true;
  };
  const push = (ts: number, price: number, quantity: number, side: number): void => {
    if (!(ts <= lastTs)) lastTs = ts;
    if (rows.rows < config.pendingRows) summed.fill(-1);
    else {
      counters.conflated++;
      const k = side > 0 ? BUY : SELL;
      const row = summed[k]!;
      if (row >= 0 && row < rows.rows) {
        rows.set(0, row, price);
        rows.set(1, row, rows.get(1, row) + quantity);
        return;
      }
      summed[k] = rows.rows;
    }
    const row = rows.push(ts);
    rows.set(0, row, price);
    rows.set(1, row, quantity);
    rows.set(2, row, side);
  };

  const backfill = async (): Promise<void> => {
    if (isFilling) {
      isRefilling = true;
      return;
    }
    if (Number.isNaN(lastTs)) return;
    isFilling = true;
    const from = lastTs;
    let recovered = 0;
    let code = 'back-filled';
    try {
      let cursor = from;
      for (let pages = 0; ; pages++) {
        if (pages === PAGES) {
          code = 'back-fill-cut';
          break;
        }
        const start = cursor;
        const page = await desk.ask(() => history.trades(symbol, start, config.pageRows));
        asked(page);
        for (const [ts, price, quantity, side, id] of page) {
          const isSound =
            price > 0 && price < Infinity && quantity > 0 && quantity < Infinity && Math.abs(side) === 1 && Number.isFinite(ts);
          // Without an id only what is later than the last one is surely new.
          if (
            !isSound ||
            ts > clock.market() + config.futureMs + config.wallSlackMs * clock.speed ||
            (id === '' && ts <= from) ||
            !isNew(id)
          )
            continue;
          recovered++;
          push(ts, price, quantity, side);
        }
        const last = page.at(-1)?.[0] ?? NaN;
        if (page.length < config.pageRows || !(last > cursor)) break;
        cursor = last;
      }
    } catch (error) {
      if (error instanceof FeedStopped) return;
      code = 'back-fill-refused';
    } finally {
      isFilling = false;
    }
    const waiting = held;
    held = [];
    for (const trade of waiting) {
      if (isNew(trade.id)) push(trade.ts, trade.price, trade.quantity, trade.side);
      else counters.duplicates++;
    }
    if (recovered > 0 || code !== 'back-filled') {
      counters.gaps++;
      counters.recovered += recovered;
      gap(from, lastTs, recovered, code);
    }
    if (isRefilling) {
      isRefilling = false;
      await backfill();
    }
  };

  return {
    receive: trade => {
      if (!isFilling) {
        if (!isNew(trade.id)) {
          counters.duplicates++;
          return false;
        }
        push(trade.ts, trade.price, trade.quantity, trade.side);
        return true;
      }
      // Taken when the ones before it are: if those include it, it is known by then.
      if (held.length < config.pendingRows) held.push(trade);
      else counters.conflated++;
      return !seen.has(trade.id);
    },
    backfill,
  };
};
