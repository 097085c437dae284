import { HeldRows, messageEnd, type BookRows } from './book-rows.js';
import { OrderBook } from './order-book.js';
import type { Units } from './units.js';

/**
 * How updates of a venue follow each other.
 *
 * - `linked`: each names the last id of the one before (Binance futures, `pu`).
 * - `consecutive`: each starts at the id after the last one (Binance spot, `U` and `u`).
 * - `rising`: one id a message, which only rises (Bybit).
 * - `none`: no ids; nothing can be checked.
 */
type BookSequence = 'linked' | 'consecutive' | 'rising' | 'none';

/** Why a book may not be believed. */
type BookFaultCode = 'no-snapshot' | 'gap' | 'crossed' | 'negative' | 'bad-level' | 'off-grid' | 'stale';

export interface BookFault {
  readonly code: BookFaultCode;
  readonly ts: number;
  /** What happened, in one sentence. */
  readonly text: string;
}

export interface BookFeedOptions {
  /** Told from the ids of the first update where it is not given. */
  readonly sequence?: BookSequence;
  /** Milliseconds without an update after which the book is no longer believed; Infinity by default, as some books are quiet for long. */
  readonly staleMs?: number;
  /** Rows of updates that are kept while there is no snapshot yet; 65,536 by default. */
  readonly heldRows?: number;
}

/** Faults that are kept one by one; beyond, they are only counted. */
const NOTED_FAULTS = 100;

const APPLIED = 0;
const SKIPPED = 1;
const SNAPSHOTS = 2;
const BREAKS = 3;
const LAST_ID = 4;
const LAST_TS = 5;

/**
 * A book kept from a venue's snapshots and updates, message by message, with the venue's own sequence rules (Binance "How to manage a local order book correctly", Bybit v5 "Orderbook"). A message
 * that does not follow on the one before, a bid at or above an ask, a size below zero: from there on the book is empty and not `valid`, until the next snapshot. Updates that came before their
 * snapshot are kept and applied after it, those that the snapshot holds already are skipped.
 */
export class BookFeed {
  readonly book = new OrderBook();
  readonly #held: HeldRows;
  readonly #staleMs: number;
  #sequence: BookSequence | undefined;
  #valid = false;
  #afterSnapshot = false;
  #fault: BookFault | null = null;
  readonly #faults: BookFault[] = [];
  readonly #state = Float64Array.of(0, 0, 0, 0, NaN, NaN);

  constructor(
    private readonly units: Units,
    { sequence, staleMs = Infinity, heldRows = 65_536 }: BookFeedOptions = {},
  ) {
    this.#sequence = sequence;
    this.#staleMs = staleMs;
    this.#held = new HeldRows(heldRows);
  }

  /** Whether the book is the venue's, as far as the data can tell. */
  get valid(): boolean {
    return this.#valid;
  }

  /** Why the book is not valid; null while it is, and before the first message. */
  get fault(): BookFault | null {
    return this.#fault;
  }

  /** The first hundred faults, in order. */
  get faults(): readonly BookFault[] {
    return this.#faults;
  }

  /** Updates applied, those that came after a snapshot and are in it or repeat an earlier one, snapshots applied, and times that the book became invalid. */
  get counts(): { readonly applied: number; readonly skipped: number; readonly snapshots: number; readonly breaks: number } {
    const state = this.#state;
    return { applied: state[APPLIED]!, skipped: state[SKIPPED]!, snapshots: state[SNAPSHOTS]!, breaks: state[BREAKS]! };
  }

  /** Id of the last message in the book, NaN where there is none. */
  get lastId(): number {
    return this.#state[LAST_ID]!;
  }

  /** Time of the last message that was applied, NaN before the first. */
  get lastTs(): number {
    return this.#state[LAST_TS]!;
  }

