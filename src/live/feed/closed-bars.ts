import type { Symbol } from '../../market/instrument.js';
import { timeframeMs, type Timeframe } from '../../market/timeframe.js';
import type { LiveClock } from '../live-clock.js';
import type { MarketMessage, VenueHistory } from '../venue-transport.js';
import type { FeedConfig } from './feed-config.js';
import type { FeedCounters } from './feed-counters.js';
import type { FeedTimers } from './feed-timers.js';
import { FeedStopped, type HistoryDesk } from './history-desk.js';
import { believedHistory, showBar, type BarRow } from './believed-history.js';
import { allPages } from './history-pages.js';
import type { PriceGuard } from './price-guard.js';

type BarMessage = Extract<MarketMessage, { kind: 'bar' }>;

/** Closed bars of one symbol and timeframe, in order, each once. `null` stands for a bar that the venue does not have. */
export interface ClosedBars {
  readonly symbol: Symbol;
  readonly timeframe: Timeframe;
  readonly length: number;
  /** Open time of the next bar to give; NaN before it is known where to begin. */
  readonly next: number;
  /** Whether the next bar (or the fact that there is none) is at hand. */
  readonly ready: boolean;
  /** Takes the next bar. */
  take(): BarRow | null;
  /** Begins with the bar that opens at `openTime`: what is missing from there on is asked for. */
  beginAt(openTime: number): void;
  /** Resolves when every bar that has closed by now is at hand. */
  caughtUp(): Promise<void>;
  receive(bar: BarMessage): void;
  /** The stream was away: ask for what it did not tell. */
  check(): void;
}

/** What it says while it works. */
export interface ClosedBarsWords {
  readonly gap: (from: number, to: number, recovered: number, code: string) => void;
  readonly quarantine: (code: string, text: string) => void;
  /** The next bar is at hand. */
  readonly ready: () => void;
  /** Every row of history that was received. */
  readonly asked: (rows: readonly BarRow[]) => void;
}

interface Setup {
  readonly symbol: Symbol;
  readonly timeframe: Timeframe;
  readonly clock: LiveClock;
  readonly timers: FeedTimers;
  readonly config: FeedConfig;
  readonly history: VenueHistory;
  readonly desk: HistoryDesk;
  readonly guard: PriceGuard;
  readonly counters: FeedCounters;
  readonly words: ClosedBarsWords;
}

const same = (a: BarRow, b: BarRow): boolean => a.every((value, i) => value === b[i] || (Number.isNaN(value) && Number.isNaN(b[i])));

/** Bars that were given and are kept to recognise a second, different word about them. */
const REMEMBERED = 256;

/**
 * A bar is given when the stream calls it closed, or when history has it and it surely is: a later bar has begun, or its close has passed by the grace. So a venue that flags nothing, a flag that was lost and
 * a stream that was away are one case. A bar that is missing is asked for before any later one is given; after `absentAfter` answers without it the venue has none, and the gap stays a gap. A second word on a
 * bar that was given changes nothing and is said.
 */
