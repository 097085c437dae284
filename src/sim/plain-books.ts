import { fundingPayment, roundHalfAway } from '../costs/funding.js';
import type { FundingSettled } from '../events/account.js';
import type { OrderApproved, OrderFilled, TargetSet, Ticket } from '../events/order.js';
import { marketTicket } from '../execution/market-ticket.js';
import { Fingerprint } from '../journal/fingerprint.js';
import { toMoney, type Lots, type Ticks, type Units } from '../market/units.js';
import { Account } from '../portfolio/account.js';
import type { Fill, FundingPayment } from '../portfolio/fill.js';
import { feeBasis } from './fee-basis.js';
import { slippageAmount } from './matching/slippage-amount.js';
import { slippedPrice } from './matching/slipped-price.js';
import type { PlainSetup } from './plain-terms.js';

type Draft<F> = { -readonly [K in keyof F]: F[K] };

/** A market order, or the closing of a position at the end of the data, that is filled whole at one moment. */
interface PlainFill {
  readonly orderId: string;
  readonly buy: boolean;
  readonly lots: Lots;
  readonly price: Ticks;
  /** The market's price then, ticks. */
  readonly marketPrice: number;
  readonly ts: number;
  readonly reason: string;
}

/** The two accounts of a plain run, the venue's and the strategy's, and the stream of facts as far as a result tells of it. */
export class PlainBooks {
  /** What the strategy knows of, and the venue's books, which are ahead of it by the answers on their way. */
  readonly account: Account;
  readonly venue: Account;
  readonly units: Units;
  readonly fingerprint = new Fingerprint();
  readonly fills: Fill[] = [];
  readonly funding: FundingPayment[] = [];
  /** Place of the next fact in the stream, market facts left out. */
  seq: number;
  /** Whether there is a payment that the strategy has not heard of yet. */
  isOwed = false;
  private readonly _s: PlainSetup;
  private readonly _payment: Draft<FundingSettled>;
  /** Facts that only the fingerprint looks at, written anew each time: nothing is kept of them, and making one costs more than everything else about an order. */
  private readonly _target: Draft<TargetSet>;
  private readonly _approved: Draft<OrderApproved>;
  private readonly _filled: Draft<OrderFilled>;

  constructor(setup: PlainSetup) {
    this._s = setup;
    const { strategy, config, instrument, inputs } = setup;
    this.account = new Account([instrument], config.capital);
    this.venue = new Account([instrument], config.capital);
    this.units = this.account.unitsAt(0);
    this.seq = 1 + inputs;
    const { symbol } = instrument;
    const envelope = {
      seq: -1,
      version: 1,
      ts: NaN,
      knownAt: NaN,
      account: 'backtest',
      strategy: strategy.name,
      correlationId: -1,
      causationId: -1,
    };
    this._payment = { ...envelope, type: 'FundingSettled', symbol, rate: NaN, lots: NaN, markPrice: NaN, amount: NaN };
    this._target = { ...envelope, type: 'TargetSet', symbol, exposure: NaN, reason: '' };
    this._approved = { ...envelope, type: 'OrderApproved', ticket: marketTicket('', symbol, 'buy', 0) };
    this._filled = {
      ...envelope,
      type: 'OrderFilled',
      orderId: '',
      symbol,
      side: 'buy',
      price: NaN,
      lots: NaN,
      fee: NaN,
      liquidity: 'taker',
      slippage: NaN,
      realised: NaN,
    };
  }

  /** When funding was last paid; NaN before the first time. */
  get lastPaid(): number {
    return this._payment.ts;
  }

  /** The venue settles funding on what is held. */
  pay(ts: number, rate: number, markPrice: number): void {
    const { units: u, venue, _payment: payment } = this;
    const lots = venue.lots[0] as Lots;
    const amount = fundingPayment(roundHalfAway(u.notionalOf(u.quantity(lots), markPrice) * 1e8), rate);
    venue.pay(amount);
    payment.ts = ts;
    payment.rate = rate;
    payment.lots = lots;
    payment.markPrice = markPrice;
    payment.amount = amount;
    this.isOwed = true;
  }

  /** The strategy hears of the payment. */
  tellPayment(): void {
    const { units: u, _payment: payment } = this;
    const { ts, symbol, rate, lots, markPrice, amount } = payment;
    this.isOwed = false;
    this.account.pay(amount);
    this.fingerprint.add(payment);
    this.funding.push({ seq: this.seq++, ts, symbol, rate, quantity: u.quantity(lots), markPrice, amount: toMoney(amount) });
  }

  /** The strategy has set a target. */
  aim(exposure: number, reason: string, ts: number): void {
    const { _target: target } = this;
    this.seq++;
    target.ts = ts;
    target.exposure = exposure;
    target.reason = reason;
    this.fingerprint.add(target);
  }

  /** An order is approved and submitted. */
  approve(ticket: Ticket, ts: number): void {
    const { _approved: approved } = this;
    approved.ts = ts;
    approved.ticket = ticket;
    this.fingerprint.add(approved);
    this.seq += 2;
  }

  /** The venue takes an order of its own making. */
  accept(orderId: string, ts: number): void {
    this.seq++;
    this.fingerprint.add({ ...this._target, ts, type: 'OrderAccepted', orderId, symbol: this._s.instrument.symbol });
  }

  /** Price that a taker gets, ticks. */
  taken(buy: boolean, marketPrice: number, basis: Parameters<PlainSetup['rules']['slippage']>[0]): Ticks {
    const slip = this._s.rules.slippage(basis) / this.units.tickSize;
    return slippedPrice(buy, marketPrice, slip);
  }

  /** Book a fill at the venue, and what the strategy hears of it: before its next bar in any case. */
  book({ orderId, buy, lots, price, marketPrice, ts, reason }: PlainFill): void {
    const { units: u, venue, account, _filled: filled } = this;
    const { rules, instrument } = this._s;
    const { symbol } = instrument;
    const fee = roundHalfAway(rules.fees(feeBasis(u, u.notional(price, lots), lots, 'taker', true, ts)));
    const signed = buy ? lots : -lots;
    const realised = venue.fill(0, price, signed, fee);
    account.fill(0, price, signed, fee);
    const slippage = slippageAmount(u, price, marketPrice, lots);
    const side = buy ? 'buy' : 'sell';
    filled.ts = ts;
    filled.orderId = orderId;
    filled.side = side;
    filled.price = price;
    filled.lots = lots;
    filled.fee = fee;
    filled.slippage = slippage;
    filled.realised = realised;
    this.fingerprint.add(filled);
    this.fills.push({
      seq: this.seq++,
      ts,
      symbol,
      orderId,
      side,
      price: u.price(price),
      quantity: u.quantity(lots),
      fee: toMoney(fee),
      slippage: toMoney(slippage),
      liquidity: 'taker',
      realised: toMoney(realised),
      reason,
    });
  }
}