  /** Applies the message that starts at `row` and gives how many rows it has. A message must not be split over two chunks. */
  apply(rows: BookRows, row: number): number {
    const end = messageEnd(rows, row);
    this.expire(rows.ts[row]!);
    if (rows.columns[3]![row] === 1) this.#snapshot(rows, row, end);
    else {
      if (this.#valid) this.#update(rows, row, end);
      else if (this.#fault === null)
        this.#fail('no-snapshot', rows.ts[row]!, 'The recording starts with updates: there is no snapshot yet.');
      if (!this.#valid) this.#held.keep(rows, row, end);
    }
    return end - row;
  }

  /** Stops believing a book whose last update is longer ago than `staleMs`. */
  expire(now: number): void {
    if (this.#valid && now - this.#state[LAST_TS]! > this.#staleMs)
      this.#fail('stale', now, `Nothing came for ${now - this.#state[LAST_TS]!} ms, more than the ${this.#staleMs} ms allowed.`);
  }

  #fail(code: BookFaultCode, ts: number, text: string): void {
    this.#valid = false;
    this.book.clear();
    this.#fault = { code, ts, text };
    if (this.#faults.length < NOTED_FAULTS) this.#faults.push(this.#fault);
    if (code !== 'no-snapshot') this.#state[BREAKS]!++;
  }

  #snapshot(rows: BookRows, row: number, end: number): void {
    const state = this.#state;
    const id = rows.columns[5]![row]!;
    const held = this.#held;
    if (this.#sequence === undefined && held.rows > 0) this.#sequence = sequenceOf(held, 0);
    const inOrder = this.#sequence !== 'linked' && this.#sequence !== 'consecutive';
    // A snapshot that was asked for arrives late: the updates are past it already, and they link up.
    if (this.#valid && !inOrder && id < state[LAST_ID]!) {
      state[SKIPPED]!++;
      return;
    }
    this.book.clear();
    this.#valid = true;
    this.#fault = null;
    this.#afterSnapshot = true;
    state[LAST_ID] = id;
    state[SNAPSHOTS]!++;
    this.#levels(rows, row, end);
    // Where the venue sends snapshots in the stream itself, what came before is in them.
    if (!inOrder)
      for (let at = 0; at < held.rows && this.#valid;) {
        const next = messageEnd(held, at);
        this.#update(held, at, next);
        at = next;
      }
    if (this.#valid || inOrder) held.rows = 0;
  }

  #update(rows: BookRows, row: number, end: number): void {
    const state = this.#state;
    this.#sequence ??= sequenceOf(rows, row);
    if (this.#sequence !== 'none') {
      const firstId = rows.columns[4]![row]!;
      const id = rows.columns[5]![row]!;
      const last = state[LAST_ID]!;
      // With links, the update that ends at the snapshot's own id may be applied again; without it the next one would not link up.
      const known = this.#afterSnapshot && this.#sequence === 'linked' ? id < last : id <= last;
      if (known && (this.#sequence !== 'rising' || id === last || this.#afterSnapshot)) {
        state[SKIPPED]!++;
        return;
      }
      if (!Number.isNaN(last) && !this.#follows(rows, row, last)) {
        this.#fail(
          'gap',
          rows.ts[row]!,
          `Update ${Number.isNaN(firstId) ? id : `${firstId} to ${id}`} does not follow on ${last}: updates are missing.`,
        );
        return;
      }
      state[LAST_ID] = id;
    }
    this.#afterSnapshot = false;
    state[APPLIED]!++;
    this.#levels(rows, row, end);
  }

  /** Whether an update that the book has not seen follows on id `last`. */
  #follows({ columns }: BookRows, row: number, last: number): boolean {
    const firstId = columns[4]![row]!;
    const previousId = columns[6]![row]!;
    switch (this.#sequence) {
      case 'linked':
        // The first one after a snapshot straddles it.
        return this.#afterSnapshot ? firstId <= last || previousId <= last : previousId === last;
      case 'consecutive':
        return this.#afterSnapshot ? firstId <= last + 1 : firstId === last + 1;
      default:
        return columns[5]![row]! > last;
    }
  }

  #levels(rows: BookRows, row: number, end: number): void {
    const { units, book } = this;
    const sides = rows.columns[0]!;
    const prices = rows.columns[1]!;
    const quantities = rows.columns[2]!;
    if (!(rows.ts[row]! <= this.#state[LAST_TS]!)) this.#state[LAST_TS] = rows.ts[row]!;
    for (let i = row; i < end; i++) {
      const side = sides[i]!;
      const price = prices[i]!;
      const quantity = quantities[i]!;
      if (!(quantity >= 0) || !(price > 0) || price === Infinity || quantity === Infinity || (side !== 1 && side !== -1))
        return this.#fail(
          quantity < 0 ? 'negative' : 'bad-level',
          rows.ts[i]!,
          `A level of ${quantity} at ${price} on side ${side} cannot be.`,
        );
      const exact = price / units.tickSize;
      const ticks = Math.round(exact);
      if (Math.abs(exact - ticks) > 1e-3 || ticks === 0)
        return this.#fail(
          'off-grid',
          rows.ts[i]!,
          `The price ${price} is not a multiple of the tick ${units.tickSize}: the instrument's tick is wrong.`,
        );
      book.set(side, ticks, quantity === 0 ? 0 : units.lots(quantity));
    }
    if (book.bestBid >= book.bestAsk)
      this.#fail(
        'crossed',
        rows.ts[row]!,
        `The best bid, ${units.price(book.bestBid)}, is not below the best ask, ${units.price(book.bestAsk)}.`,
      );
  }
}

/** The rule of an update, by the ids it has. */
const sequenceOf = ({ columns }: BookRows, row: number): BookSequence => {
  if (!Number.isNaN(columns[6]![row]!)) return 'linked';
  if (!Number.isNaN(columns[4]![row]!)) return 'consecutive';
  return Number.isNaN(columns[5]![row]!) ? 'none' : 'rising';
};
