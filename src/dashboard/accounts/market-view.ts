import type { BarColumns, FillView, MarketView } from '../api/accounts-api.js';
import type { MarketTick } from '../api/stream.js';
import type { AccountFollower } from './account-follower.js';
import type { CapturedBars, CapturedSymbol } from './captured-market.js';

const LEVELS = 20;
/** Fills of a chart. */
const FILLS = 1_000;
/** Bars of a tick: the open one, and those that may just have been completed. */
const TICK_BARS = 3;

const maybe = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);

const newest = (bars: CapturedBars | undefined, most: number): BarColumns => {
  const cut = (column: readonly number[] | undefined): number[] => (column ?? []).slice(-most);
  return {
    ts: cut(bars?.ts),
    open: cut(bars?.open),
    high: cut(bars?.high),
    low: cut(bars?.low),
    close: cut(bars?.close),
    volume: cut(bars?.volume).map(value => (Number.isFinite(value) ? value : 0)),
  };
};

/** The symbol that is meant: the one that was named, else the session's first. */
const symbolOf = ({ begunWith, capture }: AccountFollower, wanted: string | null): string =>
  wanted ?? begunWith.symbols[0] ?? capture.market.symbols[0] ?? '';

const noticeOf = ({ capture }: AccountFollower, kept: CapturedSymbol | null, symbol: string): string | null => {
  if (!capture.exists) return 'This account keeps no capture (--no-capture), so that there is no market to show.';
  return kept === null ? `Nothing has been received of ${symbol} yet.` : null;
};

/** A symbol's market as the session received it, without its history. */
export const marketTick = (follower: AccountFollower, wanted: string | null, bars = TICK_BARS): MarketTick => {
  const symbol = symbolOf(follower, wanted);
  const { market } = follower.capture;
  const kept = market.of(symbol);
  const timeframe = follower.begunWith.timeframe ?? [...(kept?.bars.keys() ?? [])][0] ?? '';
  return {
    symbol,
    timeframe,
    synthetic: market.synthetic,
    notice: noticeOf(follower, kept, symbol),
    bars: newest(kept?.bars.get(timeframe), bars),
    last: maybe(kept?.last),
    bid: maybe(kept?.bid),
    ask: maybe(kept?.ask),
    mark: maybe(kept?.mark),
    index: maybe(kept?.index),
    fundingRate: maybe(kept?.fundingRate),
    nextFundingAt: maybe(kept?.nextFundingAt),
    at: maybe(kept?.at),
    book: kept?.book(LEVELS) ?? null,
  };
};

/** The same with bars, own fills and settled funding rates. */
export const marketView = (follower: AccountFollower, wanted: string | null, bars: number): MarketView => {
  const tick = marketTick(follower, wanted, bars);
  const from = tick.bars.ts[0] ?? -Infinity;
  const fills: FillView[] = follower.record.fills.filter(({ symbol, ts }) => symbol === tick.symbol && ts >= from).slice(-FILLS);
  return { ...tick, fills, funding: [...(follower.capture.market.of(tick.symbol)?.funding ?? [])] };
};
