import type { Fact } from '../events/fact.js';
import type { Instrument } from '../market/instrument.js';
import { toMoney } from '../market/units.js';
import { Account } from '../portfolio/account.js';
import type { Fill, FundingPayment, Liquidation } from '../portfolio/fill.js';
import { Ledger } from '../portfolio/ledger.js';

/**
 * The account, the ledger, the fills and the refusals of a run, as a fold of its facts and of nothing else. The engine folds while it runs; folding a journal
 * prefix gives the state that the run had there.
 */
export class RunFold {
  readonly account: Account;
  readonly ledger: Ledger;
  readonly fills: Fill[] = [];
  readonly funding: FundingPayment[] = [];
  readonly liquidations: Liquidation[] = [];
  /** Denials, rejections and expiries by code. */
  readonly refusals: Record<string, number> = {};
  private readonly _reasons = new Map<number, string>();
  private readonly _keepsLists: boolean;

  /**
   * `keepsLists`: false for a session, which may live for months: its journal has every fill already, so only the account and the balances are folded. `keepsPostings`: false also for one run of
   * many, of which nobody asks where each cent went.
   */
  constructor(
    instruments: readonly Instrument[],
    capital: number,
    {
      hedge = false,
      keepsLists = true,
      keepsPostings = keepsLists,
    }: { readonly hedge?: boolean; readonly keepsLists?: boolean; readonly keepsPostings?: boolean } = {},
  ) {
    this._keepsLists = keepsLists;
    this.ledger = new Ledger(keepsPostings);
    this.account = new Account(instruments, capital, { hedge });
    this.ledger.post(-1, NaN, null, 'capital', this.account.cash);
  }

