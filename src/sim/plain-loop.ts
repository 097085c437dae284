import type { Bar } from '../events/market.js';
import type { Symbol } from '../market/instrument.js';
import type { Timeframe } from '../market/timeframe.js';
import type { Context } from '../strategies/strategy.js';
import type { TargetIntent } from '../strategies/intent.js';
import type { PlainBoard } from './plain-board.js';
import { unusual } from './plain-unusual.js';

/** Who is asked about each bar: a strategy of the `decide` form is one. What it says is acted on before the next bar; anything but a target or nothing gives the run up. */
export interface Decider {
  decide(bar: Bar, indicators: never, context: Context<never, never>): unknown;
}

/** An indicator on its way to the object that the decider is given. */
export interface PlainIndicator {
  readonly name: string;
  /** Row × outputs + output. */
  readonly column: Float64Array;
  /** Names of its outputs; null for a single number. */
  readonly outputs: readonly string[] | null;
}

/** What is not the same on every bar. */
export interface PlainEvents {
  /** Funding is due by `now`, on the bar that closes then. Returns when it is due next. */
  settle(now: number, close: number): number;
  /** The decider wants another exposure. */
  aim(exposure: number, reason: string, row: number, now: number): void;
  /** The bar of this row is over and the board says that something is due. */
  after(row: number, now: number): void;
}

/** What is played. */
export interface PlainStretch {
  readonly decider: Decider;
  readonly context: unknown;
  readonly events: PlainEvents;
  readonly board: PlainBoard;
  /** Where the decider reads the time. */
  readonly clock: Float64Array;
  /** The last close, quote currency. */
  readonly last: Float64Array;
  /** The object that the decider is given, filled anew for each bar. */
  readonly values: Record<string, unknown>;
  readonly indicators: readonly PlainIndicator[];
  readonly symbol: Symbol;
  readonly timeframe: Timeframe;
  readonly barMs: number;
  readonly inverse: boolean;
  /** Opens and columns of the bars. */
  readonly ts: Float64Array;
  readonly columns: readonly Float64Array[];
  /** Rows are played from 0 to `rows`, asked about from `asked` on, on the curve from `curve` on; neither from `end` on. */
  readonly rows: number;
  readonly asked: number;
  readonly curve: number;
  readonly end: number;
  /** Equity, exposure and gross exposure by point of the curve. */
  readonly equity: Float64Array;
  readonly exposure: Float64Array;
  readonly gross: Float64Array;
  readonly nextFunding: number;
}

/** Takes a stretch; what it returns plays some ten thousand bars of it at each call, and says whether any are left. */
export type PlayBars = (stretch: PlainStretch) => () => boolean;

/** A stretch as the loop keeps it between two blocks. */
interface Playing extends PlainStretch {
  /** How many of the indicators are single numbers before the first that is several, four at most. */
  readonly singles: number;
  nextFunding: number;
}

/** Bars played at once. A loop that is left and entered again is compiled whole, as one that runs on for a hundred thousand bars is not; its beginning costs nothing over so many bars. */
const BLOCK = 1 << 10;
/** Blocks a call. */
const BLOCKS = 32;

const NONE = new Float64Array(0);

/** Each output at a place of its own, which then meets one name only. */
const several = (outputs: readonly string[], column: Float64Array, row: number): Record<string, number> => {
  const n = outputs.length;
  const at = row * n;
  const group: Record<string, number> = {};
  if (n > 0) group[outputs[0] as string] = column[at] as number;
  if (n > 1) group[outputs[1] as string] = column[at + 1] as number;
  if (n > 2) group[outputs[2] as string] = column[at + 2] as number;
  if (n > 3) group[outputs[3] as string] = column[at + 3] as number;
  for (let j = 4; j < n; j++) group[outputs[j] as string] = column[at + j] as number;
  return group;
};

const fill = (values: Record<string, unknown>, { name, column, outputs }: PlainIndicator, row: number): void => {
  values[name] = outputs === null ? column[row] : several(outputs, column, row);
};

