import type { FundingSettled } from '../events/account.js';
import type { FillFigures } from '../journal/target-fingerprint.js';
import type { Symbol } from '../market/instrument.js';
import { toMoney, type Units } from '../market/units.js';
import type { OutcomeColumns } from '../metrics/outcome-columns.js';
import type { Fill, FundingPayment } from '../portfolio/fill.js';
import { plainTrips } from './plain-trips.js';

const grown = (column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
  const larger = new Float64Array(Math.max(256, 2 * column.length));
  larger.set(column);
  return larger;
};

const empty = (): Float64Array<ArrayBuffer> => new Float64Array(0);

/** Fills and payments of a plain run by column: a search looks at their sums only, and objects are made for whoever asks for them. Money and prices are in market units. */
export class PlainRecord {
  private _fills = 0;
  private _seq = empty();
  private _ts = empty();
  /** Number of the order by approval, from 1; 0 is the venue's own at the end of the data. */
  private _order = empty();
  /** 1 for a buy, −1 for a sell. */
  private _sign = empty();
  private _price = empty();
  private _quantity = empty();
  private _traded = empty();
  private _fee = empty();
  private _slippage = empty();
  private _realised = empty();
  private readonly _reasons: string[] = [];
  private _payments = 0;
  private _paidSeq = empty();
  private _paidTs = empty();
  private _rate = empty();
  /** Lots. */
  private _held = empty();
  private _mark = empty();
  private _received = empty();

  /** Forget what was recorded, to be used for another run. */
  clear(): void {
    this._fills = 0;
    this._payments = 0;
    this._reasons.length = 0;
  }

  filled(seq: number, { ts, order, buy, price, lots, fee, slippage, realised }: FillFigures, units: Units, reason: string): void {
    const i = this._fills++;
    if (i === this._seq.length) this._growFills();
    const at = units.price(price);
    const quantity = units.quantity(lots);
    this._seq[i] = seq;
    this._ts[i] = ts;
    this._order[i] = order;
    this._sign[i] = buy ? 1 : -1;
    this._price[i] = at;
    this._quantity[i] = quantity;
    this._traded[i] = Math.abs(at * quantity);
    this._fee[i] = toMoney(fee);
    this._slippage[i] = toMoney(slippage);
    this._realised[i] = toMoney(realised);
    this._reasons.push(reason);
  }

  paid(seq: number, { ts, rate, lots, markPrice, amount }: FundingSettled): void {
    const i = this._payments++;
    if (i === this._paidSeq.length) this._growPayments();
    this._paidSeq[i] = seq;
    this._paidTs[i] = ts;
    this._rate[i] = rate;
    this._held[i] = lots;
    this._mark[i] = markPrice;
    this._received[i] = toMoney(amount);
  }

  fills(symbol: Symbol): Fill[] {
    return Array.from({ length: this._fills }, (_, i) => ({
      seq: this._seq[i]!,
      ts: this._ts[i]!,
      symbol,
      orderId: this._order[i] === 0 ? END_ORDER : orderName(this._order[i]!),
      side: this._sign[i]! > 0 ? 'buy' : 'sell',
      price: this._price[i]!,
      quantity: this._quantity[i]!,
      fee: this._fee[i]!,
      slippage: this._slippage[i]!,
      liquidity: 'taker',
      realised: this._realised[i]!,
      reason: this._reasons[i]!,
    }));
  }

  funding(symbol: Symbol, units: Units): FundingPayment[] {
    return Array.from({ length: this._payments }, (_, i) => ({
      seq: this._paidSeq[i]!,
      ts: this._paidTs[i]!,
      symbol,
      rate: this._rate[i]!,
      quantity: units.quantity(this._held[i]!),
      markPrice: this._mark[i]!,
      amount: this._received[i]!,
    }));
  }

  /** What metrics read of it: views, good until the record is used again. */
  outcome(inverse: boolean): OutcomeColumns {
    const ofFills = (column: Float64Array): Float64Array => column.subarray(0, this._fills);
    const ofPayments = (column: Float64Array): Float64Array => column.subarray(0, this._payments);
    const fees = ofFills(this._fee);
    const received = ofPayments(this._received);
    return {
      traded: ofFills(this._traded),
      fees,
      slippage: ofFills(this._slippage),
      received,
      ...plainTrips({
        inverse,
        seq: ofFills(this._seq),
        ts: ofFills(this._ts),
        signs: ofFills(this._sign),
        prices: ofFills(this._price),
        quantities: ofFills(this._quantity),
        fees,
        realised: ofFills(this._realised),
        paidSeq: ofPayments(this._paidSeq),
        paidTs: ofPayments(this._paidTs),
        received,
      }),
    };
  }

  private _growFills(): void {
    this._seq = grown(this._seq);
    this._ts = grown(this._ts);
    this._order = grown(this._order);
    this._sign = grown(this._sign);
    this._price = grown(this._price);
    this._quantity = grown(this._quantity);
    this._traded = grown(this._traded);
    this._fee = grown(this._fee);
    this._slippage = grown(this._slippage);
    this._realised = grown(this._realised);
  }

  private _growPayments(): void {
    this._paidSeq = grown(this._paidSeq);
    this._paidTs = grown(this._paidTs);
    this._rate = grown(this._rate);
    this._held = grown(this._held);
    this._mark = grown(this._mark);
    this._received = grown(this._received);
  }
}

/** The venue's order that closes what is open at the end of the data. */
export const END_ORDER = 'end-of-data-1';

/** Name of a run's order by its number. */
export const orderName = (order: number): string => `o${order}`;
