import { createHash, type Hash } from 'node:crypto';
import type { Fact } from '../events/fact.js';
import type { OrderRequested, PositionSide } from '../events/order.js';
import { AsciiText } from './ascii-text.js';

const SIZE = 1 << 16;

// Characters by their codes.
const NEWLINE = 10;
const COMMA = 44;
const APPROVED = 65;
const FILL = 70;
const PAYMENT = 80;
const TARGET = 84;
const ACCEPTED = 97;

/**
 * SHA-256 over what a run decided and what happened to it: intents, approvals and denials, orders, fills, funding, in order, numbers as shortest
 * round-trip decimals, without `seq`, ids, wall times or host. Two runs with one fingerprint made the same decisions and got the same fills.
 */
export class Fingerprint {
  private readonly _hash: Hash = createHash('sha256');
  private readonly _orders = new Map<string, number>();
  // Facts gather as bytes: many small updates of the hash, or one long string, cost several times as much.
  private readonly _text = new AsciiText(SIZE);

  add(fact: Fact): void {
    if (this._addUsual(fact)) return;
    const text = canonicalFact(fact, this._orders);
    if (text === null) return;
    // A UTF-16 unit takes at most three bytes.
    if (3 * text.length > this._text.left) this._flush();
    if (3 * text.length > SIZE) this._hash.update(text);
    else this._text.text(text);
  }

  /** The fingerprint so far, as 64 hex digits; more facts may follow. */
  digest(): string {
    this._flush();
    return this._hash.copy().digest('hex');
  }

  private _flush(): void {
    this._hash.update(this._text.take());
  }

  /** Facts of which a run has thousands, as `canonicalFact` says them but without a string in between; false for what it has to say itself. */
  private _addUsual(f: Fact): boolean {
    switch (f.type) {
      case 'FundingSettled':
        if (f.positionSide !== undefined || !this._begin(PAYMENT, f.ts, f.symbol)) return false;
        this._field(f.symbol);
        this._figure(f.rate);
        this._figure(f.lots);
        this._figure(f.markPrice);
        this._figure(f.amount);
        break;
      case 'TargetSet':
        if (!this._begin(TARGET, f.ts, f.symbol, f.reason)) return false;
        this._field(f.symbol);
        this._figure(f.exposure);
        this._field(f.reason);
        break;
      case 'OrderApproved': {
        const t = f.ticket;
        if (t.limit !== null || t.stop !== null || terms(t) !== '' || !this._begin(APPROVED, f.ts, t.symbol)) return false;
        this._orders.set(t.orderId, this._orders.size + 1);
        this._field(t.symbol);
        this._field(t.side);
        this._field(t.type);
        this._figure(t.lots);
        this._text.text(',null,null,');
        this._text.text(t.tif);
        this._field(t.postOnly ? 'true' : 'false');
        this._field(t.reduceOnly ? 'true' : 'false');
        break;
      }
      case 'OrderAccepted':
        if (!this._begin(ACCEPTED, f.ts, f.orderId)) return false;
        this._order(f.orderId);
        break;
      case 'OrderFilled':
        if (f.positionSide !== undefined || !this._begin(FILL, f.ts, f.symbol, f.orderId)) return false;
        this._order(f.orderId);
        this._field(f.symbol);
        this._field(f.side);
        this._figure(f.price);
        this._figure(f.lots);
        this._figure(f.fee);
        this._field(f.liquidity);
        this._figure(f.slippage);
        this._figure(f.realised);
        break;
      default:
        return false;
    }
    this._text.code(NEWLINE);
    return true;
  }

  /** The letter and the time of a fact with these strings; false when it is too long to be written here. */
  private _begin(letter: number, ts: number, first: string, second = ''): boolean {
    // All of its numbers, words and separators, and three bytes for each UTF-16 unit of what may be anything.
    const most = 512 + 3 * (first.length + second.length);
    if (most > SIZE) return false;
    if (most > this._text.left) this._flush();
    this._text.code(letter);
    this._text.number(ts);
    return true;
  }

  private _field(text: string): void {
    this._text.code(COMMA);
    this._text.text(text);
  }

  private _figure(x: number): void {
    this._text.code(COMMA);
    this._text.number(x);
  }

  private _order(id: string): void {
    const number = this._orders.get(id);
    if (number === undefined) this._field(id);
    else this._figure(number);
  }
}

const leg = ({ positionSide }: { readonly positionSide?: PositionSide | undefined }): string =>
  positionSide === undefined ? '' : `,leg=${positionSide}`;

/** What few orders have; nothing for the others, so that a fingerprint from before it stays as it is. */
const terms = ({
  goodTill,
  triggerBy,
  trail,
  closePosition,
  positionSide,
}: Pick<OrderRequested, 'goodTill' | 'triggerBy' | 'trail' | 'closePosition' | 'positionSide'>): string =>
  (goodTill === undefined ? '' : `,till=${goodTill}`) +
  (triggerBy === undefined ? '' : `,by=${triggerBy}`) +
  (trail === undefined ? '' : `,trail=${trail.bps}/${trail.distance}/${trail.activation}`) +
  (closePosition === undefined ? '' : ',close') +
  leg({ positionSide });

/**
 * One fact as the fingerprint sees it, or null for facts that do not count. `orders` numbers orders by approval as facts pass, so that an id's spelling does not matter: pass one map for one run.
 */
