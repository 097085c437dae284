import { createHash, type Hash } from 'node:crypto';
import type { Fact } from '../events/fact.js';
import type { OrderRequested, PositionSide } from '../events/order.js';

const SIZE = 1 << 16;

/**
 * SHA-256 over what a run decided and what happened to it: intents, approvals and denials, orders, fills, funding, in order, numbers as shortest
 * round-trip decimals, without `seq`, ids, wall times or host. Two runs with one fingerprint made the same decisions and got the same fills.
 */
export class Fingerprint {
  private readonly _hash: Hash = createHash('sha256');
  private readonly _orders = new Map<string, number>();
  // Facts gather as bytes: many small updates of the hash, or one long string, cost several times as much.
  private readonly _bytes = Buffer.allocUnsafe(SIZE);
  private _used = 0;

  add(fact: Fact): void {
    const text = canonicalFact(fact, this._orders);
    if (text === null) return;
    // A UTF-16 unit takes at most three bytes.
    if (this._used + 3 * text.length > SIZE) this._flush();
    if (3 * text.length > SIZE) this._hash.update(text);
    else this._used += this._bytes.write(text, this._used);
  }

  /** The fingerprint so far, as 64 hex digits; more facts may follow. */
  digest(): string {
    this._flush();
    return this._hash.copy().digest('hex');
  }

  private _flush(): void {
    this._hash.update(this._bytes.subarray(0, this._used));
    this._used = 0;
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
