import { fundingPayment, roundHalfAway } from '../costs/funding.js';
import type { FundingSettled } from '../events/account.js';
import type { Ticket } from '../events/order.js';
import { settlementTexts, type SettlementTexts } from '../journal/settlement-texts.js';
import { TargetFingerprint } from '../journal/target-fingerprint.js';
import { toMoney, type Lots, type Ticks, type Units } from '../market/units.js';
import { Account } from '../portfolio/account.js';
import { feeBasis } from './fee-basis.js';
import { slippageAmount } from './matching/slippage-amount.js';
import { slippedPrice } from './matching/slipped-price.js';
import type { PlainBoard } from './plain-board.js';
import { PlainFacts } from './plain-facts.js';
import { END_ORDER } from './plain-record.js';
import type { PlainScratch } from './plain-scratch.js';
import type { PlainSetup } from './plain-terms.js';
import type { ExchangeRules } from './simulated-exchange.js';

/** When the strategy hears of what happens at a moment. Holds no more than that: facts live as long as their result, market data must not. */
const reportsAfter =
  ({ latency }: ExchangeRules): ((ts: number) => number) =>
  ts =>
    ts + latency.report(ts);

type Draft<F> = { -readonly [K in keyof F]: F[K] };

/** A market order, or the closing of a position at the end of the data, that is filled whole at one moment. */
interface PlainFill {
  /** By approval, from 1; 0 for the closing. */
  readonly order: number;
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
  readonly fingerprint: TargetFingerprint;
  /** The facts themselves, where they are wanted. */
  readonly facts: PlainFacts | null;
  /** Place of the next fact in the stream, market facts left out. */
  seq: number;
  /** Whether there is a payment that the strategy has not heard of yet. */
  isOwed = false;
  private readonly _s: PlainSetup;
  /** Null where no funding is settled. */
  private readonly _texts: SettlementTexts | null;
  /** Row of the payment that the strategy has not heard of. */
  private _owed = -1;
  private readonly _payment: Draft<FundingSettled>;
  constructor(
    setup: PlainSetup,
    private readonly _scratch: PlainScratch,
    private readonly _board: PlainBoard,
  ) {
    this._s = setup;
    const { strategy, config, instrument, inputs, data } = setup;
    this.fingerprint = new TargetFingerprint(instrument.symbol, _scratch.text);
    this._texts = data.funding && settlementTexts(data.funding.ts, instrument.symbol);
    this.account = new Account([instrument], config.capital);
    this.venue = new Account([instrument], config.capital);
    this.units = this.account.unitsAt(0);
    this.seq = 1 + inputs;
    const { symbol } = instrument;
    this.facts =
      setup.facts === undefined
        ? null
        : new PlainFacts({
            ...setup.facts,
            strategy: strategy.name,
            symbol,
            from: config.from,
            reportedAt: reportsAfter(setup.rules),
            account: this.account,
          });
    this._payment = {
      seq: -1,
      version: 1,
      ts: NaN,
      knownAt: NaN,
      account: 'backtest',
      strategy: strategy.name,
      correlationId: -1,
      causationId: -1,
      type: 'FundingSettled',
      symbol,
      rate: NaN,
      lots: NaN,
      markPrice: NaN,
      amount: NaN,
    };
  }

  /** When funding was last paid; NaN before the first time. */
  get lastPaid(): number {
    return this._payment.ts;
  }

  /** The venue settles funding on what is held, as a row of the data has it. */
  pay(row: number, ts: number, rate: number, markPrice: number): void {
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
    this._owed = row;
  }

  /** The strategy hears of the payment. */
  tellPayment(): void {
    const { _payment: payment, _texts: texts } = this;
    this.isOwed = false;
    this.account.pay(payment.amount);
    this.facts?.paid(payment);
    this.fingerprint.paid(texts as SettlementTexts, this._owed, payment);
    this._scratch.record.paid(this.seq++, payment);
  }

  /** The strategy has set a target. */
  aim(exposure: number, reason: string, ts: number): void {
    this.seq++;
    this.fingerprint.targeted(ts, exposure, reason);
  }

  /** A market order is approved and submitted. */
  approve({ side, lots, reduceOnly }: Ticket, ts: number): void {
    this.fingerprint.approved(ts, side === 'buy', lots, reduceOnly);
    this.seq += 2;
  }

  /** The venue takes an order of its own making. */
  acceptEnd(ts: number): void {
    this.facts?.accepted(ts);
    this.seq++;
    this.fingerprint.accepted(ts, END_ORDER);
  }

  /** Price that a taker gets, ticks. */
  taken(buy: boolean, marketPrice: number, basis: Parameters<PlainSetup['rules']['slippage']>[0]): Ticks {
    const slip = this._s.rules.slippage(basis) / this.units.tickSize;
    return slippedPrice(buy, marketPrice, slip);
  }

  /** Book a fill at the venue, and what the strategy hears of it: before its next bar in any case. */
  book({ order, buy, lots, price, marketPrice, ts, reason }: PlainFill): void {
    const { units: u, venue, account } = this;
    const { rules } = this._s;
    const fee = roundHalfAway(rules.fees(feeBasis(u, u.notional(price, lots), lots, 'taker', true, ts)));
    const signed = buy ? lots : -lots;
    const realised = venue.fill(0, price, signed, fee);
    account.fill(0, price, signed, fee);
    const slippage = slippageAmount(u, price, marketPrice, lots);
    const figures = { ts, order, buy, price, lots, fee, slippage, realised };
    this.facts?.filled(figures);
    this.fingerprint.filled(figures, order === 0 ? END_ORDER : null);
    this._scratch.record.filled(this.seq++, figures, u, reason);
  }

  /** Show the loop what the strategy knows of by now. */
  show(): void {
    const { account, units: u, _board: board } = this;
    const lots = account.lots[0] as Lots;
    board.cash = toMoney(account.cash);
    board.cost = toMoney(account.cost[0] as number);
    board.quantity = lots * u.quantity(1);
    board.isFlat = lots === 0;
  }
}