export const canonicalFact = (f: Fact, orders: Map<string, number>): string | null => {
  const order = (id: string): number | string => orders.get(id) ?? id;
  switch (f.type) {
    case 'TargetSet':
      return `T${f.ts},${f.symbol},${f.exposure},${f.reason}\n`;
    case 'OrderRequested':
      return `O${f.ts},${f.symbol},${f.side},${f.orderType},${f.quantity},${f.limit},${f.stop},${f.tif},${f.postOnly},${f.reduceOnly},${f.reason}${terms(f)}\n`;
    case 'CancelRequested':
      return `C${f.ts},${order(f.orderId)},${f.reason}\n`;
    case 'OrderApproved': {
      const t = f.ticket;
      orders.set(t.orderId, orders.size + 1);
      return `A${f.ts},${t.symbol},${t.side},${t.type},${t.lots},${t.limit},${t.stop},${t.tif},${t.postOnly},${t.reduceOnly}${terms(t)}\n`;
    }
    case 'IntentDenied':
      return `D${f.ts},${f.symbol},${f.code}\n`;
    case 'OrderAccepted':
      return `a${f.ts},${order(f.orderId)}\n`;
    case 'OrderRejected':
      return `r${f.ts},${order(f.orderId)},${f.code}\n`;
    case 'OrderTriggered':
      return `t${f.ts},${order(f.orderId)},${f.price}\n`;
    case 'OrderFilled':
      return `F${f.ts},${order(f.orderId)},${f.symbol},${f.side},${f.price},${f.lots},${f.fee},${f.liquidity},${f.slippage},${f.realised}${leg(f)}\n`;
    case 'OrderCancelled':
      return `c${f.ts},${order(f.orderId)},${f.code}\n`;
    case 'OrderExpired':
      return `e${f.ts},${order(f.orderId)},${f.code}\n`;
    case 'CancelRejected':
      return `x${f.ts},${order(f.orderId)},${f.code}\n`;
    case 'AmendRequested':
      return `B${f.ts},${order(f.orderId)},${f.lots},${f.limit},${f.stop},${f.reason}\n`;
    case 'OrderAmended':
      return `b${f.ts},${order(f.orderId)},${f.lots},${f.limit},${f.stop},${f.keepsPlace}\n`;
    case 'AmendRejected':
      return `y${f.ts},${order(f.orderId)},${f.code}\n`;
    case 'ExecutionRequested':
      return `E${f.ts},${f.execution},${f.symbol},${f.side},${f.quantity},${f.terms},${f.reason}\n`;
    case 'ExecutionClosed':
      return `f${f.ts},${f.symbol},${f.code},${f.filled}\n`;
    case 'PositionLiquidated':
      return `Q${f.ts},${f.symbol},${f.positionSide ?? ''},${f.before},${f.after},${f.markPrice},${f.bankruptcyPrice},${f.margin},${f.maintenance},${f.fee},${f.insurance}\n`;
    case 'FundingSettled':
      return `P${f.ts},${f.symbol},${f.rate},${f.lots},${f.markPrice},${f.amount}${leg(f)}\n`;
    case 'AccountLiquidated':
      return `L${f.ts},${f.equity},${f.maintenance}\n`;
    case 'RiskStateChanged':
      return `S${f.ts},${f.state},${f.code}\n`;
    case 'TrainingRequested':
      return `M${f.ts},${f.request},${f.models.join('+')},${f.from},${f.to},${f.rows},${f.activateAt},${f.trigger}\n`;
    case 'ModelActivated':
      return `m${f.ts},${f.request},${f.model},${f.checkpoint}\n`;
    case 'ModelLate':
      return `l${f.ts},${f.request},${f.model}\n`;
    case 'ModelExpired':
      return `X${f.ts},${f.model},${f.checkpoint}\n`;
    case 'CalibrationFitted':
      return `K${f.ts},${f.model},${f.kind},${f.samples},${f.state}\n`;
    case 'WeightsChanged':
      return `W${f.ts},${Object.entries(f.weights)
        .map(([model, weight]) => `${model}=${weight}`)
        .join(';')}\n`;
    case 'DriftChanged':
      return `d${f.ts},${f.subject},${f.detector},${f.level}\n`;
    case 'SizeScaled':
      return `z${f.ts},${f.factor},${f.code}\n`;
    case 'SignalGiven':
      return `s${f.ts},${f.symbol},${f.direction},${f.confidence},${f.riskScore},${f.horizon},${f.mean},${f.sd},${f.reason}\n`;
    case 'TradePlanned':
      return `p${f.ts},${f.symbol},${f.side},${f.entry},${f.stopLoss},${f.takeProfit},${f.quantity},${f.expiresAt}\n`;
    case 'PlanClosed':
      return `q${f.ts},${f.symbol},${f.code}\n`;
    case 'ExternalFilled':
      return `G${f.ts},${f.symbol},${f.side},${f.price},${f.lots},${f.fee},${f.realised},${f.cause}${leg(f)}\n`;
    case 'PositionAdopted':
      return `H${f.ts},${f.symbol},${f.before},${f.after},${f.price},${f.code}${leg(f)}\n`;
    case 'CashMoved':
      return `J${f.ts},${f.kind},${f.amount}\n`;
    case 'OrderSubmitted':
    case 'OrderUnknown':
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
    case 'NoteWritten':
    case 'RunStarted':
    case 'InputConsumed':
    case 'RunFinished':
      return null;
  }
};