/**
 * The bars of a plain run. What a strategy does on a bar is a few nanoseconds of arithmetic, so that everything around it counts: the bar is a literal right in the call, which the compiler does away with where it
 * sees into `decide`, numbers stay in local variables until something happens, and indicators each have a place of their own.
 *
 * This module is loaded once for each strategy (`ownLoop`): a loop that has met several calls them all as it would a stranger.
 */
export const playBars: PlayBars = stretch => {
  const { indicators, rows } = stretch;
  const group = indicators.findIndex(({ outputs }) => outputs !== null);
  const playing: Playing = { ...stretch, singles: Math.min(4, group < 0 ? indicators.length : group) };
  let first = 0;
  return () => {
    const beyond = Math.min(rows, first + BLOCKS * BLOCK);
    for (; first < beyond; first += BLOCK) playBlock(playing, first, Math.min(rows, first + BLOCK));
    return first < rows;
  };
};

const playBlock = (playing: Playing, first: number, beyond: number): void => {
  const { decider, context, events, board, clock, last, values, indicators, singles, symbol, timeframe, barMs, inverse, ts } = playing;
  const { asked, curve, end, equity: equities, exposure: exposures, gross: grosses } = playing;
  const opens = playing.columns[0] as Float64Array;
  const highs = playing.columns[1] as Float64Array;
  const lows = playing.columns[2] as Float64Array;
  const closes = playing.columns[3] as Float64Array;
  const volumes = playing.columns[4] as Float64Array;
  const name0 = indicators[0]?.name ?? '';
  const name1 = indicators[1]?.name ?? '';
  const name2 = indicators[2]?.name ?? '';
  const name3 = indicators[3]?.name ?? '';
  const column0 = indicators[0]?.column ?? NONE;
  const column1 = indicators[1]?.column ?? NONE;
  const column2 = indicators[2]?.column ?? NONE;
  const column3 = indicators[3]?.column ?? NONE;
  const count = indicators.length;
  const asking = decider as { decide(bar: Bar, values: unknown, context: unknown): TargetIntent | null | undefined };
  let { cash, cost, quantity, isFlat, target, below, above } = board;
  let { nextFunding } = playing;
  for (let row = first; row < beyond; row++) {
    const openTime = ts[row] as number;
    const now = openTime + barMs;
    const high = highs[row] as number;
    const low = lows[row] as number;
    const close = closes[row] as number;
    if (!(low > below) || !(high < above)) unusual();
    if (nextFunding <= now) nextFunding = events.settle(now, close);
    clock[0] = now;
    last[0] = close;
    if (row >= asked && row < end) {
      if (singles > 0) values[name0] = column0[row];
      if (singles > 1) values[name1] = column1[row];
      if (singles > 2) values[name2] = column2[row];
      if (singles > 3) values[name3] = column3[row];
      for (let k = singles; k < count; k++) fill(values, indicators[k] as PlainIndicator, row);
      const decision = asking.decide(
        { symbol, timeframe, openTime, ts: now, open: opens[row] as number, high, low, close, volume: volumes[row] as number },
        values,
        context,
      );
      if (decision !== undefined) {
        if (decision === null || decision.intent !== 'target' || decision.symbol !== symbol) return unusual();
        const { exposure } = decision;
        if (exposure !== target || (exposure === 0 && !isFlat)) {
          events.aim(exposure, decision.reason, row, now);
          target = board.target;
        }
      }
    }
    if (row >= curve && row < end) {
      const point = row - curve;
      if (isFlat) {
        equities[point] = cash;
        exposures[point] = 0;
        grosses[point] = 0;
      } else {
        // `Engine._mark`, of one position.
        const notional = inverse ? quantity / close : quantity * close;
        const equity = cash + ((inverse ? -notional : notional) - cost);
        const net = notional / equity;
        equities[point] = equity;
        exposures[point] = net;
        grosses[point] = notional < 0 ? -net : net;
      }
    }
    if (board.isDue) {
      events.after(row, now);
      ({ cash, cost, quantity, isFlat, below, above } = board);
    }
  }
  playing.nextFunding = nextFunding;
};
