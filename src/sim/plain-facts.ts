import { accountState, stateHash, STATE_EVERY, type StateMark } from '../engine/account-state.js';
import type { FundingSettled } from '../events/account.js';
import type { Fact } from '../events/fact.js';
import type { InputRange } from '../events/feed.js';
import type { Ticket } from '../events/order.js';
import { marketTicket } from '../execution/market-ticket.js';
import type { FillFigures } from '../journal/target-fingerprint.js';
import type { Symbol } from '../market/instrument.js';
import type { Account } from '../portfolio/account.js';
import { END_ORDER, orderName } from './plain-record.js';

/** What the facts of a plain run say besides what happens in it. */
export interface PlainFactsSetup {
  readonly strategy: string;
  readonly symbol: Symbol;
  /** SHA-256 of the run's manifest. */
  readonly manifest: string;
  readonly inputs: readonly InputRange[];
  /** When the run begins. */
  readonly from: number;
  /** When the strategy hears of what happened at `ts`. */
  readonly reportedAt: (ts: number) => number;
  /** The strategy's account. */
  readonly account: Account;
}

/** Kinds of rows. A target is also the order that meets it, if it takes one. */
const TARGET = 0;
const FILL = 1;
const PAYMENT = 2;
const NOTE = 3;
const END = 4;

const WIDTH = 10;

type Draft<F> = { -readonly [K in keyof F]: F[K] };

/**
 * The stream of facts of a plain run as numbers, and the states that its engine would have recorded on the way. A fact that is kept as an object costs more than everything else about it, and most runs end without anybody
 * reading one; they are made, as the engine makes them, for whoever asks.
 */
export class PlainFacts {
  readonly states: StateMark[] = [];
  /** Number of the next fact. */
  next: number;
  private readonly _s: PlainFactsSetup;
  private _rows = new Float64Array(256 * WIDTH);
  private _length = 0;
  /** Reasons and notes by row. */
  private readonly _texts: string[] = [];
  private _orders = 0;
  /** The order at work, by its id and its lots. */
  private _working: readonly [string, number] | null = null;
  /** Market time. */
  private _now = -Infinity;
  private _end: { readonly ts: number; readonly bars: number; readonly fingerprint: string } | null = null;
  private _facts: readonly Fact[] | null = null;

  constructor(setup: PlainFactsSetup) {
    this._s = setup;
    this.next = 1 + setup.inputs.length;
  }

  /** The strategy left a note. */
  noted(ts: number, text: string): void {
    const at = this._row(NOTE, ts, text);
    this._rows[at + 1] = this.next++;
    this._settled(ts);
  }

  /** The strategy set a target, and this order left for the venue, or none. */
  aimed(ts: number, exposure: number, reason: string, ticket: Ticket | null): void {
    const at = this._row(TARGET, ts, reason);
    const rows = this._rows;
    rows[at + 1] = this.next++;
    rows[at + 3] = exposure;
    rows[at + 4] = 0;
    if (ticket !== null) {
      this.next += 2;
      rows[at + 4] = ++this._orders;
      rows[at + 5] = ticket.side === 'buy' ? ticket.lots : -ticket.lots;
      rows[at + 6] = ticket.reduceOnly ? 1 : 0;
      this._working = [ticket.orderId, ticket.lots];
    }
    this._settled(ts);
  }

  /** The strategy heard that an order, by its number, filled whole; 0 is the venue's own one. */
  filled({ ts, order, buy, price, lots, fee, slippage, realised }: FillFigures): void {
    const at = this._row(FILL, ts, '');
    const rows = this._rows;
    rows[at + 1] = this.next++;
    rows[at + 3] = order;
    rows[at + 4] = buy ? lots : -lots;
    rows[at + 5] = price;
    rows[at + 6] = fee;
    rows[at + 7] = slippage;
    rows[at + 8] = realised;
    if (order !== 0) this._working = null;
    this._settled(this._s.reportedAt(ts));
  }

  /** The strategy heard of a payment of funding. */
  paid({ ts, rate, lots, markPrice, amount }: FundingSettled): void {
    const at = this._row(PAYMENT, ts, '');
    const rows = this._rows;
    rows[at + 1] = this.next++;
    rows[at + 3] = rate;
    rows[at + 4] = lots;
    rows[at + 5] = markPrice;
    rows[at + 6] = amount;
    this._settled(this._s.reportedAt(ts));
  }

  /** The venue took the order that closes what is open at the end of the data. */
  accepted(ts: number): void {
    const at = this._row(END, ts, '');
    this._rows[at + 1] = this.next++;
    this._settled(this._s.reportedAt(ts));
  }

  /** The run is over; the market's own time is then `now` at the least. */
  finished(now: number, bars: number, fingerprint: string): void {
    if (now > this._now) this._now = now;
    this._end = { ts: this._time, bars, fingerprint };
    const seq = this.next++;
    if (this.next - this._marked > STATE_EVERY || this.states.at(-1)?.seq !== seq) this._mark();
  }