  apply(fact: Fact): void {
    switch (fact.type) {
      case 'PositionLiquidated': {
        const u = this.account.unitsAt(this.account.indexOf(fact.symbol));
        this.account.pay(fact.insurance - fact.fee);
        this.ledger.post(fact.seq, fact.ts, fact.symbol, 'fees', -fact.fee);
        this.ledger.post(fact.seq, fact.ts, fact.symbol, 'insurance', fact.insurance);
        if (!this._keepsLists) return;
        this.liquidations.push({
          ts: fact.ts,
          symbol: fact.symbol,
          ...(fact.positionSide && { positionSide: fact.positionSide }),
          before: u.quantity(fact.before),
          after: u.quantity(fact.after),
          markPrice: fact.markPrice,
          bankruptcyPrice: fact.bankruptcyPrice,
          margin: toMoney(fact.margin),
          maintenance: toMoney(fact.maintenance),
          fee: toMoney(fact.fee),
          insurance: toMoney(fact.insurance),
        });
        return;
      }
      case 'TargetSet':
      case 'OrderRequested':
      case 'ExecutionRequested':
        if (this._keepsLists) this._reasons.set(fact.seq, fact.reason);
        return;
      case 'OrderFilled': {
        const i = this.account.indexOf(fact.symbol);
        const u = this.account.unitsAt(i);
        const realised = this.account.fill(
          this.account.slot(i, fact.positionSide),
          fact.price,
          fact.side === 'buy' ? fact.lots : -fact.lots,
          fact.fee,
        );
        this.ledger.post(fact.seq, fact.ts, fact.symbol, 'trading', realised);
        this.ledger.post(fact.seq, fact.ts, fact.symbol, 'fees', -fact.fee);
        if (!this._keepsLists) return;
        const fill: { -readonly [K in keyof Fill]: Fill[K] } = {
          seq: fact.seq,
          ts: fact.ts,
          symbol: fact.symbol,
          orderId: fact.orderId,
          side: fact.side,
          price: u.price(fact.price),
          quantity: u.quantity(fact.lots),
          fee: toMoney(fact.fee),
          slippage: toMoney(fact.slippage),
          liquidity: fact.liquidity,
          realised: toMoney(realised),
          reason: this._reasons.get(fact.correlationId) ?? fact.orderId.replace(/-\d+$/, ''),
        };
        if (fact.positionSide) fill.positionSide = fact.positionSide;
        this.fills.push(fill);
        return;
      }
      case 'FundingSettled': {
        const i = this.account.indexOf(fact.symbol);
        this.account.pay(fact.amount);
        this.ledger.post(fact.seq, fact.ts, fact.symbol, 'funding', fact.amount);
        if (!this._keepsLists) return;
        const payment: { -readonly [K in keyof FundingPayment]: FundingPayment[K] } = {
          seq: fact.seq,
          ts: fact.ts,
          symbol: fact.symbol,
          rate: fact.rate,
          quantity: this.account.unitsAt(i).quantity(fact.lots),
          markPrice: fact.markPrice,
          amount: toMoney(fact.amount),
        };
        if (fact.positionSide) payment.positionSide = fact.positionSide;
        this.funding.push(payment);
        return;
      }
      case 'ExternalFilled':
      case 'PositionAdopted': {
        const i = this.account.indexOf(fact.symbol);
        const slot = this.account.slot(i, fact.positionSide);
        const isFill = fact.type === 'ExternalFilled';
        const lots = isFill ? (fact.side === 'buy' ? fact.lots : -fact.lots) : fact.after - fact.before;
        const fee = isFill ? fact.fee : 0;
        if (lots === 0) return;
        const realised = this.account.fill(slot, fact.price, lots, fee);
        this.ledger.post(fact.seq, fact.ts, fact.symbol, 'trading', realised);
        this.ledger.post(fact.seq, fact.ts, fact.symbol, 'fees', -fee);
        if (!this._keepsLists) return;
        const u = this.account.unitsAt(i);
        this.fills.push({
          seq: fact.seq,
          ts: fact.ts,
          symbol: fact.symbol,
          orderId: isFill ? `${fact.cause}-${fact.execution}` : `adopted-${fact.seq}`,
          side: lots > 0 ? 'buy' : 'sell',
          price: u.price(fact.price),
          quantity: u.quantity(Math.abs(lots)),
          fee: toMoney(fee),
          slippage: 0,
          liquidity: 'taker',
          realised: toMoney(realised),
          reason: isFill ? fact.cause : fact.code,
          ...(fact.positionSide && { positionSide: fact.positionSide }),
        });
        return;
      }
      case 'CashMoved':
        this.account.pay(fact.amount);
        this.ledger.post(fact.seq, fact.ts, null, 'transfers', fact.amount);
        return;
      case 'IntentDenied':
      case 'OrderRejected':
      case 'OrderExpired':
        this.refusals[fact.code] = (this.refusals[fact.code] ?? 0) + 1;
        return;
      case 'CancelRequested':
      case 'OrderApproved':
      case 'OrderSubmitted':
      case 'OrderAccepted':
      case 'OrderUnknown':
      case 'OrderTriggered':
      case 'OrderCancelled':
      case 'CancelRejected':
      case 'AmendRequested':
      case 'OrderAmended':
      case 'AmendRejected':
      case 'ExecutionClosed':
      case 'AccountLiquidated':
      case 'RiskStateChanged':
      case 'TrainingRequested':
      case 'ModelActivated':
      case 'ModelLate':
      case 'ModelExpired':
      case 'CalibrationFitted':
      case 'WeightsChanged':
      case 'DriftChanged':
      case 'SizeScaled':
      case 'SignalGiven':
      case 'TradePlanned':
      case 'PlanClosed':
      case 'RunStarted':
      case 'InputConsumed':
      case 'NoteWritten':
      case 'RunFinished':
      case 'RiskRemembered':
      case 'SessionStarted':
      case 'SessionStopped':
      case 'ConnectionChanged':
      case 'GapFound':
      case 'DataQuarantined':
      case 'Reconciled':
      case 'AlarmRaised':
      case 'AlarmCleared':
      case 'OperatorCommanded':
      case 'SettingChanged':
        return;
    }
  }
}