export const closedBars = ({ symbol, timeframe, clock, timers, config, history, desk, guard, counters, words }: Setup): ClosedBars => {
  const length = timeframeMs(timeframe);
  const hand = new Map<number, BarRow | null>();
  const given = new Map<number, BarRow | null>();
  /** Opens of running bars that the stream showed. */
  const shown = new Set<number>();
  let waiters: { readonly resolve: () => void; readonly reject: (reason: Error) => void }[] = [];
  let next = NaN;
  /** The newest bar that has begun for sure. */
  let latest = -Infinity;
  let flags = false;
  /** Bars that closed before this are history that was asked for, not a gap. */
  let begunAt = -Infinity;
  /** Bars that closed by then have had their grace in wall time: a market that stands gives none in its own. */
  let graced = -Infinity;
  let isFilling = false;
  let cancelClose: () => void = () => undefined;

  const slack = (): number => config.wallSlackMs * clock.speed;
  const grace = (): number => Math.max(config.graceMs, slack());
  /** Whether a bar that opens then has closed for sure. */
  const isOver = (openTime: number): boolean =>
    openTime < latest || openTime + length <= graced || clock.market() >= openTime + length + grace();
  /** Whether it is time to ask for it. */
  const isDue = (openTime: number): boolean => openTime + length <= begunAt || isOver(openTime);
  const missing = (): { readonly from: number; readonly to: number } | null => {
    if (Number.isNaN(next)) return null;
    let from = next;
    while (hand.has(from)) from += length;
    if (!isDue(from)) return null;
    let to = from;
    while (isDue(to + length) && !hand.has(to + length)) to += length;
    return { from, to };
  };

  const announce = (): void => {
    if (hand.has(next)) words.ready();
    if (missing() !== null) return;
    const woken = waiters;
    waiters = [];
    for (const { resolve } of woken) resolve();
  };

  const keep = (row: BarRow, source: 'stream' | 'history'): boolean => {
    const [openTime] = row;
    const before = openTime < next ? given.get(openTime) : hand.get(openTime);
    if (openTime < next && !before) {
      if (before === null)
        words.quarantine(
          'late-bar',
          `The bar ${timeframe} of ${openTime}, which the venue did not have, came after the next one was given.`,
        );
      return false;
    }
    if (before) {
      if (source === 'stream') counters.duplicates++;
      if (!same(before, row))
        words.quarantine(
          openTime < next ? 'revised-bar' : 'sources-differ',
          `The bar ${timeframe} that opened ${openTime} was ${showBar(before)}; ${source} now says ${showBar(row)}. The first one counts.`,
        );
      return false;
    }
    hand.set(openTime, row);
    return true;
  };

  const watchClose = (): void => {
    cancelClose();
    if (Number.isNaN(next)) return;
    let first = next;
    while (hand.has(first)) first += length;
    const close = first + length;
    const cancelMarket = timers.at(close + grace(), () => void fill());
    let cancelWall = timers.at(close, () => {
      const reached = clock.market();
      cancelWall = timers.after(Math.max(config.graceMs / clock.speed, config.wallSlackMs), () => {
        graced = Math.max(graced, reached);
        void fill();
      });
    });
    cancelClose = () => {
      cancelMarket();
      cancelWall();
    };
  };

  /** Close of the bar before, NaN where there is none. */
  const before = (openTime: number): number => (hand.get(openTime - length) ?? given.get(openTime - length))?.[4] ?? NaN;
  const believed = believedHistory({ symbol, timeframe, config, history, desk, guard, quarantine: words.quarantine });

  const askFor = async (from: number, to: number): Promise<{ readonly rows: readonly BarRow[]; readonly through: number }> => {
    const rows = await allPages<BarRow>({
      from,
      // One more shows whether the last one is over.
      to: to + length,
      step: length,
      limit: config.pageRows,
      page: (a, b, limit) => desk.ask(() => history.bars(symbol, timeframe, a, b, limit)),
    });
    const begun = rows.filter(([openTime]) => openTime <= clock.market() + slack());
    latest = begun.reduce((most, [openTime]) => Math.max(most, openTime), latest);
    const through = begun.at(-1)?.[0] ?? -Infinity;
    return { rows: (await believed(begun, before(begun[0]?.[0] ?? NaN))).filter(([openTime]) => isOver(openTime)), through };
  };

  /** What was missing and now is at hand, in stretches of one outcome. */
  const report = (from: number, to: number, recovered: number, wasShown: boolean): void => {
    if (to + length <= begunAt) return;
    counters.recovered += recovered;
    // On a venue that flags nothing every bar is asked for: no gap as long as the stream showed it.
    if (!flags && wasShown) return;
    counters.gaps++;
    words.gap(from, to + length, recovered, 'back-filled');
  };

  const fill = async (): Promise<void> => {
    if (isFilling || timers.stopped) return;
    isFilling = true;
    let fruitless = 0;
    let pause = config.retryMs;
    try {
      for (let hole = missing(); hole !== null; hole = missing()) {
        const { from, to } = hole;
        // Without the defence what did not come is taken for what was not there.
        if (!config.defences.backfillBars && from + length > begunAt) {
          for (let openTime = from; openTime <= to; openTime += length) hand.set(openTime, null);
          announce();
          continue;
        }
        const { rows, through } = await askFor(from, to);
        words.asked(rows);
        let recovered = 0;
        let wasShown = true;
        for (const row of rows) {
          if (row[0] > to || !keep(row, 'history')) continue;
          recovered++;
          wasShown &&= shown.has(row[0]);
        }
        if (recovered > 0) {
          fruitless = 0;
          pause = config.retryMs;
          report(from, to, recovered, wasShown);
          announce();
          continue;
        }
        if (hand.has(from)) continue;
        // An empty answer says nothing: only one that goes past the hole shows that the venue has no such bar.
        if (through > from) fruitless++;
        if (fruitless < config.absentAfter) {
          const wait = pause;
          pause = Math.min(config.retryMostMs, pause * 2);
          await new Promise<void>(resolve => timers.after(wait, resolve));
          continue;
        }
        fruitless = 0;
        const end = Math.min(to, through - length);
        for (let openTime = from; openTime <= end; openTime += length) if (!hand.has(openTime)) hand.set(openTime, null);
        counters.gaps++;
        words.gap(from, end + length, 0, 'no-such-bar');
        announce();
      }
    } catch (error) {
      if (error instanceof FeedStopped) return;
      // A refusal with authority: the bars stay missing, the line stays behind and is not tradable; asked again with the next close.
      words.quarantine(
        'history-refused',
        `Bars ${timeframe} could not be asked for: ${error instanceof Error ? error.message : String(error)}.`,
      );
      const refused = waiters;
      waiters = [];
      for (const { reject } of refused) reject(error instanceof Error ? error : new Error(String(error)));
      timers.after(config.retryMostMs, () => void fill());
      return;
    } finally {
      isFilling = false;
    }
    watchClose();
    announce();
  };

  return {
    symbol,
    timeframe,
    length,
    get next() {
      return next;
    },
    get ready() {
      return hand.has(next);
    },
    take: () => {
      const row = hand.get(next);
      if (row === undefined) throw new RangeError(`no bar ${timeframe} of ${symbol} is at hand`);
      hand.delete(next);
      shown.delete(next);
      given.set(next, row);
      if (given.size > REMEMBERED) given.delete(given.keys().next().value ?? NaN);
      if (row !== null) counters.bars++;
      next += length;
      watchClose();
      return row;
    },
    beginAt: openTime => {
      next = openTime;
      begunAt = clock.market();
      hand.forEach((_, openTime) => {
        if (openTime < next) hand.delete(openTime);
      });
      watchClose();
      void fill();
    },
    caughtUp: () =>
      new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        announce();
      }),
    receive: bar => {
      const { openTime } = bar;
      if (bar.closed) flags = true;
      latest = Math.max(latest, openTime);
      if (bar.closed) keep([openTime, bar.open, bar.high, bar.low, bar.close, bar.volume], 'stream');
      else if (!(openTime < next)) shown.add(openTime);
      if (Number.isNaN(next)) return;
      if (hand.has(next)) {
        watchClose();
        announce();
      }
      // Where the venue flags, the flag of the bar before may still be on its way: the timer of its close asks.
      if (!flags && missing() !== null) void fill();
    },
    check: () => {
      if (missing() !== null) void fill();
    },
  };
};
