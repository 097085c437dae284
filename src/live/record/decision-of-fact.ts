import type { Fact } from '../../events/fact.js';

/** What a strategy wanted, or what was made of it, in words. */
export interface RecordedDecision {
  readonly seq: number;
  readonly ts: number;
  readonly strategy: string;
  readonly kind: 'target' | 'order' | 'signal' | 'plan' | 'plan-closed' | 'cancel' | 'execution' | 'denied';
  readonly symbol: string | null;
  readonly text: string;
  readonly reason: string | null;
  /** Of a refusal, or how a plan ended. */
  readonly code: string | null;
  /** The fact without its envelope. */
  readonly detail: object;
}

const ENVELOPE: ReadonlySet<string> = new Set([
  'type',
  'seq',
  'version',
  'ts',
  'knownAt',
  'account',
  'strategy',
  'correlationId',
  'causationId',
]);

/** What a fact says, without its envelope. */
export const payloadOf = (fact: Fact): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fact).filter(([name]) => !ENVELOPE.has(name)));

const named = (reason: string): string | null => (reason === '' ? null : reason);
/** A quantity that a share of equity was divided into has seventeen digits, of which nobody reads more than eight. The fact itself has them all. */
const short = (x: number): number => Number(x.toPrecision(8));
const at = (label: string, price: number | null): string => (price === null ? '' : ` ${label} ${short(price)}`);

/** The decision that a fact is; null for one that is none. */
export const decisionOf = (fact: Fact): RecordedDecision | null => {
  const { seq, ts, strategy } = fact;
  const made = (
    kind: RecordedDecision['kind'],
    symbol: string,
    text: string,
    reason: string | null,
    code: string | null = null,
  ): RecordedDecision => ({
    seq,
    ts,
    strategy,
    kind,
    symbol: symbol === '' ? null : symbol,
    text,
    reason,
    code,
    detail: payloadOf(fact),
  });
  switch (fact.type) {
    case 'TargetSet':
      return made('target', fact.symbol, `target ${Number(fact.exposure.toPrecision(4))}`, named(fact.reason));
    case 'OrderRequested':
      return made(
        'order',
        fact.symbol,
        `${fact.side} ${short(fact.quantity)} ${fact.orderType}${at('at', fact.limit)}${at('stop', fact.stop)}${fact.reduceOnly ? ', reduce only' : ''}`,
        named(fact.reason),
      );
    case 'SignalGiven':
      return made(
        'signal',
        fact.symbol,
        `${fact.direction}, confidence ${fact.confidence.toFixed(2)}, horizon ${fact.horizon} bars`,
        named(fact.reason),
      );
    case 'TradePlanned':
      return made(
        'plan',
        fact.symbol,
        `${fact.side} ${short(fact.quantity)}: entry ${short(fact.entry)}, stop-loss ${short(fact.stopLoss)}, take-profit ${short(fact.takeProfit)}, reward to risk ${fact.rewardToRisk.toFixed(2)}`,
        null,
      );
    case 'PlanClosed':
      return made('plan-closed', fact.symbol, `plan ${fact.plan} ended: ${fact.code}`, null, fact.code);
    case 'CancelRequested':
      return made('cancel', fact.symbol, `cancel ${fact.orderId}`, named(fact.reason));
    case 'ExecutionRequested':
      return made('execution', fact.symbol, `${fact.execution}: ${fact.side} ${short(fact.quantity)}`, named(fact.reason));
    case 'IntentDenied':
      return made('denied', fact.symbol, fact.text, null, fact.code);
    default:
      return null;
  }
};
