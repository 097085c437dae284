import { KIND_COLUMNS, type Chunk } from '../../events/market.js';
import type { CancelTimer } from '../live-clock.js';
import type { FeedTimers } from './feed-timers.js';
import type { BarRow } from './believed-history.js';
import type { ClosedBars } from './closed-bars.js';

/** Bars of the instants that are complete, as chunks by series. */
export interface Slices {
  readonly chunks: readonly Chunk[];
  /** Close of the last instant; −Infinity when there is none. */
  readonly closed: number;
  /** Bars of symbols that came too late for their instant. */
  readonly behind: readonly Chunk[];
}

/** Puts the bars of one instant together over all series, so that nobody sees one symbol's bar without the others'. */
export interface BarSlices {
  /** Earliest close that is not given yet, of the series that are awaited; Infinity without bars. */
  readonly nextClose: number;
  /** Takes every complete instant. Nothing may be given that closed before `played`. */
  take(played: number): Slices;
  /** A bar is at hand: its instant waits no longer than the patience from now. */
  arrived(): void;
  /** Whether a series has fallen behind the instants that were given. */
  isBehind(line: ClosedBars): boolean;
}

const chunkOf = ({ symbol, timeframe }: ClosedBars, rows: readonly BarRow[]): Chunk => ({
  kind: 'bars',
  symbol,
  timeframe,
  rows: rows.length,
  ts: Float64Array.from(rows, row => row[0]),
  columns: KIND_COLUMNS.bars.map((_, c) => Float64Array.from(rows, row => row[c + 1] ?? NaN)),
});

export const barSlices = ({
  lines,
  timers,
  patience,
  overdue,
}: {
  /** In the order of an instant. */
  readonly lines: readonly ClosedBars[];
  readonly timers: FeedTimers;
  /** How long an instant waits for bars that are not there, wall ms. */
  readonly patience: () => number;
  /** An instant has waited long enough: take again. */
  readonly overdue: () => void;
}): BarSlices => {
  let given = -Infinity;
  let floor = -Infinity;
  /** The instant whose patience runs, and the one up to which it has run out. */
  let waitingFor = NaN;
  let expired = -Infinity;
  let cancel: CancelTimer = () => undefined;
  const isPast = (close: number): boolean => close <= given || close < floor;
  const isBehind = (line: ClosedBars): boolean => isPast(line.next + line.length);
  const nextClose = (): number => {
    let least = Infinity;
    for (const line of lines) {
      const close = line.next + line.length;
      // A series that has not begun is awaited at any time: nothing may be played before it.
      if (Number.isNaN(close)) return -Infinity;
      if (!isPast(close) && close < least) least = close;
    }
    return least;
  };
  const isComplete = (close: number): boolean => lines.every(line => line.next + line.length !== close || line.ready);
  const hasSome = (close: number): boolean => lines.some(line => line.next + line.length === close && line.ready);
  const wait = (): void => {
    const close = nextClose();
    if (!Number.isFinite(close) || close === waitingFor || !hasSome(close)) return;
    cancel();
    waitingFor = close;
    cancel = timers.after(patience(), () => {
      expired = close;
      overdue();
    });
  };
  const collect = (rows: Map<ClosedBars, BarRow[]>, line: ClosedBars): void => {
    const row = line.take();
    if (row === null) return;
    const list = rows.get(line);
    if (list) list.push(row);
    else rows.set(line, [row]);
  };
  const chunks = (rows: Map<ClosedBars, BarRow[]>): Chunk[] =>
    lines.flatMap(line => (rows.has(line) ? [chunkOf(line, rows.get(line) ?? [])] : []));
  return {
    get nextClose() {
      return nextClose();
    },
    take: played => {
      floor = played;
      const late = new Map<ClosedBars, BarRow[]>();
      const rows = new Map<ClosedBars, BarRow[]>();
      for (const line of lines) while (isBehind(line) && line.ready) collect(late, line);
      for (
        let close = nextClose();
        Number.isFinite(close) && (isComplete(close) || (close <= expired && hasSome(close)));
        close = nextClose()
      ) {
        for (const line of lines) if (line.next + line.length === close && line.ready) collect(rows, line);
        given = close;
      }
      // Series that fell behind just now may have their next bars already.
      for (const line of lines) while (isBehind(line) && line.ready) collect(late, line);
      wait();
      return { chunks: chunks(rows), closed: given, behind: chunks(late) };
    },
    arrived: wait,
    isBehind,
  };
};