  /** Every fact, in order. */
  get facts(): readonly Fact[] {
    return (this._facts ??= this._make());
  }

  private get _marked(): number {
    return this.states.at(-1)?.seq ?? -1;
  }

  /** Place of a new row. */
  private _row(kind: number, ts: number, text: string): number {
    const at = this._length++ * WIDTH;
    if (at === this._rows.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this._rows);
      this._rows = larger;
    }
    this._rows[at] = kind;
    this._rows[at + 2] = ts;
    this._texts.push(text);
    return at;
  }

  /** A fact and what followed from it are out, at this moment. */
  private _settled(now: number): void {
    if (now > this._now) this._now = now;
    if (this.next - this._marked > STATE_EVERY) this._mark();
  }

  /** Before anything has happened, the beginning of the run. */
  private get _time(): number {
    return Number.isFinite(this._now) ? this._now : this._s.from;
  }

  private _mark(): void {
    const orders = this._working === null ? [] : [this._working];
    this.states.push({ seq: this.next - 1, ts: this._time, hash: stateHash(accountState(this._s.account, orders, 'ACTIVE')) });
  }

  private _make(): Fact[] {
    const { strategy, symbol, manifest, inputs, from, reportedAt } = this._s;
    const account = 'backtest';
    const facts: Fact[] = [];
    const envelope = (seq: number, ts: number) => ({
      seq,
      version: 1,
      ts,
      knownAt: ts,
      account,
      strategy,
      correlationId: seq,
      causationId: -1,
    });
    facts.push({ type: 'RunStarted', ...envelope(0, from), manifest });
    for (const input of inputs) facts.push({ type: 'InputConsumed', ...envelope(facts.length, from), input });
    const rows = this._rows;
    // Of the last order.
    let intent = -1;
    for (let row = 0; row < this._length; row++) {
      const at = row * WIDTH;
      const seq = rows[at + 1]!;
      const ts = rows[at + 2]!;
      const text = this._texts[row]!;
      switch (rows[at]) {
        case NOTE:
          facts.push({ type: 'NoteWritten', ...envelope(seq, ts), text });
          break;
        case TARGET: {
          const order = rows[at + 4]!;
          const exposure = rows[at + 3]!;
          facts.push({
            type: 'TargetSet',
            seq,
            version: 1,
            ts,
            knownAt: ts,
            account,
            strategy,
            correlationId: seq,
            causationId: -1,
            symbol,
            exposure,
            reason: text,
          });
          if (order === 0) break;
          intent = seq;
          const lots = rows[at + 5]!;
          const orderId = orderName(order);
          facts.push({
            type: 'OrderApproved',
            seq: seq + 1,
            version: 1,
            ts,
            knownAt: ts,
            account,
            strategy,
            correlationId: seq,
            causationId: seq,
            ticket: marketTicket(orderId, symbol, lots > 0 ? 'buy' : 'sell', Math.abs(lots), rows[at + 6] === 1),
          });
          facts.push({
            type: 'OrderSubmitted',
            seq: seq + 2,
            version: 1,
            ts,
            knownAt: ts,
            account,
            strategy,
            correlationId: seq,
            causationId: seq + 1,
            orderId,
            symbol,
          });
          break;
        }
        case FILL: {
          const order = rows[at + 3]!;
          const lots = rows[at + 4]!;
          facts.push({
            type: 'OrderFilled',
            seq,
            version: 1,
            ts,
            knownAt: reportedAt(ts),
            account,
            strategy,
            correlationId: order === 0 ? seq : intent,
            causationId: order === 0 ? -1 : intent + 2,
            orderId: order === 0 ? END_ORDER : orderName(order),
            symbol,
            side: lots > 0 ? 'buy' : 'sell',
            price: rows[at + 5]!,
            lots: Math.abs(lots),
            fee: rows[at + 6]!,
            liquidity: 'taker',
            slippage: rows[at + 7]!,
            realised: rows[at + 8]!,
          });
          break;
        }
        case PAYMENT: {
          const payment: Draft<FundingSettled> = {
            ...envelope(seq, ts),
            type: 'FundingSettled',
            symbol,
            rate: rows[at + 3]!,
            lots: rows[at + 4]!,
            markPrice: rows[at + 5]!,
            amount: rows[at + 6]!,
          };
          payment.knownAt = reportedAt(ts);
          facts.push(payment);
          break;
        }
        default:
          facts.push({ ...envelope(seq, ts), knownAt: reportedAt(ts), type: 'OrderAccepted', orderId: END_ORDER, symbol });
      }
    }
    if (this._end !== null) {
      const { ts, bars, fingerprint } = this._end;
      facts.push({ type: 'RunFinished', ...envelope(this.next - 1, ts), bars, fingerprint });
    }
    return facts;
  }
}
